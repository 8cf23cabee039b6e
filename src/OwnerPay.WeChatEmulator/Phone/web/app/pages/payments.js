// @ts-check
import { askForMessages } from "../../client/index.js";
import { el, fill, icon } from "../../dom.js";
import { growing, nothing, row } from "../parts.js";
import { clock, minus, moment, money, period } from "../text.js";
import { payAt } from "./bills.js";

/** @typedef {import("../../client/index.js").Answer<"showPayment">} Order */
/** @typedef {import("../../client/index.js").Schema<"OrderListItem">} OrderListItem */

const words = { created: "待支付", placed: "待支付", paid: "缴费成功", closed: "已关闭" };

/** @type {import("../app.js").Page} */
export const payments = {
  title: "缴费记录",
  async load(app) {
    const list = app.house.payments();
    return { list, page: await list.page() };
  },
  show: (app, { list, page }) =>
    page.items.length === 0
      ? nothing("receipt", "还没有缴费记录")
      : el(
          "section.card",
          null,
          growing(list, page, (/** @type {OrderListItem} */ order) =>
            el(
              "li",
              null,
              el(
                "button.item",
                { onclick: () => app.go(`pages/payment/detail?orderId=${order.orderId}`) },
                el("span.bill-text", null, el("b", null, words[order.state]), el("span.muted", null, moment(order.paidAt ?? order.createdAt))),
                el(
                  "span.bill-amount",
                  null,
                  money(order.payableFen),
                  order.discountFen > 0 && el("small.muted", null, `已优惠 ${minus(order.discountFen).slice(1)}`),
                ),
                icon("next"),
              ),
            ),
          ),
        ),
};

/** Where an order stands. An owner whose money may be on its way is never asked to pay again. @type {import("../app.js").Page} */
export const order = {
  title: "缴费结果",
  async load(app, query) {
    const id = query["orderId"] ?? "";
    const [found, ask] = await Promise.all([app.house.payment(id), app.toAsk("bill.issued")]);
    return { order: found, ask };
  },
  show(app, { order: found, ask }) {
    const page = el("div.stack");
    const confirmed = app.wx.getStorageSync(`confirmed.${found.orderId}`) === true;
    const visit = app.visit;
    /** @param {Order} latest @param {boolean} waiting */
    const draw = (latest, waiting) => fill(page, result(app, latest, ask, confirmed, waiting));
    const unclear = confirmed && (found.state === "created" || found.state === "placed");
    draw(found, unclear);
    if (unclear)
      void app.house
        .settled(found.orderId)
        .then(
          (latest) => latest,
          () => /** @type {Order} */ (found),
        )
        .then((latest) => {
          if (visit === app.visit) draw(latest, false);
        });
    return page;
  },
};

/**
 * @param {import("../app.js").App} app @param {Order} order @param {import("../../client/index.js").Schema<"TemplateToAsk">[]} ask
 * @param {boolean} confirmed The payer typed the password. @param {boolean} waiting We are asking.
 */
