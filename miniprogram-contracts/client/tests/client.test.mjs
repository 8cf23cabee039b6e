import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { OwnerPay, askForMessages, isProblem, isTrouble, newTap, requestPayment, yuan } from "../esm/index.js";
import { Phone, Service, houseId, problem } from "./stage.mjs";

const house = `/houses/${houseId}`;
const impatient = { timeout: 500, pauses: [5, 5] };

async function scene(test, phone = new Phone()) {
  const service = await Service.start(test);
  const open = () => new OwnerPay({ wx: phone, baseUrl: service.url + "/", appId: "wx1", patience: impatient });
  return { service, phone, open, api: open() };
}

test("An owner who opens the mini-program again within two hours does not log in again", async (t) => {
  const { service, phone, open, api } = await scene(t);
  service.on("GET", "/me", { status: 200, body: { bound: true, suspended: false, houses: [] } });
  await api.me();
  await open().me();
  assert.equal(phone.codes, 1);
  assert.deepEqual(service.of("/sessions")[0].body, { appId: "wx1", code: "code-1" });
  assert.equal(service.of("/me")[1].headers.authorization, "Bearer token-1");
});

test("A token is renewed before its end, not after a refusal", async (t) => {
  const phone = new Phone();
  phone.storage.set("ownerpay.session.wx1", { token: "old", renewAt: Date.now() - 1 });
  const { service, api } = await scene(t, phone);
  service.on("GET", "/me", { status: 200, body: { houses: [] } });
  await api.me();
  assert.deepEqual(service.of("/me").map((call) => call.headers.authorization), ["Bearer token-1"]);
});

test("Ten requests that meet an old token together log in once and are all answered", async (t) => {
  const { service, phone, open } = await scene(t);
  phone.storage.set("ownerpay.session.wx1", { token: "old", renewAt: Date.now() + 1e6 });
  service.on("GET", "/me", (call) => call.headers.authorization === "Bearer old" ? problem(401, "sign_in_needed", "请先登录") : { status: 200, body: { houses: [] } });
  const api = open();
  await Promise.all(Array.from({ length: 10 }, () => api.me()));
  assert.equal(phone.codes, 1);
  assert.equal(service.of("/sessions").length, 1);
});

test("A token that is refused twice is not renewed for ever", async (t) => {
  const { service, phone, api } = await scene(t);
  service.on("GET", "/me", problem(401, "sign_in_needed", "请先登录"));
  await assert.rejects(api.me(), (error) => isProblem(error, "sign_in_needed"));
  assert.equal(phone.codes, 2);
  assert.equal(service.of("/me").length, 2);
});

test("A phone whose clock is a day ahead logs in once, not before each request", async (t) => {
  const { service, phone, api } = await scene(t);
  service.tokenEnds = () => new Date(Date.now() - 86_400_000).toISOString();
  service.on("GET", "/me", { status: 200, body: { houses: [] } });
  await api.me();
  await api.me();
  assert.equal(phone.codes, 1);
});

test("A login code that was used on the way is replaced once", async (t) => {
  const { service, phone, api } = await scene(t);
  service.on("GET", "/me", { status: 200, body: { houses: [] } });
  service.on("POST", "/sessions", problem(401, "login_code_invalid", "登录已失效"), 1);
  await api.me();
  assert.equal(phone.codes, 2);
});

test("WeChat giving no login code is told to the owner in Chinese", async (t) => {
  const { phone, api } = await scene(t);
  phone.loginFails = true;
  await assert.rejects(api.me(), (error) => isTrouble(error) && error.cause === "login" && /微信登录/.test(error.message) && /internal error/.test(error.technical));
});

