import type { Answer, Body } from "../../types/index.js";
import type { OwnerPay } from "./client.js";
import type { Tap } from "./taps.js";
/** A pay link: the amounts of some bills and the way to pay them, for whoever holds its characters. */
export declare class PayLink {
    private readonly api;
    private readonly token;
    constructor(api: OwnerPay, token: string);
    /** What is to pay; the address is masked, no name is told. */
    bills(): Promise<Answer<"showPayLink">>;
    quote(billIds: string[]): Promise<Answer<"quotePayLink">>;
    checkout(chosen: Body<"payByLink">, tap: Tap): Promise<Answer<"payByLink">>;
    /** One's own payment; it can be read after the link has died of it. */
    payment(orderId: string): Promise<Answer<"showLinkPayment">>;
    /** Looks until the order is paid or closed, as `House.settled` does. */
    settled(orderId: string, seconds?: number): Promise<Answer<"showLinkPayment">>;
}
