// @ts-check
import { el, icon } from "../../dom.js";
import { heading, nothing } from "../parts.js";
import { eventCard } from "./events.js";
import { noticeLine } from "./notices.js";
import { surveyCard } from "./surveys.js";

/** @typedef {import("../../client/index.js").Answer<"listNotices">} Board */
/** @typedef {import("../../client/index.js").Schema<"OwnerEvent">} Event */
/** @typedef {import("../../client/index.js").Schema<"SurveyShown">} Survey */
/** @typedef {import("../../client/index.js").Schema<"ModelListShown">} ModelList */
/** @typedef {{ notices: Board, events: Event[], surveys: Survey[], lists: ModelList[], today: string }} Loaded */

const fewNotices = 3;

/** What the company and the neighbours tell each other. @type {import("../app.js").Page} */
export const community = {
  title: "社区",
  async load(app) {
    const { board } = app.house;
    const [notices, events, surveys, lists, { today }] = await Promise.all([
      board.notices().page(),
      board.events(),
      board.surveys(),
      board.modelPayerLists(),
      app.house.home(),
    ]);
    app.unreadNotices = notices.unread;
    return { notices, events, surveys, lists, today };
  },
  show(app, /** @type {Loaded} */ { notices, events, surveys, lists, today }) {
    const first = [...notices.pinned, ...notices.items].slice(0, Math.max(fewNotices, notices.pinned.length));
    const coming = events.filter((one) => one.endsAt.slice(0, 10) >= today);
    const past = events.filter((one) => one.endsAt.slice(0, 10) < today).reverse();
    if (first.length + events.length + surveys.length + lists.length === 0)
      return nothing("people", "社区还没有动态", "公告、活动和问卷会在这里显示");
    return [
      first.length > 0 && [
        heading("公告", () => app.go("pages/notice/list")),
        el("ul.list.card", null, first.map((one) => noticeLine(app, one))),
      ],
      surveys.length > 0 && [heading("问卷"), surveys.map((one) => surveyCard(app, one))],
      coming.length > 0 && [heading("活动"), coming.map((one) => eventCard(app, one, today))],
      lists.length > 0 && [
        heading("缴费模范户"),
        el(
          "ul.list.card",
          null,
          lists.map((list) =>
            el(
              "li",
              null,
              el(
                "button.item",
                { onclick: () => app.go(`pages/model-payer/index?id=${list.listId}`) },
                el(
                  "span.bill-text",
                  null,
                  el("b", null, list.title),
                  el("span.muted", null, list.state === "published" ? `${list.houses} 户上榜` : "正在征集展示意愿"),
                ),
                list.mine && el("span.tag.quiet", null, "已同意展示"),
                icon("next"),
              ),
            ),
          ),
        ),
      ],
      past.length > 0 && [heading("往期活动"), past.map((one) => eventCard(app, one, today))],
    ];
  },
};
