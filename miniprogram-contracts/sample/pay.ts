// How a page of a mini-program uses the types: price the open bills, pay them, ask for the messages. Compiled by scripts/check-contracts, never shipped.
import type { Answer, Body, Problem } from "../types/index";

interface Wx {
  request(options: {
    url: string; method: "GET" | "POST"; data?: object; header: Record<string, string>;
    success: (answer: { statusCode: number; data: unknown }) => void; fail: (failure: { errMsg: string }) => void;
  }): void;
  requestPayment(options: NonNullable<Answer<"startCheckout">["payParameters"]> & { success: () => void; fail: (failure: { errMsg: string }) => void }): void;
}
declare const wx: Wx;

const base = "https://pay.example.cn/api/owner/v1";
const key = () => Array.from({ length: 4 }, () => Math.random().toString(36).slice(2, 10).padEnd(8, "0")).join("");

function call<T>(method: "GET" | "POST", path: string, token: string, data?: object, idempotencyKey?: string): Promise<T> {
  const header: Record<string, string> = { Authorization: `Bearer ${token}` };
  if (idempotencyKey !== undefined) header["Idempotency-Key"] = idempotencyKey;
  return new Promise((resolve, reject) => wx.request({
    url: base + path, method, header, ...(data === undefined ? {} : { data }), fail: reject,
    success: (answer) => answer.statusCode < 300 ? resolve(answer.data as T) : reject(answer.data as Problem),
  }));
}

/** One tap on "pay": the key is made here once and kept over retries. */
export async function pay(token: string, houseId: string): Promise<number> {
  const open = await call<Answer<"listBills">>("GET", `/houses/${houseId}/bills?state=open`, token);
  const wanted: Body<"quoteBills"> = { billIds: open.items.map((bill) => bill.billId) };
  const quote = await call<Answer<"quoteBills">>("POST", `/houses/${houseId}/quotes`, token, wanted);
  const checkout: Body<"startCheckout"> = { billIds: wanted.billIds, quoteHash: quote.quoteHash };
  try {
    const order = await call<Answer<"startCheckout">>("POST", `/houses/${houseId}/payments`, token, checkout, key());
    const parameters = order.payParameters;
    if (parameters) await new Promise<void>((success, fail) => wx.requestPayment({ ...parameters, success, fail }));
    return order.payableFen;
  } catch (problem) {
    if ((problem as Problem).code === "quote_changed") return pay(token, houseId);
    throw problem;
  }
}
