// @ts-check
import { isProblem, requestPayment } from "../../client/index.js";
import { el, fill, icon } from "../../dom.js";
import { row } from "../parts.js";
import { about, day, minus, money, period, shortDay } from "../text.js";

/** Bills that somebody else asked to be paid. No binding, no names. @type {import("../app.js").Page} */
export const payLink = {
  title: "代付账单",
  async load(app, query) {
    const link = app.api.payLink(query["scene"] ?? "");
    const shown = await link.bills();
    return { link, shown, priced: await link.quote(shown.bills.map((bill) => bill.billId)) };
  },
  show(app, { link, shown, priced }) {
    const page = el("div.stack");
    fill(
      page,
      el("section.card.head", null, el("p.muted", null, `${shown.community} ${shown.house}`), el("p.amount", null, money(priced.payableFen)), el("p.muted", null, `${shown.bills.length} 张账单`)),
      el(
        "section.card",
        null,
        shown.bills.map((/** @type {import("../../client/index.js").Schema<"LinkedBill">} */ bill) =>
          el(
            "div.line",
            null,
            row(bill.title, money(bill.openFen), "strong"),
            el("p.muted", null, `${period(bill.periodFrom, bill.periodTo)}，${shortDay(bill.dueOn)}${bill.overdue ? "已到期" : "到期"}`),
            bill.lateFeeFen > 0 && row("违约金", money(bill.lateFeeFen), "late"),
          ),
        ),
        priced.discountFen > 0 && row("优惠", minus(priced.discountFen), "good"),
        row("应付", money(priced.payableFen), "total"),
      ),
      el("p.fine-print", null, `链接有效至 ${day(shown.expiresAt.slice(0, 10))}。付款后收据和积分归业主。咨询电话 ${shown.contactPhone}`),
      el(
        "footer.bar",
        null,
        el("span.bar-sum", null, el("small", null, "应付"), money(priced.payableFen)),
        app.button("button.primary", "代为支付", async (tap) => {
          try {
            const order = await link.checkout({ billIds: priced.bills.map((/** @type {{ billId: string }} */ bill) => bill.billId), quoteHash: priced.quoteHash }, tap);
            if (order.payParameters && (await requestPayment(app.wx, order.payParameters)) !== "confirmed") return;
            fill(page, el("section.result", null, el("span.spinner.large"), el("h2", null, "正在确认到账"), el("p.muted", null, "您已完成付款，请勿重复支付。")));
            const done = await link.settled(order.orderId);
            fill(
              page,
              el("section.result.good", null, icon("check", "big"), el("h2", null, done.state === "paid" ? "代付成功" : "正在确认到账"), el("p.amount", null, money(done.payableFen)), el("p.muted", null, done.text)),
            );
          } catch (error) {
            if (isProblem(error, "bill_being_paid")) await app.say(error.message, `约 ${about(error.problem.secondsToWait)}后可以再试。`);
            else if (isProblem(error, "quote_changed")) app.reload();
            else throw error;
          }
        }),
      ),
    );
    return page;
  },
};
