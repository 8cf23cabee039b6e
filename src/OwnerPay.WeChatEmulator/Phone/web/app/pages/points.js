// @ts-check
import { el, icon } from "../../dom.js";
import { growing, nothing, segments } from "../parts.js";
import { count, day, moment } from "../text.js";

/** @typedef {import("../../client/index.js").Answer<"showPoints">} Statement */
/** @typedef {import("../../client/index.js").Answer<"showStreak">} Streak */
/** @typedef {import("../../client/index.js").Schema<"PointsEntryView">} Entry */
/** @typedef {import("../../client/index.js").Schema<"PointsLotHistory">} Lot */

/** @type {import("../app.js").Page} */
export const points = {
  title: "我的积分",
  async load(app, query) {
    const byLot = query["view"] === "lots";
    const [list, lots] = [app.house.points(), app.house.pointsLots()];
    const [statement, streak, page] = await Promise.all([list.page(), app.house.streak(), byLot ? lots.page() : null]);
    return { list, lots, statement, streak, page };
  },
  show(app, { list, lots, statement, streak, page }) {
    const views = segments(app, [["收支明细", "pages/points/index"], ["按有效期", "pages/points/index?view=lots"]], page ? 1 : 0);
    return [balance(app, statement), years(streak), views, page ? expiries(lots, page) : movements(list, statement)];
  },
};

/** @param {import("../app.js").App} app @param {Statement} statement */
const balance = (app, statement) =>
  el(
    "section.hero.small",
    null,
    el("p.hero-label", null, "可用积分"),
    el("p.hero-amount", null, count(statement.balance)),
    statement.balance < 0
      ? el("p.hero-note", null, "退款收回了已使用的积分，以后获得的积分会先补足")
      : statement.lots.slice(0, 2).map((lot) => el("p.hero-note", null, `${count(lot.remaining)} 分将于 ${day(lot.expiresOn)}到期`)),
    el(
      "div.hero-buttons",
      null,
      el("button.hero-button", { onclick: () => app.go("pages/reward/list") }, "兑换礼品"),
      el("button.hero-button", { onclick: () => app.go("pages/draw/index") }, "参加抽奖"),
    ),
  );

/** Years in a row that were paid in time, and what they are good for. @param {Streak} streak */
function years(streak) {
  if (streak.pointsPerYuan === 0) return null;
  const promised = streak.timesAfter > 1 && streak.yearsNeeded > 0;
  const missing = streak.yearsNeeded - streak.years;
  return el(
    "section.card.streak",
    null,
    el("h2.card-title", null, icon("medal"), promised ? `连续按时缴费 ${streak.years} 年` : "缴费得积分"),
    promised &&
      el(
        "ol.years",
        { "aria-hidden": "true" },
        Array.from({ length: streak.yearsNeeded }, (_, at) => el(/** @type {"li"} */ (`li${at < streak.years ? ".kept" : ""}`))),
      ),
    el("p", null, "现在每缴 1 元得 ", el("b", null, `${streak.pointsPerYuan} 积分`), streak.times > 1 && `（已享 ${streak.times} 倍）`),
    promised &&
      el(
        "p.muted",
        null,
        missing > 0
          ? `再有 ${missing} 个自然年全部按时缴清，即可享 ${streak.timesAfter} 倍积分。`
          : "有账单逾期后，连续年数会重新计算。",
      ),
  );
}

/** @param {import("../../client/index.js").Pages<Entry, any>} list @param {Statement} statement */
const movements = (list, statement) =>
  statement.items.length === 0
    ? nothing("star", "还没有积分", "按时缴费即可获得积分")
    : el(
        "section.card",
        null,
        growing(list, statement, (entry) =>
          el(
            "li",
            null,
            el(
              "div.item",
              null,
              el("span.bill-text", null, el("b", null, entry.note), el("span.muted", null, moment(entry.at))),
              el(
                /** @type {"span"} */ (`span.delta${entry.delta > 0 ? ".plus" : ""}`),
                null,
                `${entry.delta > 0 ? "+" : "-"}${count(Math.abs(entry.delta))}`,
              ),
            ),
          ),
        ),
      );

/** @param {import("../../client/index.js").Pages<Lot>} list @param {{ items: Lot[], nextCursor: string | null }} page */
const expiries = (list, page) =>
  page.items.length === 0
    ? nothing("star", "还没有积分", "按时缴费即可获得积分")
    : [
        el("section.card", null, growing(list, page, lotLine)),
        el("p.fine-print", null, icon("info"), "使用积分时，先到期的先用；退款会收回该笔缴费所得的积分。"),
      ];

/** @param {Lot} lot */
function lotLine(lot) {
  /** @type {[string, number][]} */
  const moves = [
    ["得", lot.sums.earned],
    ["用", lot.sums.spent],
    ["退回", lot.sums.returned],
    ["过期", lot.sums.expired],
    ["收回", lot.sums.takenBack],
    [lot.filled < 0 ? "补他笔" : "补入", Math.abs(lot.filled)],
  ];
  return el(
    "li",
    null,
    el(
      "div.item",
      null,
      el(
        "span.bill-text",
        null,
        el("b", null, lot.note || "积分"),
        el("span.muted", null, moves.filter(([, number]) => number !== 0).map(([what, number]) => `${what} ${count(number)}`).join(" · ")),
        lot.remaining > 0
          ? el("span.tag.due", null, `${day(lot.expiresOn)}到期`)
          : el("span.tag.quiet", null, lot.remaining < 0 ? "待补足" : lot.sums.expired > 0 ? "已过期" : "已用完"),
      ),
      el("span.bill-amount", null, count(lot.remaining), el("small", null, "剩余积分")),
    ),
  );
}
