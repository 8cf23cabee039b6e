// @ts-check
import { add, el, fill, icon } from "../dom.js";
import { grouped, money, period, shortDay } from "./text.js";

/** @typedef {import("../client/index.js").Schema<"BillListItem">} BillListItem */
/** @typedef {import("../client/index.js").Schema<"HomeBill">} HomeBill */

/** @param {import("../dom.js").Child} label @param {import("../dom.js").Child} value @param {string} [className] */
export const row = (label, value, className = "") =>
  el(/** @type {"div"} */ (`div.row${className && "." + className}`), null, el("span.label", null, label), el("span.value", null, value));

/** @param {string} sign @param {string} title @param {string} [text] */
export const nothing = (sign, title, text = "") =>
  el("section.nothing", null, icon(sign, "big"), el("h2", null, title), text && el("p.muted", null, text));

/**
 * Two or more views of one page.
 * @param {import("./app.js").App} app @param {[label: string, url: string][]} views @param {number} at which of them is shown
 */
export const segments = (app, views, at) =>
  el(
    "div.segments",
    { role: "tablist" },
    views.map(([label, url], one) =>
      el(
        /** @type {"button"} */ (`button${one === at ? ".here" : ""}`),
        { role: "tab", "aria-selected": String(one === at), onclick: () => app.replace(url) },
        label,
      ),
    ),
  );

/** A heading with a way to all of it. @param {string} title @param {(() => void) | null} [more] */
export const heading = (title, more = null) =>
  el("header.section.with-more", null, el("h2", null, title), more && el("button.plain", { onclick: more }, "全部", icon("next")));

/**
 * How many: a number between two buttons.
 * @param {string} label what is counted @param {number} most @param {(now: number) => void} changed
 */
export function stepper(label, most, changed) {
  let now = 1;
  const shown = el("output.number", { "aria-label": label }, now);
  /** @param {number} by */
  const step = (by) => {
    now = Math.min(most, Math.max(1, now + by));
    shown.textContent = String(now);
    [less.disabled, more.disabled] = [now === 1, now === most];
    changed(now);
  };
  const less = el("button", { "aria-label": "减少", disabled: true, onclick: () => step(-1) }, "−");
  const more = el("button", { "aria-label": "增加", disabled: most <= 1, onclick: () => step(1) }, "+");
  return el("span.stepper", null, less, shown, more);
}

/** A pick-up code with its QR picture; the digits do without the picture. @param {string} code @param {string | null} picture */
export const pickUp = (code, picture) => [
  picture ? el("img.qr", { src: picture, alt: "领取码二维码", width: 172, height: 172 }) : el("p.muted", null, "二维码没有加载出来，出示下面的数字即可"),
  el("p.code-label", null, "领取码"),
  el("p.code", null, grouped(code)),
];

/** Its principal was paid late, and the fee for that is left. @param {BillListItem | HomeBill} bill */
const owesFeeOnly = (bill) => "state" in bill && bill.state === "paid" && bill.lateFeeFen > 0;

/** @param {BillListItem | HomeBill} bill */
export function billState(bill) {
  if (owesFeeOnly(bill)) return el("span.tag.late", null, "待缴违约金");
  if ("state" in bill && bill.state === "paid") return el("span.tag.quiet", null, "已缴清");
  if ("state" in bill && bill.state === "voided") return el("span.tag.quiet", null, "已作废");
  return bill.overdue ? el("span.tag.late", null, "已逾期") : el("span.tag.due", null, `${shortDay(bill.dueOn)}到期`);
}

/** What a bill says in a list. @param {BillListItem | HomeBill} bill */
export const billText = (bill) =>
  el("span.bill-text", null, el("b", null, bill.title), el("span.muted", null, period(bill.periodFrom, bill.periodTo)), billState(bill));

/** @param {BillListItem | HomeBill} bill */
export function billAmount(bill) {
  if (owesFeeOnly(bill)) return el("span.bill-amount", null, money(bill.lateFeeFen), el("small.late-fee", null, "违约金"));
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