function result(app, order, ask, confirmed, waiting) {
  const facts = el(
    "section.card",
    null,
    order.topUpFen > 0 ? row("预存金额", money(order.topUpFen)) : row("费用合计", money(order.principalFen)),
    order.prepaidFen > 0 && row("预存抵扣", minus(order.prepaidFen), "good"),
    order.discountFen > 0 && row("优惠", minus(order.discountFen), "good"),
    order.lateFeeFen > 0 && row("违约金", money(order.lateFeeFen)),
    row(order.state === "paid" ? "实付" : confirmed ? "付款金额" : "应付", money(order.payableFen), "total"),
    row("下单时间", moment(order.createdAt)),
    order.paidAt && row("支付时间", moment(order.paidAt)),
    row(
      "订单号",
      el(
        "button.link.number",
        { onclick: () => app.wx.setClipboardData({ data: order.orderId.replace(/-/g, "") }) },
        `…${order.orderId.replace(/-/g, "").slice(-10)} 复制`,
      ),
    ),
  );
  const done = el(
    "button.outlined",
    {
      onclick: async () => {
        await askForMessages(app.wx, app.api, ask);
        app.go("pages/index/index");
      },
    },
    "完成",
  );
  switch (order.state) {
    case "paid":
      return [
        sign("check", "good", order.text, money(order.payableFen)),
        facts,
        el(
          "div.actions",
          null,
          order.receiptReady && el("button.primary", { onclick: () => app.go(`pages/payment/receipt?orderId=${order.orderId}`) }, "查看收据"),
          done,
        ),
      ];
    case "closed":
      return [
        sign("close", "quiet", "订单已关闭", order.text),
        facts,
        el(
          "div.actions",
          null,
          el("button.primary", { onclick: () => app.replace(`pages/bill/quote?bills=${order.billIds.join(",")}`) }, "重新缴费"),
        ),
      ];
    default:
      return confirmed
        ? [
            waiting
              ? el(
                  "section.result",
                  null,
                  el("span.spinner.large"),
                  el("h2", null, "正在确认到账"),
                  el("p.muted", null, "您已完成付款，请勿重复支付。"),
                )
              : sign("clock", "wait", "正在确认到账", `${order.text}。到账后会自动销账，无须停留在此页。`),
            facts,
            el(
              "div.actions",
              null,
              el("button.outlined", { disabled: waiting, onclick: () => app.reload() }, waiting ? "正在向微信确认…" : "刷新结果"),
            ),
          ]
        : [
            sign("clock", "wait", "等待支付", `请在 ${clock(order.expiresAt)} 前完成支付，逾时订单自动关闭。`),
            facts,
            el(
              "div.actions",
              null,
              app.button("button.primary", "继续支付", async (tap) => {
                if (order.topUpFen > 0) return app.go("pages/prepaid/index");
                const priced = await app.house.quote(order.billIds);
                await payAt(app, { billIds: order.billIds, quoteHash: priced.quoteHash, prepaidFen: order.prepaidFen }, tap);
              }),
              el("button.outlined", { onclick: () => app.go("pages/index/index") }, "稍后再付"),
            ),
          ];
  }
}

/** @param {string} mark @param {string} mood @param {string} title @param {import("../../dom.js").Child} below */
const sign = (mark, mood, title, below) =>
  el(
    /** @type {"section"} */ (`section.result.${mood}`),
    null,
    icon(mark, "big"),
    el("h2", null, title),
    typeof below === "string" ? el("p.muted", null, below) : el("p.amount", null, below),
  );

/** A receipt gets its number some seconds after the payment: worth waiting for, because the PDF needs it. @param {import("../app.js").App} app @param {string} orderId */
async function numbered(app, orderId) {
  for (let tries = 0; ; tries++) {
    const found = await app.house.receipt(orderId);
    if (found.numbered || tries === 5) return found;
    await new Promise((resolve) => setTimeout(resolve, 800));
  }
}

