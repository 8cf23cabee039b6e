import { Board } from "./board.js";
import { isProblem } from "./errors.js";
import { Pages } from "./pages.js";
import { settled } from "./settled.js";
/** One house, as one of its owners sees it. */
export class House {
    constructor(api, id) {
        this.api = api;
        this.id = id;
    }
    get path() {
        return { houseId: this.id };
    }
    home() {
        return this.api.call("showHome", { path: this.path });
    }
    /** @param state `open` (what is to pay) or `all`. */
    bills(state = "open") {
        return new Pages((cursor) => this.api.call("listBills", { path: this.path, query: { state, cursor } }));
    }
    bill(billId) {
        return this.api.call("showBill", { path: { ...this.path, billId } });
    }
    /** Says that a bill is wrong: its late fee stands still until the company has answered. */
    dispute(billId, reason, tap) {
        return this.api.call("openDispute", { path: { ...this.path, billId }, body: { reason }, tap });
    }
    disputes() {
        return new Pages((cursor) => this.api.call("listMyDisputes", { path: this.path, query: { cursor } }));
    }
    async withdrawDispute(disputeId, tap) {
        await this.api.call("withdrawDispute", { path: { ...this.path, id: disputeId }, tap });
    }
    /** Bills whose due date was put off. */
    deferrals() {
        return this.api.call("listMyDeferrals", { path: this.path });
    }
    /** Instalment plans with the next part to pay. */
    instalmentPlans() {
        return this.api.call("listMyInstalmentPlans", { path: this.path });
    }
    /** What these bills cost now, with every discount explained. Nothing is promised or kept. */
    quote(billIds, how = {}) {
        return this.api.call("quoteBills", { path: this.path, body: { billIds, ...how } });
    }
    /** The same as one price for each merchant account: each is an order of its own, paid one after another. */
    quoteByMerchant(billIds, how = {}) {
        return this.api.call("quoteBillsByMerchant", { path: this.path, body: { billIds, ...how } });
    }
    /** Makes the order, at the price of the quote that the owner saw. `payParameters` go to `wx.requestPayment`; they are null when nothing is to pay. */
    checkout(chosen, tap) {
        return this.api.call("startCheckout", { path: this.path, body: chosen, tap });
    }
    payments() {
        return new Pages((cursor) => this.api.call("listPayments", { path: this.path, query: { cursor } }));
    }
    /** The order as it stands; while it is open the service asks WeChat. */
    payment(orderId) {
        return this.api.call("showPayment", { path: { ...this.path, orderId } });
    }
    /**
     * Looks until the order is paid or closed, or the time is over; WeChat's own "success" proves nothing. A network that is away does not end the
     * wait, only its end does.
     * @returns The order as last seen: `created` or `placed` means "not known yet, do not pay again".
     */
    settled(orderId, seconds = 30) {
        return settled(() => this.payment(orderId), seconds);
    }
    /** A link by which anybody can pay these bills, to share. Its characters are told this once. */
    sharePayLink(billIds) {
        return this.api.call("sharePayLink", { path: this.path, body: { billIds } });
    }
    async payLinks() {
        return (await this.api.call("listPayLinks", { path: this.path })).items;
    }
    async revokePayLink(linkId) {
        await this.api.call("revokePayLink", { path: { ...this.path, linkId } });
    }
    /** Prepaid money: the balance, what moved it, and whether next bills use it up. */
    prepaid() {
        return this.api.call("showPrepaid", { path: this.path });
    }
    async setPrepaidUse(usedOnIssue) {
        await this.api.call("setPrepaidUse", { path: this.path, body: { usedOnIssue } });
    }
    /** An order whose money goes to the prepaid balance; it is paid like any other. */
    topUp(amountFen, tap) {
        return this.api.call("startTopUp", { path: this.path, body: { amountFen }, tap });
    }
    /** Issues the bills of months to come up to a day's month, to pay them in advance. Repeating it bills nothing twice. */
    issueMonthsAhead(until, tap) {
        return this.api.call("issueMonthsAhead", { path: this.path, body: { until }, tap });
    }
    async coupons() {
        return (await this.api.call("listCoupons", { path: this.path })).items;
    }
    /** Makes a coupon one's own, by the code on it or by that of an offer which hands them out. */
    claimCoupon(code, tap) {
        return this.api.call("claimCoupon", { path: this.path, body: { code }, tap });
    }
    /** What payments earned beside their price, and whether it was handed out. */
    async gifts() {
        return (await this.api.call("listGifts", { path: this.path })).items;
    }
    receipt(orderId) {
        return this.api.call("showReceipt", { path: { ...this.path, orderId } });
    }
    /** Shows the receipt as PDF. It can be had once its number is given: `numbered` of {@link receipt}. */
    openReceipt(wx, orderId) {
        return this.api.open(wx, "downloadReceipt", { path: { ...this.path, orderId } });
    }
    /** Shows the statement (交费通知单) of all that is open as PDF. */
    openStatement(wx) {
        return this.api.open(wx, "downloadStatement", { path: this.path });
    }
    /** Asks for an e-invoice over what was paid; the same wish again gives the request that there is. */
    requestInvoice(orderId, to, tap) {
        return this.api.call("requestInvoice", { path: { ...this.path, orderId }, body: to, tap });
    }
    /** The last invoice asked for; undefined where none was. */
    async invoice(orderId) {
        try {
            return await this.api.call("showInvoice", { path: { ...this.path, orderId } });
        }
        catch (error) {
            if (isProblem(error, "invoice_not_found"))
                return undefined;
            throw error;
        }
    }
    /** The movements; each page carries the balance and the lots too. */
    points() {
        return new Pages((cursor) => this.api.call("showPoints", { path: this.path, query: { cursor } }));
    }
    /** Each lot that was ever earned, with its expiry and what became of it. */
    pointsLots() {
        return new Pages((cursor) => this.api.call("listPointsLots", { path: this.path, query: { cursor } }));
    }
    /** Years in a row with everything paid in time, and what they make a yuan earn. */
    streak() {
        return this.api.call("showStreak", { path: this.path });
    }
    rewards() {
        return this.api.call("listRewards", { path: this.path });
    }
    /** @param from First day of a parking right (`2026-12-31`); left out for everything else. */
    redeem(rewardId, tap, from) {
        return this.api.call("redeemReward", { path: this.path, body: from === undefined ? { rewardId } : { rewardId, from }, tap });
    }
    redemptions() {
        return new Pages((cursor) => this.api.call("listRedemptions", { path: this.path, query: { cursor } }));
    }
    cancelRedemption(redemptionId, tap) {
        return this.api.call("cancelRedemption", { path: { ...this.path, redemptionId }, tap });
    }
    /**
     * The QR code to show at the counter, as a path for an image element.
     * @param id of a reserved redemption, or of a prize that waits (`winId`)
     */
    pickUpCode(wx, id) {
        return this.api.download(wx, "showPickUpCode", { path: { ...this.path, redemptionId: id } });
    }
    /** Draws that are published, the newest first, with one's own tickets and prizes. */
    async draws() {
        return (await this.api.call("listDraws", { path: this.path })).items;
    }
    /** Takes tickets for points. */
    takeTickets(drawId, count, tap) {
        return this.api.call("takeDrawTickets", { path: { ...this.path, drawId }, body: { count }, tap });
    }
    /** What the company and the neighbours tell each other: notices, events, surveys, model payers. */
    get board() {
        return new Board(this.api, this.id);
    }
    messages() {
        return new Pages((cursor) => this.api.call("listMessages", { path: this.path, query: { cursor } }));
    }
    async readMessage(messageId) {
        await this.api.call("readMessage", { path: { ...this.path, messageId } });
    }
    /** The owner says that he has taken note, which is more than that he opened it. */
    async acknowledgeMessage(messageId) {
        await this.api.call("acknowledgeMessage", { path: { ...this.path, messageId } });
    }
    /** Whether text messages and promotions may come, and the email address. */
    contact() {
        return this.api.call("showContact", { path: this.path });
    }
    setContact(wish) {
        return this.api.call("setContact", { path: this.path, body: wish });
    }
    /** Sends a code to the address, which counts once it is confirmed. */
    setEmail(email) {
        return this.api.call("setEmail", { path: this.path, body: { email } });
    }
    confirmEmail(code) {
        return this.api.call("confirmEmail", { path: this.path, body: { code } });
    }
    removeEmail() {
        return this.api.call("removeEmail", { path: this.path });
    }
    /** Which templates to ask for, and for which kind of message. Load it before the tap: WeChat's dialog opens only in answer to one. */
    async templates() {
        return (await this.api.call("listTemplatesToAsk", { path: this.path })).templates;
    }
}