test("A checkout whose answer was lost goes out again with the same key", async (t) => {
  const { service, api } = await scene(t);
  service.on("POST", house + "/payments", { status: 201, body: { orderId: "o1", state: "placed", payableFen: 1 } });
  service.on("POST", house + "/payments", "cut", 2);
  const order = await api.house(houseId).checkout({ billIds: ["b"], quoteHash: "h" }, newTap());
  assert.equal(order.orderId, "o1");
  const keys = service.of(house + "/payments").map((call) => call.headers["idempotency-key"]);
  assert.equal(keys.length, 3);
  assert.equal(new Set(keys).size, 1);
  assert.match(keys[0], /^[A-Za-z0-9_-]{8,64}$/);
});

test("When patience ends the tap is kept, and trying again by hand uses the same key", async (t) => {
  const { service, api } = await scene(t);
  service.on("POST", house + "/redemptions", "cut");
  const tap = newTap();
  await assert.rejects(api.house(houseId).redeem("r", tap), (error) => isTrouble(error) && error.cause === "network" && /请检查网络/.test(error.message));
  service.on("POST", house + "/redemptions", { status: 201, body: { redemptionId: "x" } });
  await api.house(houseId).redeem("r", tap);
  assert.equal(new Set(service.of(house + "/redemptions").map((call) => call.headers["idempotency-key"])).size, 1);
  assert.notEqual(newTap().key, newTap().key);
});

test("Reads and quotes are tried again; a binding, whose phone code serves once, is not", async (t) => {
  const { service, api } = await scene(t);
  service.on("POST", "/bindings", "cut");
  await assert.rejects(api.bind({ communityCode: "c", phoneCode: "p", houseCode: "h" }), isTrouble);
  assert.equal(service.of("/bindings").length, 1);
  service.on("POST", house + "/quotes", "cut");
  await assert.rejects(api.house(houseId).quote(["b"]), isTrouble);
  assert.equal(service.of(house + "/quotes").length, 3);
});

test("A refusal is final: it carries code, title, field and what more the service said, and nothing is sent twice", async (t) => {
  const { service, api } = await scene(t);
  service.on("POST", house + "/payments", problem(409, "quote_changed", "价格已变化，请确认新的金额后再支付", { quote: { payableFen: 99 }, traceId: "t1" }));
  await assert.rejects(api.house(houseId).checkout({ billIds: [], quoteHash: "h" }, newTap()), (error) =>
    isProblem(error, "quote_changed", "order_closed") && error.message === "价格已变化，请确认新的金额后再支付" && error.problem.quote.payableFen === 99
    && error.problem.traceId === "t1" && !isProblem(error, "bill_not_open"));
  assert.equal(service.of(house + "/payments").length, 1);
});

test("Too many requests are sent again after as long as the service asks", async (t) => {
  const { service, api } = await scene(t);
  service.on("GET", house + "/home", { status: 200, body: { houseCode: "1-1-101" } });
  service.on("GET", house + "/home", { ...problem(429, "too_many_requests", "操作过于频繁，请稍后再试"), headers: { "Retry-After": "0.3" } }, 1);
  const started = Date.now();
  assert.equal((await api.house(houseId).home()).houseCode, "1-1-101");
  assert.ok(Date.now() - started >= 290);
});

test("A gateway's page is not shown to the owner as if the service had spoken", async (t) => {
  const { service, api } = await scene(t);
  service.on("GET", "/me", { status: 502, type: "text/html", body: "<h1>Bad Gateway</h1>" });
  await assert.rejects(api.me(), (error) => isTrouble(error) && error.cause === "answer" && /稍后重试/.test(error.message));
  assert.equal(service.of("/me").length, 3);
});

test("A service that takes too long is trouble, not an endless wait", async (t) => {
  const { service, api } = await scene(t);
  service.on("GET", "/me", () => new Promise(() => { }));
  await assert.rejects(api.me(), (error) => isTrouble(error) && /timeout/.test(error.technical));
});

