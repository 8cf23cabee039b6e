// @ts-check
import { el, icon, rich } from "../../dom.js";
import { growing, nothing } from "../parts.js";
import { day, moment, period, shortDay, size } from "../text.js";

/** @typedef {import("../../client/index.js").Schema<"NoticeItem">} NoticeItem */
/** @typedef {import("../../client/index.js").Answer<"showNotice">} Notice */
/** @typedef {import("../../client/index.js").Schema<"NoticeFileItem">} NoticeFile */

/** @type {Record<NoticeItem["category"], string>} */
const categories = { general: "通知", works: "施工", safety: "安全", activity: "活动", payment: "缴费", disclosure: "公示" };

/** @param {NoticeItem["category"]} category */
const categoryTag = (category) => el(/** @type {"span"} */ (`span.tag.${category === "safety" ? "late" : "quiet"}`), null, categories[category]);

/** @param {import("../app.js").App} app @param {NoticeItem} one */
export const noticeLine = (app, one) =>
  el(
    "li",
    null,
    el(
      /** @type {"button"} */ (`button.message${one.read ? "" : ".unread"}`),
      { onclick: () => app.go(`pages/notice/detail?id=${one.noticeId}`) },
      el("span.message-head", null, el("b", null, one.title), one.pinned && el("span.tag.due", null, "置顶")),
      el(
        "span.notice-facts",
        null,
        categoryTag(one.category),
        el("span", null, shortDay(one.publishedAt.slice(0, 10))),
        one.corrected && el("span", null, "已更正"),
        one.files > 0 && el("span.files", null, icon("clip"), `${one.files} 个附件`),
      ),
    ),
  );

/** @type {import("../app.js").Page} */
export const notices = {
  title: "公告",
  async load(app) {
    const list = app.house.board.notices();
    const page = await list.page();
    app.unreadNotices = page.unread;
    return { list, page };
  },
  show: (app, { list, page }) =>
    page.pinned.length + page.items.length === 0
      ? nothing("horn", "还没有公告")
      : [
          page.unread > 0 && el("p.fine-print", null, icon("info"), `还有 ${page.unread} 条公告未读`),
          page.pinned.length > 0 && el("ul.list.card", null, page.pinned.map((/** @type {NoticeItem} */ one) => noticeLine(app, one))),
          page.items.length > 0 && el("section.card", null, growing(list, page, (/** @type {NoticeItem} */ one) => noticeLine(app, one))),
        ],
};

/** Whoever opens a notice has it before his eyes: the service keeps that he read it. @type {import("../app.js").Page} */
export const notice = {
  title: "公告详情",
  async load(app, query) {
    const name = query["id"] ?? query["scene"] ?? "";
    const one = await app.house.board.notice(name);
    // A receipt that is lost is sent with the next visit; the notice is shown all the same.
    const told = one.read || (await app.house.board.readNotice(name).then(() => true, () => false));
    if (told && !one.read) app.unreadNotices = Math.max(0, app.unreadNotices - 1);
    return { one, told };
  },
  /** @param {import("../app.js").App} app @param {{ one: Notice, told: boolean }} loaded */
  show(app, { one, told }) {
    return [
      el(
        "article.card.paper",
        null,
        el("h2.paper-title", null, one.title),
        el(
          "p.notice-facts",
          null,
          categoryTag(one.category),
          el("span", null, moment(one.publishedAt)),
          one.version > 1 && el("span", null, `已更正（第 ${one.version} 版）`),
        ),
        rich(one.html),
        one.progress && progress(one.progress),
      ),
      one.files.length > 0 && el("ul.list.card", null, one.files.map((file) => el("li", null, attachment(app, one, file)))),
      told && el("p.fine-print", null, icon("check"), "已读，物业已收到阅读回执"),
    ];
  },
};

/** @param {import("../app.js").App} app @param {Notice} notice @param {NoticeFile} file */
const attachment = (app, notice, file) =>
  app.button(
    "button.item",
    [
      icon("clip"),
      el("span.bill-text", null, el("b", null, file.name), el("span.muted", null, `${file.mediaType === "application/pdf" ? "PDF" : "图片"} · ${size(file.bytes)}`)),
      icon("next"),
    ],
    () => app.house.board.openNoticeFile(app.wx, notice.noticeId, file),
  );

/** How much of what fell due is paid, by buildings. @param {NonNullable<Notice["progress"]>} shown */
const progress = (shown) =>
  el(
    "section.progress",
    null,
    el("h3", null, `${period(shown.dueFrom, shown.dueTo)}到期账单缴费进度`),
    shown.lines.map((line) =>
      el(
        "div.progress-line",
        null,
        el("span", null, line.buildings),
        el("span.muted", null, `${line.paid} / ${line.houses} 户`),
        el("b", null, `${(line.paidPerMille / 10).toFixed(1)}%`),
        el("progress", { max: 1000, value: line.paidPerMille, "aria-label": `${line.buildings}缴费进度` }),
      ),
    ),
    el("p.muted", null, `统计至${day(shown.countedAt.slice(0, 10))} ${shown.countedAt.slice(11, 16)}`),
  );
