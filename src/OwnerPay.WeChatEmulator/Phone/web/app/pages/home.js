// @ts-check
import { el, icon } from "../../dom.js";
import { billAmount, billText } from "../parts.js";
import { lastDay, money, roles, shortDay } from "../text.js";

/** @typedef {import("../../client/index.js").Answer<"showHome">} Home */

/** @type {import("../app.js").Page} */
export const home = {
  title: "业主缴费",
  async load(app) {
    // What is to pay does not wait for the notice board.
    const [data, board] = await Promise.all([app.house.home(), app.house.board.notices().page().catch(() => null)]);
    app.unread = data.unreadMessages;
    app.unreadNotices = board?.unread ?? 0;
    return { data, notice: board && ([...board.pinned, ...board.items].find((one) => !one.read) ?? board.pinned[0]) };
  },
  /** @param {import("../app.js").App} app @param {{ data: Home, notice: import("../../client/index.js").Schema<"NoticeItem"> | null | undefined }} loaded */
  show(app, { data, notice }) {
    return [
      place(app, data),
      notice &&
        el(
          "button.news",
          { onclick: () => app.go(`pages/notice/detail?id=${notice.noticeId}`) },
          icon("horn"),
          el("span", null, notice.title),
          icon("next"),
        ),
      data.bills.length > 0 ? due(app, data) : settled(),
      data.offers.length > 0 &&
        el(
          "ul.offers",
          null,
          data.offers.map((offer) =>
            el("li", null, el("span.tag.offer", null, "优惠"), el("span", null, offer.name), el("span.muted", null, `${lastDay(offer.ends, data.today)}截止`)),
          ),
        ),
      el(
        "section.card.doors",
        null,
        door(app, "receipt", "缴费记录", "pages/payment/list"),
        door(app, "star", `${data.pointsBalance} 积分`, "pages/points/index"),
        door(app, "cup", "幸运抽奖", "pages/draw/index"),
        door(app, "gift", "我的兑换", "pages/redemption/list"),
        door(app, "ticket", "优惠券", "pages/coupon/list"),
        door(app, "purse", "预存预缴", "pages/prepaid/index"),
      ),
      data.bills.length > 0 && [
        el("h2.section", null, "待缴账单"),
        el(
          "ul.list.card",
          null,
          data.bills.map((bill) =>
            el(
              "li",
              null,
              el("button.item", { onclick: () => app.go(`pages/bill/detail?billId=${bill.billId}`) }, billText(bill), billAmount(bill), icon("next")),
            ),
          ),
        ),
      ],
      el(
        "button.contact",
        { onclick: () => app.wx.makePhoneCall({ phoneNumber: data.contactPhone }) },
        icon("phone"),
        el("span", null, "物业服务中心 ", el("b", null, data.contactPhone)),
      ),
    ];
  },
};

/** @param {import("../app.js").App} app @param {Home} data */
function place(app, data) {
  const houses = app.me?.houses ?? [];
  const chosen = el("span", null, el("b", null, data.houseCode), el("span.muted", null, ` ${data.communityName} · ${roles[data.role]}`));
  if (houses.length < 2) return el("header.place", null, chosen);
  const choice = el(
    "select",
    {
      "aria-label": "切换房屋",
      value: data.houseId,
      onchange: () => {
        app.choose(choice.value);
        app.reload();
      },
    },
    houses.map((house) => el("option", { value: house.houseId, selected: house.houseId === data.houseId }, `${house.code} ${house.communityName}`)),
  );
  return el("header.place.switch", null, chosen, icon("swap"), choice);
}

/** @param {import("../app.js").App} app @param {Home} data */
function due(app, data) {
  const overdue = data.bills.filter((bill) => bill.overdue).length;
  const first = /** @type {Home["bills"][number]} */ (data.bills[0]);
  return el(
    "section.hero",
    null,
    el("p.hero-label", null, "待缴金额"),
    el("p.hero-amount", null, money(data.openFen)),
    el(
      "p.hero-note",
      null,
      `${data.bills.length} 张账单`,
      overdue === 0 ? `，最早 ${shortDay(first.dueOn)}到期` : overdue === data.bills.length ? "已逾期" : `，其中 ${overdue} 张已逾期`,
    ),
    data.lateFeeFen > 0 && el("p.hero-note", null, "按合同另有违约金 ", money(data.lateFeeFen)),
    el("button.hero-button", { onclick: () => app.go(`pages/bill/quote?bills=${data.bills.map((bill) => bill.billId).join(",")}`) }, "去缴费"),
  );
}

const settled = () =>
  el(
    "section.hero.clear",
    null,
    icon("check", "big"),
    el("p.hero-clear", null, "费用已全部缴清"),
    el("p.hero-note", null, "有新的账单时会在这里显示"),
  );

/** @param {import("../app.js").App} app @param {string} sign @param {string} label @param {string} path */
const door = (app, sign, label, path) => el("button.door", { onclick: () => app.go(path) }, icon(sign), el("span", null, label));
