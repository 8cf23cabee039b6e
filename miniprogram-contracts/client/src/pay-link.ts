import type { Answer, Body } from "../../types/index.js";
import type { OwnerPay } from "./client.js";
import { settled } from "./settled.js";
import type { Tap } from "./taps.js";

/** A pay link: the amounts of some bills and the way to pay them, for whoever holds its characters. */
export class PayLink {
  constructor(private readonly api: OwnerPay, private readonly token: string) { }

  /** What is to pay; the address is masked, no name is told. */
  bills(): Promise<Answer<"showPayLink">> {
    return this.api.call("showPayLink", { link: this.token });
  }

  quote(billIds: string[]): Promise<Answer<"quotePayLink">> {
    return this.api.call("quotePayLink", { link: this.token, body: { billIds } });
  }

  checkout(chosen: Body<"payByLink">, tap: Tap): Promise<Answer<"payByLink">> {
    return this.api.call("payByLink", { link: this.token, body: chosen, tap });
  }

  /** One's own payment; it can be read after the link has died of it. */
  payment(orderId: string): Promise<Answer<"showLinkPayment">> {
    return this.api.call("showLinkPayment", { path: { orderId } });
  }

  /** Looks until the order is paid or closed, as `House.settled` does. */
  settled(orderId: string, seconds = 30): Promise<Answer<"showLinkPayment">> {
    return settled(() => this.payment(orderId), seconds);
  }
}