test("A list is read page by page, and only as far as one looks", async (t) => {
  const { service, api } = await scene(t);
  service.on("GET", house + "/bills", (call) => {
    const cursor = new URL(call.url, "http://x").searchParams.get("cursor");
    const body = cursor === null ? { items: [{ billId: "a" }, { billId: "b" }], nextCursor: "x&y=1" }
      : cursor === "x&y=1" ? { items: [], nextCursor: "end" } : { items: [{ billId: "c" }], nextCursor: null };
    return { status: 200, body };
  });
  const seen = [];
  for await (const bill of api.house(houseId).bills("all")) seen.push(bill.billId);
  assert.deepEqual(seen, ["a", "b", "c"]);
  assert.equal(service.of(house + "/bills").length, 3);
  assert.match(service.of(house + "/bills")[1].url, /state=all&cursor=x%26y%3D1$/);
  for await (const bill of api.house(houseId).bills()) if (bill.billId === "b") break;
  assert.equal(service.of(house + "/bills").length, 4);
});

test("A message is marked as read although the answer is empty", async (t) => {
  const { service, api } = await scene(t);
  service.on("POST", house + "/messages/m1/read", { status: 204 });
  assert.equal(await api.house(houseId).readMessage("m1"), undefined);
});

test("Waiting for a payment goes on through a hole in the network and ends when the order is paid", async (t) => {
  const { service, api } = await scene(t);
  service.on("GET", house + "/payments/o1", { status: 200, body: { state: "paid" } });
  service.on("GET", house + "/payments/o1", "cut", 3);
  service.on("GET", house + "/payments/o1", { status: 200, body: { state: "placed" } }, 1);
  assert.equal((await api.house(houseId).settled("o1")).state, "paid");
});

test("A payment that stays unclear is reported as last seen when the wait is over", async (t) => {
  const { service, api } = await scene(t);
  service.on("GET", house + "/payments/o1", { status: 200, body: { state: "placed", text: "我们正在向微信确认，请勿重复支付" } });
  assert.equal((await api.house(houseId).settled("o1", 1)).state, "placed");
});

test("The pay sheet tells a no from a failure", async () => {
  const sheet = (errMsg) => ({ requestPayment: ({ success, fail }) => errMsg ? fail({ errMsg }) : success() });
  const parameters = { timeStamp: "1", nonceStr: "n", package: "prepay_id=1", signType: "RSA", paySign: "s" };
  assert.equal(await requestPayment(sheet(""), parameters), "confirmed");
  assert.equal(await requestPayment(sheet("requestPayment:fail cancel"), parameters), "cancelled");
  await assert.rejects(requestPayment(sheet("requestPayment:fail no permission"), parameters), (error) => isTrouble(error) && error.cause === "payment");
});

test("Each template that the owner allowed or refused is reported with a key of its own; banned ones are not", async (t) => {
  const { service, api } = await scene(t);
  service.on("POST", "/grants", { status: 200, body: { templateId: "x", left: 1 } });
  const wx = { requestSubscribeMessage: ({ success }) => success({ errMsg: "ok", T1: "accept", T2: "reject", T3: "ban" }) };
  const templates = ["T1", "T2", "T3"].map((templateId) => ({ templateId, kind: "k", left: 0 }));
  assert.deepEqual(await askForMessages(wx, api, templates), { allowed: 1, switchedOff: false });
  const told = service.of("/grants");
  assert.deepEqual(told.map((call) => call.body).sort((a, b) => a.templateId < b.templateId ? -1 : 1),
    [{ templateId: "T1", result: "accept" }, { templateId: "T2", result: "reject" }]);
  assert.notEqual(told[0].headers["idempotency-key"], told[1].headers["idempotency-key"]);
});

test("Asking for messages never stands in the way of paying", async (t) => {
  const { service, api } = await scene(t);
  service.on("POST", "/grants", "cut");
  const asked = (answer) => askForMessages({ requestSubscribeMessage: answer }, api, [{ templateId: "T1", kind: "k", left: 0 }]);
  assert.deepEqual(await asked(({ success }) => success({ T1: "accept" })), { allowed: 0, switchedOff: false });
  assert.deepEqual(await asked(({ fail }) => fail({ errMsg: "requestSubscribeMessage:fail", errCode: 20004 })), { allowed: 0, switchedOff: true });
});

