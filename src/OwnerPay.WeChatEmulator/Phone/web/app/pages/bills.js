// @ts-check
import { askForMessages, isProblem, requestPayment, yuan } from "../../client/index.js";
import { el, fill, icon } from "../../dom.js";
import { billAmount, billState, billText, growing, nothing, row, segments } from "../parts.js";
import { about, day, minus, money, period, shortDay, signed } from "../text.js";

/** @typedef {import("../../client/index.js").Schema<"BillQuote">} Quote */
/** @typedef {import("../../client/index.js").Schema<"TemplateToAsk">} TemplateToAsk */
/** @typedef {import("../../client/index.js").Schema<"BillListItem">} BillListItem */
/** @typedef {import("../../client/index.js").Schema<"PartPayment">} Part */

/** @type {import("../app.js").Page} */
export const bills = {
  title: "账单",
  async load(app, query) {
    const all = query["state"] === "all";
    const list = app.house.bills(all ? "all" : "open");
    const [page, ask] = await Promise.all([list.page(), app.toAsk("bill.issued")]);
    return { all, list, page, ask };
  },
  show(app, { all, list, page, ask }) {
    const tabs = segments(app, [["待缴", "pages/bill/list"], ["全部", "pages/bill/list?state=all"]], all ? 1 : 0);
    const remind =
      ask.length > 0 &&
      el(
        "button.remind",
        {
          onclick: async () => {
            const asked = await askForMessages(app.wx, app.api, ask);
            if (asked.switchedOff) await app.say("订阅消息已关闭", "请在小程序右上角“设置”中打开订阅消息。");
            else if (asked.allowed > 0) app.wx.showToast({ title: "下期账单会提醒您" });
            app.reload();
          },
        },
        icon("bell"),
        "下期账单出账时提醒我",
      );
    if (page.items.length === 0) return [tabs, all ? nothing("bill", "还没有账单") : nothing("check", "没有待缴账单", "费用已全部缴清"), remind];
    return all
      ? [
          tabs,
          el(
            "section.card",
            null,
            growing(list, page, (/** @type {BillListItem} */ bill) => el("li", null, opener(app, bill))),
          ),
          remind,
        ]
      : [tabs, choice(app, page.items, [remind, app.button("button.link", "查看交费通知单 PDF", () => app.house.openStatement(app.wx))])];
  },
};

/** @param {import("../app.js").App} app @param {BillListItem} bill */
const opener = (app, bill) =>
  el("button.item", { onclick: () => app.go(`pages/bill/detail?billId=${bill.billId}`) }, billText(bill), billAmount(bill), icon("next"));

/**
 * Whole bills to choose from; all of them are, until the owner says otherwise.
 * @param {import("../app.js").App} app @param {BillListItem[]} open @param {import("../../dom.js").Child} remind
 */
function choice(app, open, remind) {
  const chosen = new Set(open.map((bill) => bill.billId));
  const bar = el("footer.bar");
  const draw = () => {
    const taken = open.filter((bill) => chosen.has(bill.billId));
    fill(
      bar,
      el(
        "span.bar-sum",
        null,
        el("small", null, `已选 ${taken.length} 张`),
        money(taken.reduce((sum, bill) => sum + bill.openFen + bill.lateFeeFen, 0)),
      ),
      el(
        "button.primary",
        { disabled: taken.length === 0, onclick: () => app.go(`pages/bill/quote?bills=${taken.map((bill) => bill.billId).join(",")}`) },
        "去缴费",
      ),
    );
  };
  draw();
  return [
    el(
      "ul.list.card",
      null,
      open.map((bill) => {
        const box = el("input", {
          type: "checkbox",
          checked: true,
          "aria-label": `选择 ${bill.title} ${period(bill.periodFrom, bill.periodTo)}`,
          onchange: () => {
            if (box.checked) chosen.add(bill.billId);
            else chosen.delete(bill.billId);
            draw();
          },
        });
        return el("li.choosable", null, box, opener(app, bill));
      }),
    ),
    remind,
    bar,
  ];
}

