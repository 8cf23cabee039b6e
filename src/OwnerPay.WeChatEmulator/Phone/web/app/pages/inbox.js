// @ts-check
import { el } from "../../dom.js";
import { growing, nothing } from "../parts.js";
import { moment } from "../text.js";

/** @typedef {import("../../client/index.js").Schema<"InboxItem">} Message */

/** Where a message of a kind leads. @type {Record<string, (message: Message) => string>} */
const subjects = {
  "bill.issued": (message) => `pages/bill/detail?billId=${message.subjectId}`,
  "payment.receipt": () => "pages/payment/list",
  "notice.published": (message) => `pages/notice/detail?id=${message.subjectId}`,
  "event.reminder": (message) => `pages/event/detail?eventId=${message.subjectId}`,
  "event.place-given": (message) => `pages/event/detail?eventId=${message.subjectId}`,
  "event.cancelled": (message) => `pages/event/detail?eventId=${message.subjectId}`,
  "draw.won": () => "pages/draw/index",
  "points.expiring": () => "pages/points/index?view=lots",
};

/** @type {import("../app.js").Page} */
export const inbox = {
  title: "消息",
  async load(app) {
    const list = app.house.messages();
    const [page, home] = await Promise.all([list.page(), app.house.home()]);
    app.unread = home.unreadMessages;
    return { list, page };
  },
  show: (app, { list, page }) =>
    page.items.length === 0
      ? nothing("bell", "还没有消息")
      : el(
          "section.card",
          null,
          growing(list, page, (/** @type {Message} */ message) =>
            el(
              "li",
              null,
              el(
                /** @type {"button"} */ (`button.message${message.read ? "" : ".unread"}`),
                {
                  onclick: async () => {
                    try {
                      if (!message.read) await app.house.readMessage(message.id);
                    } catch {
                      // it stays unread; what it says is shown all the same
                    }
                    const to = subjects[message.kind];
                    if (to) app.go(to(message));
                    else app.reload();
                  },
                },
                el("span.message-head", null, el("b", null, message.title), el("span.muted", null, moment(message.createdAt))),
                el("span.message-body", null, message.body),
              ),
            ),
          ),
        ),
};
