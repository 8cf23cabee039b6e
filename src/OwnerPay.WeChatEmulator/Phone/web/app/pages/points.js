// @ts-check
import { el } from "../../dom.js";
import { growing, nothing } from "../parts.js";
import { day, moment } from "../text.js";

/** @typedef {import("../../client/index.js").Answer<"showPoints">} Statement */
/** @typedef {import("../../client/index.js").Schema<"PointsEntryView">} Entry */

/** @type {import("../app.js").Page} */
export const points = {
  title: "积分明细",
  async load(app) {
    const list = app.house.points();
    return { list, page: await list.page() };
  },
  show(app, { list, page }) {
    /** @type {Statement} */
    const statement = page;
    return [
      el(
        "section.hero.small",
        null,
        el("p.hero-label", null, "可用积分"),
        el("p.hero-amount", null, statement.balance.toLocaleString("zh-CN")),
        statement.lots.slice(0, 2).map((lot) => el("p.hero-note", null, `${lot.remaining.toLocaleString("zh-CN")} 分将于 ${day(lot.expiresOn)}到期`)),
        el("button.hero-button", { onclick: () => app.go("pages/reward/list") }, "去兑换礼品"),
      ),
      statement.items.length === 0
        ? nothing("star", "还没有积分", "按时缴费即可获得积分")
        : el(
            "section.card",
            null,
            growing(list, statement, (/** @type {Entry} */ entry) =>
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
                    `${entry.delta > 0 ? "+" : "-"}${Math.abs(entry.delta).toLocaleString("zh-CN")}`,
                  ),
                ),
              ),
            ),
          ),
    ];
  },
};
