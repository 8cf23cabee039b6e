import type { Answer, Body, Schema } from "../../types/index.js";
import type { OwnerPay } from "./client.js";
import { TroubleError } from "./errors.js";
import { Pages } from "./pages.js";
import type { Tap } from "./taps.js";
import type { WxFiles, WxPictures } from "./wx.js";

/** The board of the community, as one house sees it. */
export class Board {
  constructor(private readonly api: OwnerPay, private readonly houseId: string) { }

  private get path(): { houseId: string } {
    return { houseId: this.houseId };
  }

  /** The notice board; the first page carries the pinned ones too, each page how many are unread. */
  notices(): Pages<Schema<"NoticeItem">, Answer<"listNotices">> {
    return new Pages((cursor) => this.api.call("listNotices", { path: this.path, query: { cursor } }));
  }

  /** @param notice its id, as in lists and messages, or the `scene` of a poster's code */
  notice(notice: string): Promise<Answer<"showNotice">> {
    return this.api.call("showNotice", { path: { ...this.path, notice } });
  }

  async readNotice(notice: string): Promise<void> {
    await this.api.call("readNotice", { path: { ...this.path, notice } });
  }

  /** Shows an attachment: a PDF in WeChat's viewer, a picture over the whole screen. */
  async openNoticeFile(wx: WxFiles & WxPictures, notice: string, file: Schema<"NoticeFileItem">): Promise<void> {
    const input = { path: { ...this.path, notice, fileId: file.fileId } };
    if (file.mediaType === "application/pdf") return this.api.open(wx, "downloadMyNoticeFile", input);
    const picture = await this.api.download(wx, "downloadMyNoticeFile", input);
    return new Promise((resolve, reject) => wx.previewImage({
      urls: [picture], success: resolve, fail: (failure) => reject(new TroubleError("downloadMyNoticeFile", "answer", failure.errMsg)),
    }));
  }

  /** Events to come, and those of the last 30 days. */
  async events(): Promise<Schema<"OwnerEvent">[]> {
    return (await this.api.call("listEvents", { path: this.path })).items;
  }

  event(eventId: string): Promise<Answer<"showEvent">> {
    return this.api.call("showEvent", { path: { ...this.path, eventId } });
  }

  /** @param places how many people of the house come */
  signUp(eventId: string, places: number, tap: Tap): Promise<Answer<"signUpForEvent">> {
    return this.api.call("signUpForEvent", { path: { ...this.path, eventId }, body: { places }, tap });
  }

  async cancelSignUp(eventId: string, signUpId: string, tap: Tap): Promise<void> {
    await this.api.call("cancelSignUp", { path: { ...this.path, eventId, signUpId }, tap });
  }

  async surveys(): Promise<Schema<"SurveyShown">[]> {
    return (await this.api.call("listSurveys", { path: this.path })).items;
  }

  answerSurvey(surveyId: string, answers: Body<"answerSurvey">["answers"], tap: Tap): Promise<Answer<"answerSurvey">> {
    return this.api.call("answerSurvey", { path: { ...this.path, surveyId }, body: { answers }, tap });
  }

  async modelPayerLists(): Promise<Schema<"ModelListShown">[]> {
    return (await this.api.call("listModelPayerLists", { path: this.path })).items;
  }

  /** Agrees to be shown, in the way chosen; again with another choice changes it. Show `consentText` before the tap. */
  consentToBeShown(listId: string, how: Body<"consentToBeShown">, tap: Tap): Promise<Answer<"consentToBeShown">> {
    return this.api.call("consentToBeShown", { path: { ...this.path, listId }, body: how, tap });
  }

  /** Takes the consent back, with effect at once. */
  async withdrawConsent(listId: string, tap: Tap): Promise<void> {
    await this.api.call("withdrawConsent", { path: { ...this.path, listId }, tap });
  }
}
