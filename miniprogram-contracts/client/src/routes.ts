import type { Answer, Body, operations, paths } from "../../types/index.js";
import type { Tap } from "./taps.js";

type Method = "get" | "post" | "put" | "delete";

/** The route that the API document gives an operation; a wrong path or method does not compile. */
type RouteOf<Name extends keyof operations> = {
  [Path in keyof paths]: {
    [M in Method]: [paths[Path][M]] extends [operations[Name]] ? readonly [Uppercase<M>, Path] : never;
  }[Method];
}[keyof paths];

/** Every operation of the owner API. One that is missing here does not compile either. */
export const routes: { readonly [Name in keyof operations]: RouteOf<Name> } = {
  openSession: ["POST", "/api/owner/v1/sessions"],
  showMe: ["GET", "/api/owner/v1/me"],
  bindPerson: ["POST", "/api/owner/v1/bindings"],
  acceptMessages: ["POST", "/api/owner/v1/grants"],
  showHome: ["GET", "/api/owner/v1/houses/{houseId}/home"],
  listBills: ["GET", "/api/owner/v1/houses/{houseId}/bills"],
  showBill: ["GET", "/api/owner/v1/houses/{houseId}/bills/{billId}"],
  openDispute: ["POST", "/api/owner/v1/houses/{houseId}/bills/{billId}/disputes"],
  listMyDisputes: ["GET", "/api/owner/v1/houses/{houseId}/disputes"],
  withdrawDispute: ["POST", "/api/owner/v1/houses/{houseId}/disputes/{id}/withdraw"],
  listMyDeferrals: ["GET", "/api/owner/v1/houses/{houseId}/deferrals"],
  listMyInstalmentPlans: ["GET", "/api/owner/v1/houses/{houseId}/instalment-plans"],
  showFeeAgreement: ["GET", "/api/owner/v1/houses/{houseId}/fee-agreement"],
  quoteBills: ["POST", "/api/owner/v1/houses/{houseId}/quotes"],
  quoteBillsByMerchant: ["POST", "/api/owner/v1/houses/{houseId}/quotes/by-merchant"],
  startCheckout: ["POST", "/api/owner/v1/houses/{houseId}/payments"],
  listPayments: ["GET", "/api/owner/v1/houses/{houseId}/payments"],
  showPayment: ["GET", "/api/owner/v1/houses/{houseId}/payments/{orderId}"],
  showReceipt: ["GET", "/api/owner/v1/houses/{houseId}/payments/{orderId}/receipt"],
  downloadReceipt: ["GET", "/api/owner/v1/houses/{houseId}/payments/{orderId}/receipt.pdf"],
  downloadStatement: ["GET", "/api/owner/v1/houses/{houseId}/statement.pdf"],
  requestInvoice: ["POST", "/api/owner/v1/houses/{houseId}/payments/{orderId}/invoice"],
  showInvoice: ["GET", "/api/owner/v1/houses/{houseId}/payments/{orderId}/invoice"],
  sharePayLink: ["POST", "/api/owner/v1/houses/{houseId}/pay-links"],
  listPayLinks: ["GET", "/api/owner/v1/houses/{houseId}/pay-links"],
  revokePayLink: ["POST", "/api/owner/v1/houses/{houseId}/pay-links/{linkId}/revoke"],
  showPayLink: ["GET", "/api/owner/v1/pay-link"],
  quotePayLink: ["POST", "/api/owner/v1/pay-link/quotes"],
  payByLink: ["POST", "/api/owner/v1/pay-link/payments"],
  showLinkPayment: ["GET", "/api/owner/v1/pay-link/payments/{orderId}"],
  showPrepaid: ["GET", "/api/owner/v1/houses/{houseId}/prepaid"],
  setPrepaidUse: ["PUT", "/api/owner/v1/houses/{houseId}/prepaid"],
  startTopUp: ["POST", "/api/owner/v1/houses/{houseId}/prepaid/top-ups"],
  issueMonthsAhead: ["POST", "/api/owner/v1/houses/{houseId}/prepaid/months"],
  listCoupons: ["GET", "/api/owner/v1/houses/{houseId}/coupons"],
  claimCoupon: ["POST", "/api/owner/v1/houses/{houseId}/coupons"],
  listGifts: ["GET", "/api/owner/v1/houses/{houseId}/gifts"],
  showPoints: ["GET", "/api/owner/v1/houses/{houseId}/points"],
  listRewards: ["GET", "/api/owner/v1/houses/{houseId}/rewards"],
  listRedemptions: ["GET", "/api/owner/v1/houses/{houseId}/redemptions"],
  redeemReward: ["POST", "/api/owner/v1/houses/{houseId}/redemptions"],
  cancelRedemption: ["POST", "/api/owner/v1/houses/{houseId}/redemptions/{redemptionId}/cancel"],
  listMessages: ["GET", "/api/owner/v1/houses/{houseId}/messages"],
  readMessage: ["POST", "/api/owner/v1/houses/{houseId}/messages/{messageId}/read"],
  acknowledgeMessage: ["POST", "/api/owner/v1/houses/{houseId}/messages/{messageId}/acknowledge"],
  showContact: ["GET", "/api/owner/v1/houses/{houseId}/contact"],
  setContact: ["PUT", "/api/owner/v1/houses/{houseId}/contact"],
  setEmail: ["POST", "/api/owner/v1/houses/{houseId}/contact/email"],
  confirmEmail: ["POST", "/api/owner/v1/houses/{houseId}/contact/email/confirm"],
  removeEmail: ["DELETE", "/api/owner/v1/houses/{houseId}/contact/email"],
  listPointsLots: ["GET", "/api/owner/v1/houses/{houseId}/points/lots"],
  showStreak: ["GET", "/api/owner/v1/houses/{houseId}/points/streak"],
  showPickUpCode: ["GET", "/api/owner/v1/houses/{houseId}/redemptions/{redemptionId}/qr"],
  takeDrawTickets: ["POST", "/api/owner/v1/houses/{houseId}/draws/{drawId}/tickets"],
  listDraws: ["GET", "/api/owner/v1/houses/{houseId}/draws"],
  downloadMyNoticeFile: ["GET", "/api/owner/v1/houses/{houseId}/notices/{notice}/files/{fileId}"],
  listNotices: ["GET", "/api/owner/v1/houses/{houseId}/notices"],
  showNotice: ["GET", "/api/owner/v1/houses/{houseId}/notices/{notice}"],
  readNotice: ["POST", "/api/owner/v1/houses/{houseId}/notices/{notice}/read"],
  signUpForEvent: ["POST", "/api/owner/v1/houses/{houseId}/events/{eventId}/sign-ups"],
  cancelSignUp: ["POST", "/api/owner/v1/houses/{houseId}/events/{eventId}/sign-ups/{signUpId}/cancel"],
  listEvents: ["GET", "/api/owner/v1/houses/{houseId}/events"],
  showEvent: ["GET", "/api/owner/v1/houses/{houseId}/events/{eventId}"],
  listSurveys: ["GET", "/api/owner/v1/houses/{houseId}/surveys"],
  answerSurvey: ["POST", "/api/owner/v1/houses/{houseId}/surveys/{surveyId}/answers"],
  listModelPayerLists: ["GET", "/api/owner/v1/houses/{houseId}/model-payer-lists"],
  consentToBeShown: ["POST", "/api/owner/v1/houses/{houseId}/model-payer-lists/{listId}/consent"],
  withdrawConsent: ["POST", "/api/owner/v1/houses/{houseId}/model-payer-lists/{listId}/consent/withdraw"],
  listTemplatesToAsk: ["GET", "/api/owner/v1/houses/{houseId}/message-templates"],
};

