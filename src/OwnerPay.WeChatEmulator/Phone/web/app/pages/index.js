// @ts-check
import { bind } from "./bind.js";
import { billDetail, bills, quote } from "./bills.js";
import { community } from "./community.js";
import { draw, draws } from "./draws.js";
import { event } from "./events.js";
import { home } from "./home.js";
import { inbox } from "./inbox.js";
import { modelPayers } from "./model-payers.js";
import { notice, notices } from "./notices.js";
import { payLink } from "./pay-link.js";
import { invoice, order, payments, receipt } from "./payments.js";
import { points } from "./points.js";
import { coupons, prepaid } from "./prepaid.js";
import { redemption, redemptions } from "./redemptions.js";
import { reward, rewards } from "./rewards.js";
import { survey } from "./surveys.js";

/** By the paths that WeChat knows; its messages open them. @type {Record<string, import("../app.js").Page>} */
export const pages = {
  "pages/index/index": home,
  "pages/bind/bind": bind,
  "pages/bill/list": bills,
  "pages/bill/detail": billDetail,
  "pages/bill/quote": quote,
  "pages/payment/list": payments,
  "pages/payment/detail": order,
  "pages/payment/receipt": receipt,
  "pages/payment/invoice": invoice,
  "pages/pay-link/index": payLink,
  "pages/prepaid/index": prepaid,
  "pages/coupon/list": coupons,
  "pages/points/index": points,
  "pages/reward/list": rewards,
  "pages/reward/detail": reward,
  "pages/redemption/list": redemptions,
  "pages/redemption/detail": redemption,
  "pages/draw/index": draws,
  "pages/draw/detail": draw,
  "pages/community/index": community,
  "pages/notice/list": notices,
  "pages/notice/detail": notice,
  "pages/event/detail": event,
  "pages/survey/detail": survey,
  "pages/model-payer/index": modelPayers,
  "pages/message/list": inbox,
};

/** @typedef {{ path: string, title: string, icon: string, unread: (app: import("../app.js").App) => number }} Tab */

const none = () => 0;

/** @type {Tab[]} */
export const tabs = [
  { path: "pages/index/index", title: "首页", icon: "home", unread: none },
  { path: "pages/bill/list", title: "账单", icon: "bill", unread: none },
  { path: "pages/community/index", title: "社区", icon: "people", unread: (app) => app.unreadNotices },
  { path: "pages/reward/list", title: "礼品", icon: "gift", unread: none },
  { path: "pages/message/list", title: "消息", icon: "bell", unread: (app) => app.unread },
];