/** One bill with the computation of every line. @type {import("../app.js").Page} */
export const billDetail = {
  title: "账单详情",
  load: (app, query) => app.house.bill(query["billId"] ?? ""),
  show(app, /** @type {import("../../client/index.js").Answer<"showBill">} */ { bill, lines, reductions, lateFeeAsOf, adjustments }) {
    const discounts = reductions.reduce((sum, one) => sum + one.discountFen, 0);
    return [
      el("section.card.head", null, el("p.muted", null, bill.title), el("p.amount", null, money(bill.amountFen + bill.adjustedFen)), billState(bill)),
      el(
        "section.card",
        null,
        row("账期", period(bill.periodFrom, bill.periodTo)),
        row("出账日", day(bill.issuedOn)),
        row("缴费截止", day(bill.dueOn)),
        bill.paidOn && row("缴清日", day(bill.paidOn)),
        discounts > 0 && row("已享优惠", minus(discounts), "good"),
        bill.state === "open" && bill.openFen !== bill.amountFen + bill.adjustedFen && row("尚欠", money(bill.openFen)),
        bill.lateFeeFen > 0 && row(`违约金（截至${shortDay(lateFeeAsOf)}）`, money(bill.lateFeeFen), "late"),
      ),
      adjustments.length > 0 && [
        el("h2.section", null, "账单更正"),
        el(
          "section.card",
          null,
          adjustments.map((one) =>
            el(
              "div.line",
              null,
              row(one.kind === "void" ? "作废" : "更正", signed(one.fen), "strong"),
              el("p.muted", null, `${day(one.on)}　${one.reason}`),
              one.creditFen > 0 && el("p.good-text", null, `已缴的 ${signed(one.creditFen).slice(1)} 转入预存`),
            ),
          ),
        ),
      ],
      el("h2.section", null, "费用明细"),
      el(
        "section.card",
        null,
        lines.map((line) =>
          el(
            "div.line",
            null,
            row(line.title, money(line.amountFen), "strong"),
            el("p.muted", null, period(line.from, line.to)),
            el("p.formula", null, line.formula),
          ),
        ),
      ),
      bill.state === "open" &&
        app.button("button.link", "请家人代付", async () => {
          const made = await app.house.sharePayLink([bill.billId]);
          app.wx.setClipboardData({ data: made.path });
          await app.say("代付链接已复制", `有效至 ${day(made.expiresAt.slice(0, 10))}，对方无需绑定房屋，看不到您的姓名。`);
        }),
      bill.state === "open" &&
        el(
          "footer.bar",
          null,
          el("span.bar-sum", null, el("small", null, "待缴"), money(bill.openFen + bill.lateFeeFen)),
          el("button.primary", { onclick: () => app.go(`pages/bill/quote?bills=${bill.billId}`) }, "去缴费"),
        ),
    ];
  },
};

/** The price, explained before anything is tapped. @type {import("../app.js").Page} */
export const quote = {
  title: "确认缴费",
  async load(app, query) {
    const bills = (query["bills"] ?? "").split(",");
    const parts = query["part"] ? [{ billId: bills[0] ?? "", fen: Number(query["part"]) }] : null;
    const [priced, ask] = await Promise.all([app.house.quote(bills, { parts }), app.toAsk("payment.receipt")]);
    return { priced, ask, parts };
  },
  show: (app, { priced, ask, parts }) => priceOf(app, priced, ask, parts),
};

/** @param {import("../app.js").App} app @param {Quote} priced @param {TemplateToAsk[]} ask @param {Part[] | null} parts */
function priceOf(app, priced, ask, parts) {
  const most = Math.min(priced.prepaidBalanceFen ?? 0, priced.payableFen);
  const usesPrepaid = el("input", { type: "checkbox", "aria-label": "使用预存余额", onchange: () => draw() });
  const bar = el("footer.bar");
  const draw = () => {
    const prepaidFen = usesPrepaid.checked ? most : 0;
    fill(
      bar,
      el("span.bar-sum", null, el("small", null, priced.discountFen > 0 ? `已优惠 ${minus(priced.discountFen).slice(1)}` : "应付"), money(priced.payableFen - prepaidFen)),
      app.button("button.primary", priced.payableFen > prepaidFen ? "去支付" : "确认", (tap) => pay(app, priced, ask, { parts, prepaidFen }, tap)),
    );
  };
  draw();
  return [
    priced.bills.map((bill) =>
      el(
        "section.card",
        null,
        el(
          "div.line",
          null,
          row(
            period(bill.periodFrom, bill.periodTo),
            bill.dueOn < priced.at.slice(0, 10) ? `${shortDay(bill.dueOn)}已到期` : `${shortDay(bill.dueOn)}到期`,
            "quiet",
          ),
        ),
        bill.lines.map((line) =>
          el(
            "div.line",
            null,
            row(line.title, money(line.principalFen), "strong"),
            line.discounts.map((discount) => row(discount.name, minus(discount.fen), "good")),
          ),
        ),
        bill.lateFeeFen > 0 && el("div.line", null, row("违约金", money(bill.lateFeeFen), "late")),
      ),
    ),
    priced.nextBetter.length > 0 &&
      el(
        "section.tip",
        null,
        icon("bulb"),
        el(
          "div",
          null,
          el("b", null, "怎样更省"),
          priced.nextBetter.map((step) => el("p", null, step.text)),
        ),
      ),
    (priced.offers.length > 0 || priced.notUsed.length > 0) &&
      el(
        "section.card",
        null,
        el("h2.card-title", null, "优惠说明"),
        priced.offers.map((offer) => row(offer.name, minus(offer.fen), "good")),
        priced.notUsed.map((offer) => el("div.unused", null, el("span", null, offer.name), el("p.muted", null, offer.text))),
      ),
    el(
      "section.card",
      null,
      row("费用合计", money(priced.principalFen)),
      priced.discountFen > 0 && row("优惠", minus(priced.discountFen), "good"),
      priced.lateFeeFen > 0 && row("违约金", money(priced.lateFeeFen)),
      row("应付", money(priced.payableFen), "total"),
    ),
    most > 0 && el("label.card.choosable", null, usesPrepaid, el("span", null, "使用预存余额 ", money(most))),
    priced.gifts.length > 0 && el("section.card", null, priced.gifts.map((gift) => row(gift.name, gift.isCoupon ? "缴费后赠券" : "缴费后领取", "good"))),
    priced.partPaymentMinFen != null && priced.bills.length === 1 && inPart(app, priced, parts),
    el("p.fine-print", null, "价格以下单时为准；下单后在订单有效期内保持不变。"),
    bar,
  ];
}