test("Amounts are written from whole fen, to the last digit that a number can hold", () => {
  for (const [fen, text] of [[0, "0.00"], [5, "0.05"], [123456, "1,234.56"], [-100, "-1.00"], [9007199254740991, "90,071,992,547,409.91"]]) assert.equal(yuan(fen), text);
  assert.throws(() => yuan(1.5), RangeError);
});

test("The CommonJS build exports the same", async () => {
  const cjs = createRequire(import.meta.url)("../cjs/index.js");
  const esm = await import("../esm/index.js");
  assert.deepEqual(Object.keys(cjs).sort(), Object.keys(esm).sort());
});

test("An owner opens the receipt as a file, also when the token got old on the way", async (t) => {
  const { service, phone, api } = await scene(t);
  phone.storage.set("ownerpay.session.wx1", { token: "old", renewAt: Date.now() + 1e6 });
  service.on("GET", `${house}/payments/o1/receipt.pdf`, (call) => call.headers.authorization === "Bearer old" ? problem(401, "sign_in_needed", "请先登录")
    : { status: 200, type: "application/pdf", body: "%PDF-1.4" });
  const again = new OwnerPay({ wx: phone, baseUrl: service.url, appId: "wx1", patience: impatient });
  await again.house(houseId).openReceipt(phone, "o1");
  assert.deepEqual(phone.opened, [{ filePath: "%PDF-1.4", fileType: "pdf", showMenu: true }]);
  assert.equal(service.of(`${house}/payments/o1/receipt.pdf`).at(-1).headers.authorization, "Bearer token-1");
  assert.ok(api);
});

test("A receipt that is not there yet is trouble, not a file with an error in it", async (t) => {
  const { service, phone, api } = await scene(t);
  service.on("GET", `${house}/payments/o1/receipt.pdf`, problem(409, "receipt_not_numbered", "收据编号生成中，请几秒后再试"));
  await assert.rejects(api.house(houseId).openReceipt(phone, "o1"), (error) => isTrouble(error));
  assert.deepEqual(phone.opened, []);
});

test("The counter's code comes as a picture, an attachment opens as what it is, and a sign-up says how many come", async (t) => {
  const { service, phone, api } = await scene(t);
  service.on("GET", `${house}/redemptions/r1/qr`, { status: 200, type: "image/png", body: "PNG" });
  service.on("GET", `${house}/notices/n1/files/f1`, { status: 200, type: "image/jpeg", body: "JPEG" });
  service.on("GET", `${house}/notices/n1/files/f2`, { status: 200, type: "application/pdf", body: "%PDF-1.4" });
  service.on("POST", `${house}/events/e1/sign-ups`, { status: 200, body: { signUpId: "s1", state: "waiting", places: 2 } });
  const mine = api.house(houseId), { board } = mine;
  const seen = [];
  phone.previewImage = ({ urls, success }) => {
    seen.push(...urls);
    success();
  };
  await board.openNoticeFile(phone, "n1", { fileId: "f1", name: "a.jpg", mediaType: "image/jpeg", bytes: 4 });
  await board.openNoticeFile(phone, "n1", { fileId: "f2", name: "b.pdf", mediaType: "application/pdf", bytes: 8 });
  assert.equal(await mine.pickUpCode(phone, "r1"), "PNG");
  assert.deepEqual([seen, phone.opened.map((one) => one.filePath)], [["JPEG"], ["%PDF-1.4"]]);
  assert.equal((await board.signUp("e1", 2, newTap())).state, "waiting");
  assert.deepEqual(service.of(`${house}/events/e1/sign-ups`)[0].body, { places: 2 });
});