/** @type {import("../app.js").Page} */
export const receipt = {
  title: "收据",
  async load(app, query) {
    const orderId = query["orderId"] ?? "";
    const [paid, invoiced] = await Promise.all([numbered(app, orderId), app.house.invoice(orderId)]);
    return { orderId, paid, invoiced };
  },
  show: (app, { orderId, paid, invoiced }) => [
    el(
      "section.receipt",
      null,
      el("header", null, el("h2", null, "物业缴费收据"), el("p.muted", null, paid.numbered ? `No. ${paid.number}` : paid.number)),
      el("p.receipt-amount", null, money(paid.amountFen)),
      el("p.in-words", null, paid.amountInWords),
      el(
        "div.receipt-lines",
        null,
        paid.lines.map((/** @type {import("../../client/index.js").Schema<"ReceiptLine">} */ line) =>
          el(
            "div.line",
            null,
            row(line.title, money(line.fen), "strong"),
            line.from && line.to && el("p.muted", null, period(line.from, line.to)),
            line.discountFen > 0 && el("p.good-text", null, `其中优惠 ${minus(line.discountFen).slice(1)}`),
          ),
        ),
      ),
      el(
        "div.receipt-facts",
        null,
        paid.discountFen > 0 && row("优惠合计", minus(paid.discountFen), "good"),
        paid.prepaidUsedFen > 0 && row("预存抵扣", money(paid.prepaidUsedFen)),
        paid.prepaidFen > 0 && row("转入预存", money(paid.prepaidFen)),
        row("实收", money(paid.amountFen), "total"),
        row("小区", paid.community),
        row("房屋", paid.house),
        row("付款方式", paid.channel),
        row("付款时间", moment(paid.paidAt)),
        row("微信支付单号", el("span.number.long", null, paid.transactionId)),
      ),
    ),
    el(
      "div.actions",
      null,
      paid.numbered && app.button("button.primary", "查看收据 PDF", () => app.house.openReceipt(app.wx, orderId)),
      el(
        "button.outlined",
        { onclick: () => app.go(`pages/payment/invoice?orderId=${orderId}`) },
        invoiced ? `电子发票：${invoiced.text}` : "申请电子发票",
      ),
    ),
    el("p.fine-print", null, "本收据仅作缴费凭证，不作为税务发票。"),
  ],
};

/** @typedef {import("../../client/index.js").Answer<"showInvoice">} Invoice */

/** The e-invoice of a payment: what became of it, or the form to ask for one. @type {import("../app.js").Page} */
export const invoice = {
  title: "电子发票",
  async load(app, query) {
    const orderId = query["orderId"] ?? "";
    return { orderId, found: await app.house.invoice(orderId) };
  },
  show: (app, { orderId, found }) =>
    found && found.state !== "rejected" && found.state !== "red" && found.state !== "cancelled" ? invoiceFacts(found) : [found && invoiceFacts(found), invoiceForm(app, orderId)],
};

/** @param {Invoice} found */
const invoiceFacts = (found) =>
  el(
    "section.card",
    null,
    row("状态", found.text, "strong"),
    row("抬头", found.title),
    found.taxNumber !== "" && row("税号", found.taxNumber),
    row("开票金额", money(found.grossFen), "total"),
    row("其中税额", money(found.taxFen)),
    found.number && row("发票号码", found.number),
    found.reason && row("原因", found.reason),
  );

/** @param {import("../app.js").App} app @param {string} orderId */
function invoiceForm(app, orderId) {
  const title = el("input", { id: "title", placeholder: "姓名，或营业执照上的单位全称", autocomplete: "off" });
  const taxNumber = el("input", { id: "tax-number", placeholder: "18 位统一社会信用代码，个人不填", autocomplete: "off" });
  const email = el("input", { id: "email", placeholder: "选填", autocomplete: "off" });
  return el(
    "section.card.bind",
    null,
    el("label.field", { for: "title" }, el("span", null, "抬头"), title),
    el("label.field", { for: "tax-number" }, el("span", null, "税号"), taxNumber),
    el("label.field", { for: "email" }, el("span", null, "邮箱"), email),
    el("p.fine-print", null, "代收代缴费用、违约金和预存款不在此开票。"),
    app.button("button.primary", "提交申请", async (tap) => {
      if (!title.value.trim()) return void app.say("请填写发票抬头");
      const firm = taxNumber.value.trim() !== "";
      await app.house.requestInvoice(
        orderId,
        {
          titleKind: firm ? "company" : "personal",
          title: title.value.trim(),
          ...(firm ? { taxNumber: taxNumber.value.trim() } : {}),
          ...(email.value.trim() !== "" ? { email: email.value.trim() } : {}),
        },
        tap,
      );
      app.wx.showToast({ title: "已提交" });
      app.reload();
    }),
  );
}
