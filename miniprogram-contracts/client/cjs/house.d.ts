import type { Answer, Body, Schema } from "../../types/index.js";
import { Board } from "./board.js";
import type { OwnerPay } from "./client.js";
import { Pages } from "./pages.js";
import type { Tap } from "./taps.js";
import type { WxFiles } from "./wx.js";
/** One house, as one of its owners sees it. */
export declare class House {
    private readonly api;
    readonly id: string;
    constructor(api: OwnerPay, id: string);
    private get path();
    home(): Promise<Answer<"showHome">>;
    /** @param state `open` (what is to pay) or `all`. */
    bills(state?: "open" | "all"): Pages<Schema<"BillListItem">>;
    bill(billId: string): Promise<Answer<"showBill">>;
    /** Says that a bill is wrong: its late fee stands still until the company has answered. */
    dispute(billId: string, reason: string, tap: Tap): Promise<Answer<"openDispute">>;
    disputes(): Pages<Schema<"DisputeView">>;
    withdrawDispute(disputeId: string, tap: Tap): Promise<void>;
    /** Bills whose due date was put off. */
    deferrals(): Promise<Answer<"listMyDeferrals">>;
    /** Instalment plans with the next part to pay. */
    instalmentPlans(): Promise<Answer<"listMyInstalmentPlans">>;
    /** What these bills cost now, with every discount explained. Nothing is promised or kept. */
    quote(billIds: string[], how?: Omit<Body<"quoteBills">, "billIds">): Promise<Answer<"quoteBills">>;
    /** The same as one price for each merchant account: each is an order of its own, paid one after another. */
    quoteByMerchant(billIds: string[], how?: Omit<Body<"quoteBillsByMerchant">, "billIds">): Promise<Answer<"quoteBillsByMerchant">>;
    /** Makes the order, at the price of the quote that the owner saw. `payParameters` go to `wx.requestPayment`; they are null when nothing is to pay. */
    checkout(chosen: Body<"startCheckout">, tap: Tap): Promise<Answer<"startCheckout">>;
    payments(): Pages<Schema<"OrderListItem">>;
    /** The order as it stands; while it is open the service asks WeChat. */
    payment(orderId: string): Promise<Answer<"showPayment">>;
    /**
     * Looks until the order is paid or closed, or the time is over; WeChat's own "success" proves nothing. A network that is away does not end the
     * wait, only its end does.
     * @returns The order as last seen: `created` or `placed` means "not known yet, do not pay again".
     */
    settled(orderId: string, seconds?: number): Promise<Answer<"showPayment">>;
    /** A link by which anybody can pay these bills, to share. Its characters are told this once. */
    sharePayLink(billIds: string[]): Promise<Answer<"sharePayLink">>;
    payLinks(): Promise<Schema<"PayLinkListed">[]>;
    revokePayLink(linkId: string): Promise<void>;
    /** Prepaid money: the balance, what moved it, and whether next bills use it up. */
    prepaid(): Promise<Answer<"showPrepaid">>;
    setPrepaidUse(usedOnIssue: boolean): Promise<void>;
    /** An order whose money goes to the prepaid balance; it is paid like any other. */
    topUp(amountFen: number, tap: Tap): Promise<Answer<"startTopUp">>;
    /** Issues the bills of months to come up to a day's month, to pay them in advance. Repeating it bills nothing twice. */
    issueMonthsAhead(until: string, tap: Tap): Promise<Answer<"issueMonthsAhead">>;
    coupons(): Promise<Schema<"MyCoupon">[]>;
    /** Makes a coupon one's own, by the code on it or by that of an offer which hands them out. */
    claimCoupon(code: string, tap: Tap): Promise<Answer<"claimCoupon">>;
    /** What payments earned beside their price, and whether it was handed out. */
    gifts(): Promise<Schema<"GiftShown">[]>;
    receipt(orderId: string): Promise<Answer<"showReceipt">>;
    /** Shows the receipt as PDF. It can be had once its number is given: `numbered` of {@link receipt}. */
    openReceipt(wx: WxFiles, orderId: string): Promise<void>;
    /** Shows the statement (交费通知单) of all that is open as PDF. */
    openStatement(wx: WxFiles): Promise<void>;
    /** Asks for an e-invoice over what was paid; the same wish again gives the request that there is. */
    requestInvoice(orderId: string, to: Body<"requestInvoice">, tap: Tap): Promise<Answer<"requestInvoice">>;
    /** The last invoice asked for; undefined where none was. */
    invoice(orderId: string): Promise<Answer<"showInvoice"> | undefined>;
    /** The movements; each page carries the balance and the lots too. */
    points(): Pages<Schema<"PointsEntryView">, Answer<"showPoints">>;
    /** Each lot that was ever earned, with its expiry and what became of it. */
    pointsLots(): Pages<Schema<"PointsLotHistory">>;
    /** Years in a row with everything paid in time, and what they make a yuan earn. */
    streak(): Promise<Answer<"showStreak">>;
    rewards(): Promise<Answer<"listRewards">>;
    /** @param from First day of a parking right (`2026-12-31`); left out for everything else. */
    redeem(rewardId: string, tap: Tap, from?: string): Promise<Answer<"redeemReward">>;
    redemptions(): Pages<Schema<"RedemptionItem">>;
    cancelRedemption(redemptionId: string, tap: Tap): Promise<Answer<"cancelRedemption">>;
    /**
     * The QR code to show at the counter, as a path for an image element.
     * @param id of a reserved redemption, or of a prize that waits (`winId`)
     */
    pickUpCode(wx: Pick<WxFiles, "downloadFile">, id: string): Promise<string>;
    /** Draws that are published, the newest first, with one's own tickets and prizes. */
    draws(): Promise<Schema<"DrawShown">[]>;
    /** Takes tickets for points. */
    takeTickets(drawId: string, count: number, tap: Tap): Promise<Answer<"takeDrawTickets">>;
    /** What the company and the neighbours tell each other: notices, events, surveys, model payers. */
    get board(): Board;
    messages(): Pages<Schema<"InboxItem">>;
    readMessage(messageId: string): Promise<void>;
    /** The owner says that he has taken note, which is more than that he opened it. */
    acknowledgeMessage(messageId: string): Promise<void>;
    /** Whether text messages and promotions may come, and the email address. */
    contact(): Promise<Answer<"showContact">>;
    setContact(wish: Body<"setContact">): Promise<Answer<"setContact">>;
    /** Sends a code to the address, which counts once it is confirmed. */
    setEmail(email: string): Promise<Answer<"setEmail">>;
    confirmEmail(code: string): Promise<Answer<"confirmEmail">>;
    removeEmail(): Promise<Answer<"removeEmail">>;
    /** Which templates to ask for, and for which kind of message. Load it before the tap: WeChat's dialog opens only in answer to one. */
    templates(): Promise<Schema<"TemplateToAsk">[]>;
}
