// @ts-check
import { askForMessages } from "../../client/index.js";
import { el, icon, rich } from "../../dom.js";
import { row, stepper } from "../parts.js";
import { moment, span } from "../text.js";

/** @typedef {import("../../client/index.js").Schema<"OwnerEvent">} Event */
/** @typedef {import("../../client/index.js").Schema<"TemplateToAsk">} TemplateToAsk */

/** @param {Event} one @param {string} today */
function state(one, today) {
  if (one.state === "cancelled") return el("span.tag.quiet", null, "已取消");
  if (one.endsAt.slice(0, 10) < today) return el("span.tag.quiet", null, "已结束");
  if (one.mine?.state === "confirmed") return el("span.tag.due", null, one.mine.checkedIn ? "已签到" : "已报名");
  if (one.mine?.state === "waiting") return el("span.tag.due", null, `候补第 ${one.mine.waits} 位`);
  if (one.signUpUntil.slice(0, 10) < today) return el("span.tag.quiet", null, "报名已截止");
  if (one.placesLeft > 0) return el("span.tag.due", null, `余 ${one.placesLeft} 个名额`);
  return el("span.tag.quiet", null, one.hasWaitingList ? "已满，可候补" : "名额已满");
}

/** @param {import("../app.js").App} app @param {Event} one @param {string} today */
export const eventCard = (app, one, today) =>
  el(
    "button.card.post",
    { onclick: () => app.go(`pages/event/detail?eventId=${one.eventId}`) },
    el("span.post-head", null, el("b", null, one.title), state(one, today)),
    el("span.post-fact", null, icon("clock"), span(one.startsAt, one.endsAt)),
    el("span.post-fact", null, icon("home"), one.place),
  );

/** @type {import("../app.js").Page} */
export const event = {
  title: "活动详情",
  async load(app, query) {
    const [one, { today }, ask] = await Promise.all([
      app.house.board.event(query["eventId"] ?? ""),
      app.house.home(),
      app.toAsk("event.reminder", "event.place-given", "event.cancelled"),
    ]);
    return { one, today, ask };
  },
  /** @param {import("../app.js").App} app @param {{ one: Event, today: string, ask: TemplateToAsk[] }} loaded */
  show(app, { one, today, ask }) {
    return [
      el(
        "article.card.paper",
        null,
        el("h2.paper-title", null, one.title),
        state(one, today),
        one.state === "cancelled" && el("p.tip.quiet", null, icon("info"), `活动已取消：${one.cancelReason ?? ""}`),
        el(
          "div.facts",
          null,
          row("时间", span(one.startsAt, one.endsAt)),
          row("地点", one.place),
          row("报名截止", moment(one.signUpUntil)),
          row("名额", `共 ${one.places} 人，余 ${one.placesLeft} 人；每户最多 ${one.perHouse} 人`),
        ),
        rich(one.html),
      ),
      one.mine ? mine(app, one, one.mine, today) : signUp(app, one, today, ask),
    ];
  },
};

/** @param {Event} one @param {string} today */
const isOpen = (one, today) => one.state === "published" && one.signUpUntil.slice(0, 10) >= today;

/** @param {import("../app.js").App} app @param {Event} one @param {string} today @param {TemplateToAsk[]} ask */
function signUp(app, one, today, ask) {
  if (!isOpen(one, today)) return null;
  if (one.houseLeft === 0) return el("p.fine-print", null, icon("info"), "本户名额已由家人报满。");
  const full = one.placesLeft === 0;
  if (full && !one.hasWaitingList) return el("p.fine-print", null, icon("info"), "名额已满。");
  let people = 1;
  return [
    el(
      "section.card",
      null,
      el(
        "div.choose",
        null,
        el("span", null, "参加人数"),
        stepper("参加人数", one.houseLeft, (now) => {
          people = now;
        }),
      ),
      one.hasWaitingList && el("p.fine-print.inside", null, "名额不足时进入候补，有空位会按顺序递补并通知您。"),
    ),
    el(
      "div.actions",
      null,
      app.button("button.primary", full ? "排队候补" : "我要报名", async (tap) => {
        await askForMessages(app.wx, app.api, ask);
        const done = await app.house.board.signUp(one.eventId, people, tap);
        app.wx.showToast(done.state === "confirmed" ? { title: "报名成功", icon: "success" } : { title: "已进入候补" });
        app.reload();
      }),
    ),
  ];
}

/** @param {import("../app.js").App} app @param {Event} one @param {NonNullable<Event["mine"]>} mine @param {string} today */
const mine = (app, one, mine, today) => [
  el(
    "section.card.head",
    null,
    icon(mine.state === "waiting" ? "clock" : "check", "big"),
    el("b", null, mine.state === "waiting" ? `候补第 ${mine.waits} 位` : mine.checkedIn ? "已签到，感谢参加" : `已报名 ${mine.places} 人`),
    el("p.muted", null, mine.state === "waiting" ? "有空位时按顺序递补，并通知您。" : mine.checkedIn ? "" : "活动当天在签到处报房号即可。"),
  ),
  one.state === "published" &&
    !mine.checkedIn &&
    one.endsAt.slice(0, 10) >= today &&
    el(
      "div.actions",
      null,
      app.button("button.outlined", mine.state === "waiting" ? "退出候补" : "取消报名", async (tap) => {
        const content = mine.state === "waiting" ? "退出后再报名需要重新排队。" : "取消后名额让给候补的邻居，再报名时可能已满。";
        if (!(await app.ask({ content, confirmText: "确认取消", cancelText: "再想想" }))) return;
        await app.house.board.cancelSignUp(one.eventId, mine.signUpId, tap);
        app.wx.showToast({ title: "已取消" });
        app.reload();
      }),
    ),
];
