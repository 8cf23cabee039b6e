// @ts-check
import { add, el, fill, icon } from "../dom.js";
import { money, period, shortDay } from "./text.js";

/** @typedef {import("../client/index.js").Schema<"BillListItem">} BillListItem */
/** @typedef {import("../client/index.js").Schema<"HomeBill">} HomeBill */

/** @param {import("../dom.js").Child} label @param {import("../dom.js").Child} value @param {string} [className] */
export const row = (label, value, className = "") =>
  el(/** @type {"div"} */ (`div.row${className && "." + className}`), null, el("span.label", null, label), el("span.value", null, value));

/** @param {string} sign @param {string} title @param {string} [text] */
export const nothing = (sign, title, text = "") =>
  el("section.nothing", null, icon(sign, "big"), el("h2", null, title), text && el("p.muted", null, text));

/** @param {BillListItem | HomeBill} bill */
export function billState(bill) {
  if ("state" in bill && bill.state === "paid") return el("span.tag.quiet", null, "已缴清");
  if ("state" in bill && bill.state === "voided") return el("span.tag.quiet", null, "已作废");
  return bill.overdue ? el("span.tag.late", null, "已逾期") : el("span.tag.due", null, `${shortDay(bill.dueOn)}到期`);
}

/** What a bill says in a list. @param {BillListItem | HomeBill} bill */
export const billText = (bill) =>
  el("span.bill-text", null, el("b", null, bill.title), el("span.muted", null, period(bill.periodFrom, bill.periodTo)), billState(bill));

/** @param {BillListItem | HomeBill} bill */
export function billAmount(bill) {
  const settled = "state" in bill && bill.state !== "open";
  return el(
    "span.bill-amount",
    null,
    money(settled ? bill.amountFen : bill.openFen),
    !settled && bill.lateFeeFen > 0 && el("small.late-fee", null, "另有违约金 ", money(bill.lateFeeFen)),
  );
}

/**
 * A list that grows when its end comes into sight, and offers to try again where the network broke.
 * @template Item
 * @param {import("../client/index.js").Pages<Item, any>} pages
 * @param {{ items: Item[], nextCursor: string | null }} page the first, already read
 * @param {(item: Item) => import("../dom.js").Child} show
 */
export function growing(pages, page, show) {
  const list = el("ul.list");
  const end = el("div.list-end");
  let next = page.nextCursor;
  let reading = false;
  add(list, page.items.map(show));

  const more = async () => {
    if (reading || next === null) return;
    reading = true;
    fill(end, el("span.spinner"), "加载中");
    try {
      const read = await pages.page(next);
      next = read.nextCursor;
      add(list, read.items.map(show));
      fill(end, next === null ? "没有更多了" : "");
    } catch {
      fill(
        end,
        el(
          "button.link",
          {
            onclick: () => {
              void more();
            },
          },
          "没有连上，点此重试",
        ),
      );
    } finally {
      reading = false;
    }
  };
  if (next !== null)
    new IntersectionObserver(
      (seen) => {
        if (seen.some((one) => one.isIntersecting)) void more();
      },
      { rootMargin: "200px" },
    ).observe(end);
  return [list, end];
}
