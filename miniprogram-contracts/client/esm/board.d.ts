import type { Answer, Body, Schema } from "../../types/index.js";
import type { OwnerPay } from "./client.js";
import { Pages } from "./pages.js";
import type { Tap } from "./taps.js";
import type { WxFiles, WxPictures } from "./wx.js";
/** The board of the community, as one house sees it. */
export declare class Board {
    private readonly api;
    private readonly houseId;
    constructor(api: OwnerPay, houseId: string);
    private get path();
    /** The notice board; the first page carries the pinned ones too, each page how many are unread. */
    notices(): Pages<Schema<"NoticeItem">, Answer<"listNotices">>;
    /** @param notice its id, as in lists and messages, or the `scene` of a poster's code */
    notice(notice: string): Promise<Answer<"showNotice">>;
    readNotice(notice: string): Promise<void>;
    /** Shows an attachment: a PDF in WeChat's viewer, a picture over the whole screen. */
    openNoticeFile(wx: WxFiles & WxPictures, notice: string, file: Schema<"NoticeFileItem">): Promise<void>;
    /** Events to come, and those of the last 30 days. */
    events(): Promise<Schema<"OwnerEvent">[]>;
    event(eventId: string): Promise<Answer<"showEvent">>;
    /** @param places how many people of the house come */
    signUp(eventId: string, places: number, tap: Tap): Promise<Answer<"signUpForEvent">>;
    cancelSignUp(eventId: string, signUpId: string, tap: Tap): Promise<void>;
    surveys(): Promise<Schema<"SurveyShown">[]>;
    answerSurvey(surveyId: string, answers: Body<"answerSurvey">["answers"], tap: Tap): Promise<Answer<"answerSurvey">>;
    modelPayerLists(): Promise<Schema<"ModelListShown">[]>;
    /** Agrees to be shown, in the way chosen; again with another choice changes it. Show `consentText` before the tap. */
    consentToBeShown(listId: string, how: Body<"consentToBeShown">, tap: Tap): Promise<Answer<"consentToBeShown">>;
    /** Takes the consent back, with effect at once. */
    withdrawConsent(listId: string, tap: Tap): Promise<void>;
}