/** Posts that may be sent again without a key, because the second does no more than the first. Reads and keyed posts may anyway. */
export const repeatable: ReadonlyArray<keyof operations> = ["quoteBills", "quoteBillsByMerchant", "quotePayLink", "revokePayLink", "setPrepaidUse", "readMessage",
  "acknowledgeMessage", "readNotice", "setContact", "removeEmail"];

type ParametersOf<Name extends keyof operations> = operations[Name]["parameters"];
type PathOf<Name extends keyof operations> = ParametersOf<Name> extends { path: infer Path } ? { path: Path } : { path?: never };
type QueryOf<Name extends keyof operations> = ParametersOf<Name> extends { query?: infer Query }
  ? [NonNullable<Query>] extends [never] ? { query?: never } : { query?: { [Key in keyof NonNullable<Query>]?: NonNullable<Query>[Key] | undefined } }
  : { query?: never };
type BodyOf<Name extends keyof operations> = [Body<Name>] extends [never] ? { body?: never } : { body: Body<Name> };
type TapOf<Name extends keyof operations> = ParametersOf<Name> extends { header: { "Idempotency-Key": string } } ? { tap: Tap } : { tap?: never };

type HeaderOf<Name extends keyof operations> = NonNullable<ParametersOf<Name>["header"]>;
type LinkOf<Name extends keyof operations> = [HeaderOf<Name>] extends [never] ? { link?: never }
  : "Pay-Link" extends keyof HeaderOf<Name> ? { link: string } : { link?: never };

/** What one operation takes; what it needs is not optional. */
export type Input<Name extends keyof operations> = PathOf<Name> & QueryOf<Name> & BodyOf<Name> & TapOf<Name> & LinkOf<Name>;

export type Output<Name extends keyof operations> = Answer<Name>;
