// @ts-check
import { el, icon } from "../../dom.js";
import { nothing } from "../parts.js";
import { period } from "../text.js";

/** @typedef {import("../../client/index.js").Schema<"ModelListShown">} List */
/** @typedef {import("../../client/index.js").Schema<"ConsentRequest">} Consent */

/** @type {[Consent["name"], string][]} */
const names = [
  ["surname", "只显示姓氏，如“王姓业主”"],
  ["masked", "隐去名字，如“王**”"],
  ["hidden", "不显示姓名，写作“热心业主”"],
];

/** @type {[Consent["house"], string][]} */
const houses = [
  ["building", "只显示楼栋，如“1号楼”"],
  ["masked", "隐去部分房号，如“1-*-**01”"],
  ["hidden", "不显示房号"],
];

/** Who pays in time and likes to be seen. @type {import("../app.js").Page} */
export const modelPayers = {
  title: "缴费模范户",
  load: async (app, query) => (await app.house.board.modelPayerLists()).find((list) => list.listId === query["id"]),
  show(app, /** @type {List | undefined} */ list) {
    if (!list) return nothing("medal", "没有找到这份名单", "名单可能已经结束");
    return [
      el(
        "section.card.head",
        null,
        icon("medal", "big"),
        el("h2.draw-title", null, list.title),
        el("p.muted", null, `统计期间 ${period(list.from, list.to)}`),
        list.mayConsent &&
          el(
            /** @type {"span"} */ (`span.tag.${list.qualifies ? "due" : "quiet"}`),
            null,
            list.qualifies ? "本户至今全部按时缴清" : "本期账单全部按时缴清才能上榜",
          ),
      ),
      list.state === "published" && entries(list),
      list.mayConsent ? consent(app, list) : el("p.fine-print", null, icon("info"), "只有房屋的业主可以同意展示。"),
    ];
  },
};

/** @param {List} list */
const entries = (list) =>
  el(
    "section.card",
    null,
    el("h2.card-title", null, `上榜 ${list.houses} 户`),
    list.entries.length > 0
      ? el(
          "ul.entries",
          null,
          list.entries.map((entry) => el("li", null, icon("medal"), el("b", null, entry.name), entry.house && el("span.muted", null, entry.house))),
        )
      : el("p.muted", null, list.houses > 0 ? "为保护其他住户的隐私，本期不展示具体名单。" : "本期没有同意展示的住户。"),
  );

/** @param {import("../app.js").App} app @param {List} list */
function consent(app, list) {
  const name = choice("姓名的展示方式", "name", names, list.mine?.name ?? "surname");
  const house = choice("房号的展示方式", "house", houses, list.mine?.house ?? "building");
  return [
    el("section.card.question", null, el("h2.card-title", null, list.mine ? "您已同意展示" : "是否愿意展示"), el("p.formula", null, list.consentText)),
    name.view,
    house.view,
    el(
      "div.actions",
      null,
      app.button("button.primary", list.mine ? "更改展示方式" : "同意展示", async (tap) => {
        await app.house.board.consentToBeShown(list.listId, { name: name.read(), house: house.read() }, tap);
        app.wx.showToast({ title: list.mine ? "已更改" : "感谢支持", icon: "success" });
        app.reload();
      }),
      list.mine &&
        app.button("button.outlined", "撤回同意", async (tap) => {
          if (!(await app.ask({ content: "撤回后立即不再展示，之后可以重新同意。", confirmText: "撤回", cancelText: "再想想" }))) return;
          await app.house.board.withdrawConsent(list.listId, tap);
          app.wx.showToast({ title: "已撤回" });
          app.reload();
        }),
    ),
  ];
}

/**
 * @template {string} Value
 * @param {string} title @param {string} group @param {[Value, string][]} values @param {Value} chosen
 * @returns {{ view: HTMLElement, read: () => Value }}
 */
function choice(title, group, values, chosen) {
  let now = chosen;
  return {
    view: el(
      "fieldset.card.question",
      null,
      el("legend", null, title),
      el(
        "div.options",
        null,
        values.map(([value, label]) =>
          el(
            "label",
            null,
            el("input", {
              type: "radio",
              name: group,
              checked: value === chosen,
              onchange: () => {
                now = value;
              },
            }),
            el("span", null, label),
          ),
        ),
      ),
    ),
    read: () => now,
  };
}
