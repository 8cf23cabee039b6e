import { settled } from "./settled.js";
/** A pay link: the amounts of some bills and the way to pay them, for whoever holds its characters. */
export class PayLink {
    constructor(api, token) {
        this.api = api;
        this.token = token;
    }
    /** What is to pay; the address is masked, no name is told. */
    bills() {
        return this.api.call("showPayLink", { link: this.token });
    }
    quote(billIds) {
        return this.api.call("quotePayLink", { link: this.token, body: { billIds } });
    }
    checkout(chosen, tap) {
        return this.api.call("payByLink", { link: this.token, body: chosen, tap });
    }
    /** One's own payment; it can be read after the link has died of it. */
    payment(orderId) {
        return this.api.call("showLinkPayment", { path: { orderId } });
    }
    /** Looks until the order is paid or closed, as `House.settled` does. */
    settled(orderId, seconds = 30) {
        return settled(() => this.payment(orderId), seconds);
    }
}
