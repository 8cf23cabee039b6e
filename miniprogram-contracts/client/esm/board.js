import { TroubleError } from "./errors.js";
import { Pages } from "./pages.js";
/** The board of the community, as one house sees it. */
export class Board {
    constructor(api, houseId) {
        this.api = api;
        this.houseId = houseId;
    }
    get path() {
        return { houseId: this.houseId };
    }
    /** The notice board; the first page carries the pinned ones too, each page how many are unread. */
    notices() {
        return new Pages((cursor) => this.api.call("listNotices", { path: this.path, query: { cursor } }));
    }
    /** @param notice its id, as in lists and messages, or the `scene` of a poster's code */
    notice(notice) {
        return this.api.call("showNotice", { path: { ...this.path, notice } });
    }
    async readNotice(notice) {
        await this.api.call("readNotice", { path: { ...this.path, notice } });
    }
    /** Shows an attachment: a PDF in WeChat's viewer, a picture over the whole screen. */
    async openNoticeFile(wx, notice, file) {
        const input = { path: { ...this.path, notice, fileId: file.fileId } };
        if (file.mediaType === "application/pdf")
            return this.api.open(wx, "downloadMyNoticeFile", input);
        const picture = await this.api.download(wx, "downloadMyNoticeFile", input);
        return new Promise((resolve, reject) => wx.previewImage({
            urls: [picture], success: resolve, fail: (failure) => reject(new TroubleError("downloadMyNoticeFile", "answer", failure.errMsg)),
        }));
    }
    /** Events to come, and those of the last 30 days. */
    async events() {
        return (await this.api.call("listEvents", { path: this.path })).items;
    }
    event(eventId) {
        return this.api.call("showEvent", { path: { ...this.path, eventId } });
    }
    /** @param places how many people of the house come */
    signUp(eventId, places, tap) {
        return this.api.call("signUpForEvent", { path: { ...this.path, eventId }, body: { places }, tap });
    }
    async cancelSignUp(eventId, signUpId, tap) {
        await this.api.call("cancelSignUp", { path: { ...this.path, eventId, signUpId }, tap });
    }
    async surveys() {
        return (await this.api.call("listSurveys", { path: this.path })).items;
    }
    answerSurvey(surveyId, answers, tap) {
        return this.api.call("answerSurvey", { path: { ...this.path, surveyId }, body: { answers }, tap });
    }
    async modelPayerLists() {
        return (await this.api.call("listModelPayerLists", { path: this.path })).items;
    }
    /** Agrees to be shown, in the way chosen; again with another choice changes it. Show `consentText` before the tap. */
    consentToBeShown(listId, how, tap) {
        return this.api.call("consentToBeShown", { path: { ...this.path, listId }, body: how, tap });
    }
    /** Takes the consent back, with effect at once. */
    async withdrawConsent(listId, tap) {
        await this.api.call("withdrawConsent", { path: { ...this.path, listId }, tap });
    }
}
