import type { Schema } from "../../types/index.js";
import type { OwnerPay } from "./client.js";
import type { WxPay, WxSubscribe } from "./wx.js";
/**
 * Opens WeChat's pay sheet. `confirmed` means that the payer typed the password, not that the money is booked: read the order with
 * `house.settled` afterwards.
 * @throws TroubleError when the sheet failed for another reason than the payer's no.
 */
export declare function requestPayment(wx: WxPay, parameters: Schema<"PayParameters">): Promise<"confirmed" | "cancelled">;
/** What became of the question: how many templates were allowed; `switchedOff` when the owner turned off all messages in the settings. */
export interface Asked {
    allowed: number;
    switchedOff: boolean;
}
/**
 * Asks in WeChat's dialog for one message of each template, and reports the answers. Call it first thing in a tap handler. It never fails:
 * whether messages may be sent must not stand between an owner and what the tap was for.
 */
export declare function askForMessages(wx: WxSubscribe, api: OwnerPay, templates: readonly Schema<"TemplateToAsk">[]): Promise<Asked>;