test("Who taps twice asks for one invoice, and a payment without one is no error", async (t) => {
  const { service, api } = await scene(t);
  service.on("GET", `${house}/payments/o1/invoice`, problem(404, "invoice_not_found", "该笔缴费还没有申请发票"));
  service.on("POST", `${house}/payments/o1/invoice`, { status: 200, body: { invoiceId: "i1", state: "requested" } });
  assert.equal(await api.house(houseId).invoice("o1"), undefined);
  const tap = newTap();
  const to = { titleKind: "company", title: "某某公司", taxNumber: "91350100M000100Y43" };
  await api.house(houseId).requestInvoice("o1", to, tap);
  await api.house(houseId).requestInvoice("o1", to, tap);
  const keys = service.of(`${house}/payments/o1/invoice`).filter((call) => call.method === "POST").map((call) => call.headers["idempotency-key"]);
  assert.deepEqual(keys, [tap.key, tap.key]);
});

test("Whoever holds a pay link sends it in a header, never in an address, and sees his payment after it died", async (t) => {
  const { service, api } = await scene(t);
  service.on("GET", "/pay-link", { status: 200, body: { bills: [{ billId: "b" }], openFen: 5 } });
  service.on("POST", "/pay-link/payments", { status: 201, body: { orderId: "o1", state: "placed", payableFen: 5 } });
  service.on("GET", "/pay-link/payments/o1", { status: 200, body: { orderId: "o1", state: "paid" } });
  const link = api.payLink("abcdefghijklmnopqrstuv");
  assert.equal((await link.bills()).openFen, 5);
  const order = await link.checkout({ billIds: ["b"], quoteHash: "h" }, newTap());
  assert.equal((await link.settled(order.orderId)).state, "paid");
  assert.deepEqual(service.of("/pay-link").map((call) => call.headers["pay-link"]), ["abcdefghijklmnopqrstuv", "abcdefghijklmnopqrstuv", undefined]);
  assert.ok(service.calls.every((call) => !call.url.includes("abcdefghij")));
});

test("A quote carries what was chosen of it, and one for several merchants is asked as one", async (t) => {
  const { service, api } = await scene(t);
  service.on("POST", house + "/quotes", { status: 200, body: { payableFen: 1 } });
  service.on("POST", house + "/quotes/by-merchant", { status: 200, body: { quotes: [], payableFen: 0 } });
  await api.house(houseId).quote(["b"], { parts: [{ billId: "b", fen: 100 }] });
  await api.house(houseId).quoteByMerchant(["b", "c"]);
  assert.deepEqual(service.of(house + "/quotes").map((call) => call.body), [{ billIds: ["b"], parts: [{ billId: "b", fen: 100 }] }, { billIds: ["b", "c"] }]);
});

test("Prepaid money and coupons: a claim and a top-up are tried again with their key, a setting may be sent twice", async (t) => {
  const { service, api } = await scene(t);
  service.on("PUT", house + "/prepaid", { status: 200, body: { usedOnIssue: false } });
  service.on("PUT", house + "/prepaid", "cut", 1);
  service.on("POST", house + "/prepaid/top-ups", { status: 201, body: { orderId: "o1" } });
  service.on("POST", house + "/coupons", { status: 200, body: { couponId: "c1" } });
  service.on("POST", house + "/coupons", "cut", 1);
  service.on("GET", house + "/coupons", { status: 200, body: { items: [{ couponId: "c1" }] } });
  await api.house(houseId).setPrepaidUse(false);
  assert.equal((await api.house(houseId).topUp(10_000, newTap())).orderId, "o1");
  assert.equal((await api.house(houseId).claimCoupon("SPRING", newTap())).couponId, "c1");
  assert.equal((await api.house(houseId).coupons()).length, 1);
  const claims = service.of(house + "/coupons").filter((call) => call.method === "POST");
  assert.equal(claims.length, 2);
  assert.equal(new Set(claims.map((call) => call.headers["idempotency-key"])).size, 1);
  assert.deepEqual(service.of(house + "/prepaid").filter((call) => call.method === "PUT").map((call) => call.body), [{ usedOnIssue: false }, { usedOnIssue: false }]);
});
