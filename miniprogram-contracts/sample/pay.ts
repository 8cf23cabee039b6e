// How a page of a mini-program uses the client: price the open bills, ask for the receipt's message, pay. Compiled by scripts/check-contracts, never shipped.
import { OwnerPay, askForMessages, isProblem, newTap, requestPayment, yuan } from "../client/esm/index.js";
import type { Wx, WxPay, WxSubscribe } from "../client/esm/index.js";
import type { Answer, Schema } from "../types/index.js";

declare const wx: Wx & WxPay & WxSubscribe;

const api = new OwnerPay({ wx, baseUrl: "https://pay.example.cn", appId: "wx0000000000000000" });

/** What the page shows before the owner taps. Templates are loaded here, because WeChat's dialog opens only straight after a tap. */
export async function load(houseId: string): Promise<{ button: string; quote: Answer<"quoteBills">; ask: Schema<"TemplateToAsk">[] }> {
  const house = api.house(houseId);
  const billIds: string[] = [];
  for await (const bill of house.bills("open")) billIds.push(bill.billId);
  const quote = await house.quote(billIds);
  const ask = (await house.templates()).filter((template) => template.kind === "payment.receipt");
  return { button: `去支付 ¥${yuan(quote.payableFen)}`, quote, ask };
}

/** The tap: one key, kept by the client over its retries. */
export async function pay(houseId: string, quote: Answer<"quoteBills">, ask: Schema<"TemplateToAsk">[]): Promise<string> {
  const tap = newTap();
  const house = api.house(houseId);
  await askForMessages(wx, api, ask);
  try {
    const order = await house.checkout({ billIds: quote.bills.map((bill) => bill.billId), quoteHash: quote.quoteHash }, tap);
    if (order.payParameters && await requestPayment(wx, order.payParameters) === "cancelled") return "未支付，账单保持待缴";
    return (await house.settled(order.orderId)).text;
  } catch (error) {
    if (isProblem(error, "quote_changed")) return `价格已变化，现在是 ¥${yuan(error.problem.quote.payableFen)}`;
    if (isProblem(error, "bill_being_paid")) return `${error.message}（约 ${error.problem.secondsToWait} 秒）`;
    throw error;
  }
}

/** What must not compile. */
export async function refused(houseId: string): Promise<void> {
  // @ts-expect-error an operation that moves money needs a tap
  await api.house(houseId).checkout({ billIds: [], quoteHash: "" });
  // @ts-expect-error an operation that the API does not have
  await api.call("payBills", {});
  // @ts-expect-error a path value is missing
  await api.call("showBill", { path: { houseId } });
  // @ts-expect-error a read takes no key
  await api.call("showMe", { tap: newTap() });
}
