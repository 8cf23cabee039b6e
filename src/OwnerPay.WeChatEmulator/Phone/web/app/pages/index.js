// @ts-check
import { bind } from "./bind.js";
import { billDetail, bills, quote } from "./bills.js";
import { home } from "./home.js";
import { inbox } from "./inbox.js";
import { payLink } from "./pay-link.js";
import { invoice, order, payments, receipt } from "./payments.js";
import { points } from "./points.js";
import { coupons, prepaid } from "./prepaid.js";
import { redemption, redemptions, rewards } from "./rewards.js";

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
  "pages/redemption/list": redemptions,
  "pages/redemption/detail": redemption,
  "pages/message/list": inbox,
};

export const tabs = [
  { path: "pages/index/index", title: "首页", icon: "home", unread: false },
  { path: "pages/bill/list", title: "账单", icon: "bill", unread: false },
  { path: "pages/reward/list", title: "礼品", icon: "gift", unread: false },
  { path: "pages/message/list", title: "消息", icon: "bell", unread: true },
];
