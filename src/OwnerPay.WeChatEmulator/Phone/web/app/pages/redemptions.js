// @ts-check
import { el, icon } from "../../dom.js";
import { growing, nothing, pickUp, row } from "../parts.js";
import { count, day, moment, period } from "../text.js";

/** @typedef {import("../../client/index.js").Schema<"RedemptionItem">} Redemption */

/** @param {Redemption} one */
const word = (one) =>
  ({ reserved: "待领取", fulfilled: one.kind === "coupon" ? "已发放" : "已领取", cancelled: "已取消", expired: "已过期" })[one.state];

/** @type {import("../app.js").Page} */
export const redemptions = {
  title: "我的兑换",
  async load(app) {
    const list = app.house.redemptions();
    return { list, page: await list.page() };
  },
  show: (app, { list, page }) =>
    page.items.length === 0
      ? nothing("gift", "还没有兑换过礼品")
      : el(
          "section.card",
          null,
          growing(list, page, (/** @type {Redemption} */ one) =>
            el(
              "li",
              null,
              el(
                "button.item",
                { onclick: () => app.go(`pages/redemption/detail?id=${one.redemptionId}`) },
                el(
                  "span.bill-text",
                  null,
                  el("b", null, one.rewardName),
                  el("span.muted", null, `${count(one.costPoints)} 积分 · ${moment(one.reservedAt)}`),
                ),
                el(/** @type {"span"} */ (`span.tag.${one.state === "reserved" ? "due" : "quiet"}`), null, word(one)),
                icon("next"),
              ),
            ),
          ),
        ),
};

/** The code that the service desk asks for, or what was given at once. @type {import("../app.js").Page} */
export const redemption = {
  title: "兑换详情",
  async load(app, query) {
    for await (const one of app.house.redemptions()) {
      if (one.redemptionId !== query["id"]) continue;
      // The digits are enough at the desk, so the page does not fail with the picture.
      return { one, picture: one.state === "reserved" ? await app.house.pickUpCode(app.wx, one.redemptionId).catch(() => null) : null };
    }
    return null;
  },
  show(app, /** @type {{ one: Redemption, picture: string | null } | null} */ found) {
    if (!found) return nothing("gift", "没有找到这次兑换");
    const { one, picture } = found;
    const waiting = one.state === "reserved";
    return [
      el(
        "section.pick-up",
        null,
        el("p.pick-up-name", null, one.rewardName),
        waiting
          ? [pickUp(one.pickUpCode, picture), el("p.muted", null, `请到${one.pickUpPlace}出示`), el("p.muted", null, `有效期至${day(one.expiresOn)}`)]
          : one.couponCode
            ? [
                el("p.code-label", null, "券码"),
                el("p.code.coupon", null, one.couponCode),
                el("p.muted", null, "已放入您的优惠券，缴费时自动选用"),
                el("button.link", { onclick: () => app.go("pages/coupon/list") }, "查看优惠券"),
              ]
            : el("p.code-label", null, word(one)),
      ),
      el(
        "section.card",
        null,
        row("状态", word(one)),
        one.parkingSpace && row("车位", one.parkingSpace),
        one.from && one.to && row("使用期间", period(one.from, one.to)),
        row("使用积分", count(one.costPoints)),
        row("兑换时间", moment(one.reservedAt)),
        one.kind !== "coupon" && row("领取地点", one.pickUpPlace),
        waiting && row("领取期限", day(one.expiresOn)),
      ),
      waiting && el("div.actions", null, app.button("button.outlined", "取消兑换，退回积分", (tap) => cancel(app, one, tap))),
    ];
  },
};

/** @param {import("../app.js").App} app @param {Redemption} one @param {import("../../client/index.js").Tap} tap */
async function cancel(app, one, tap) {
  const sure = await app.ask({ content: `取消后 ${count(one.costPoints)} 积分原样退回。`, confirmText: "取消兑换", cancelText: "再想想" });
  if (!sure) return;
  const back = await app.house.cancelRedemption(one.redemptionId, tap);
  app.wx.showToast({ title: `已退回 ${back.pointsReturned} 积分` });
  app.reload();
}