/** Paying a part of one bill, where the community allows it. @param {import("../app.js").App} app @param {Quote} priced @param {Part[] | null} parts */
function inPart(app, priced, parts) {
  const bill = /** @type {Quote["bills"][number]} */ (priced.bills[0]);
  const to = (/** @type {string} */ part) => app.replace(`pages/bill/quote?bills=${bill.billId}${part}`);
  if (parts) return el("section.card", null, el("p.muted", null, "部分缴纳不享受优惠，余额仍需在到期前缴清。"), el("button.link", { onclick: () => to("") }, "改为缴清整张账单"));
  const amount = el("input", { id: "part", type: "number", inputMode: "decimal", step: "0.01", placeholder: `至少 ${yuan(priced.partPaymentMinFen ?? 0)}` });
  return el(
    "section.card.bind",
    null,
    el("label.field", { for: "part" }, el("span", null, "只缴一部分（元）"), amount),
    el("button.outlined", { onclick: () => {
      const [fen, least, most] = [Math.round(Number(amount.value) * 100), priced.partPaymentMinFen ?? 0, priced.principalFen + priced.lateFeeFen];
      if (fen > 0 && fen >= least && fen < most) return to(`&part=${fen}`);
      return void app.say("请填写缴纳金额", `至少 ${yuan(least)} 元，少于整张账单的 ${yuan(most)} 元。`);
    } }, "按此金额缴纳"),
  );
}

/** @param {import("../app.js").App} app @param {Quote} priced @param {TemplateToAsk[]} ask
 * @param {{ parts: Part[] | null, prepaidFen: number }} how @param {import("../../client/index.js").Tap} tap */
async function pay(app, priced, ask, how, tap) {
  await askForMessages(app.wx, app.api, ask.splice(0)); // once: a second try goes straight on
  try {
    await payAt(app, { billIds: priced.bills.map((bill) => bill.billId), quoteHash: priced.quoteHash, ...how }, tap);
  } catch (error) {
    if (isProblem(error, "quote_changed")) {
      await app.say(error.message);
      const body = app.root.querySelector(".page-body");
      if (body) fill(body, priceOf(app, error.problem.quote, ask, how.parts));
    } else if (isProblem(error, "bill_being_paid")) {
      await app.say(error.message, `如果对方没有付款，约 ${about(error.problem.secondsToWait)}后可以再试。`);
      app.reload();
    } else {
      throw error;
    }
  }
}

/**
 * Order, pay sheet, order page. What the payer did on the sheet is remembered, so that the order page never asks twice for money.
 * @param {import("../app.js").App} app @param {import("../../client/index.js").Body<"startCheckout">} chosen
 * @param {import("../../client/index.js").Tap} tap
 */
export async function payAt(app, chosen, tap) {
  const order = await app.house.checkout(chosen, tap);
  if (order.payParameters && (await requestPayment(app.wx, order.payParameters)) === "confirmed")
    app.wx.setStorageSync(`confirmed.${order.orderId}`, true);
  app.replace(`pages/payment/detail?orderId=${order.orderId}`);
}
