// @ts-check
import { newTap, requestPayment } from "../../client/index.js";
import { el, icon } from "../../dom.js";
import { nothing, row } from "../parts.js";
import { money, moment, monthsOn, signed } from "../text.js";

/** @typedef {import("../../client/index.js").Answer<"showPrepaid">} Prepaid */

/** Money that belongs to no bill yet. @type {import("../app.js").Page} */
export const prepaid = {
  title: "预存预缴",
  async load(app) {
    const [data, start] = await Promise.all([app.house.prepaid(), app.house.home()]);
    return { data, today: start.today, owns: start.role !== "tenant" && start.role !== "payer" };
  },
  /** @param {import("../app.js").App} app @param {{ data: Prepaid, today: string, owns: boolean }} loaded */
  show(app, { data, today, owns }) {
    const amount = el("input", { id: "amount", type: "number", inputMode: "decimal", min: "1", step: "0.01", placeholder: "如 500" });
    const usesIt = el("input", {
      type: "checkbox",
      checked: data.usedOnIssue,
      "aria-label": "出账时自动抵扣",
      onchange: () => void app.attempt(() => app.house.setPrepaidUse(usesIt.checked), newTap()),
    });
    return [
      el("section.card.head", null, el("p.muted", null, "可用预存"), el("p.amount", null, money(data.balanceFen))),
      owns && el(
        "section.card",
        null,
        el("h2.card-title", null, "按月预缴"),
        el("p.muted", null, "按现行标准提前缴纳以后月份的费用，可享预缴优惠；未到服务月份的可以退还。"),
        el(
          "div.choices",
          null,
          [1, 3, 6, 12].map((months) =>
            app.button("button.outlined", `${months} 个月`, async (tap) => {
              const ahead = await app.house.issueMonthsAhead(monthsOn(today, months), tap);
              app.go(`pages/bill/quote?bills=${ahead.billIds.join(",")}`);
            }),
          ),
        ),
      ),
      el(
        "section.card.bind",
        null,
        el("label.field", { for: "amount" }, el("span", null, "预存金额（元）"), amount),
        app.button("button.primary", "去预存", async (tap) => {
          const fen = Math.round(Number(amount.value) * 100);
          if (!(fen >= 100)) return app.say("预存金额至少为 1 元");
          const order = await app.house.topUp(fen, tap);
          if (order.payParameters && (await requestPayment(app.wx, order.payParameters)) === "confirmed")
            app.wx.setStorageSync(`confirmed.${order.orderId}`, true);
          return app.replace(`pages/payment/detail?orderId=${order.orderId}`);
        }),
      ),
      el("label.card.choosable", null, usesIt, el("span", null, "出账时自动抵扣账单", el("p.muted", null, "关闭后，由您在缴费时决定是否使用"))),
      el("h2.section", null, "预存明细"),
      data.moves.length === 0
        ? nothing("receipt", "还没有预存记录")
        : el("section.card", null, data.moves.map((move) => el("div.line", null, row(move.what, signed(move.fen), move.fen > 0 ? "good" : ""), el("p.muted", null, moment(move.at))))),
    ];
  },
};

/** @type {Record<import("../../client/index.js").Schema<"CouponState">, string>} */
const states = { issued: "可使用", reserved: "支付中", used: "已使用", expired: "已过期", withdrawn: "已撤回" };

/** Coupons of whoever holds the phone. @type {import("../app.js").Page} */
export const coupons = {
  title: "优惠券",
  load: (app) => app.house.coupons(),
  show(app, /** @type {import("../../client/index.js").Schema<"MyCoupon">[]} */ items) {
    const code = el("input", { id: "coupon", placeholder: "券面或活动上的券码", autocomplete: "off" });
    return [
      el(
        "section.card.bind",
        null,
        el("label.field", { for: "coupon" }, el("span", null, "领取优惠券"), code),
        app.button("button.primary", "领取", async (tap) => {
          if (!code.value.trim()) return app.say("请填写券码");
          await app.house.claimCoupon(code.value.trim(), tap);
          app.wx.showToast({ title: "领取成功", icon: "success" });
          return app.reload();
        }),
      ),
      items.length === 0
        ? nothing("gift", "还没有优惠券")
        : el(
            "ul.list.card",
            null,
            items.map((coupon) =>
              el(
                "li.item",
                null,
                el(
                  "span.bill-text",
                  null,
                  el("b", null, coupon.name),
                  el("span.muted", null, coupon.minFen > 0 ? ["满 ", money(coupon.minFen), " 可用"] : "无门槛"),
                  el(/** @type {"span"} */ (`span.tag.${coupon.state === "issued" ? "due" : "quiet"}`), null,
                    coupon.state === "issued" ? `${moment(coupon.expiresAt)}前有效` : states[coupon.state]),
                ),
                el("span.bill-amount", null, coupon.type === "fixed" ? money(coupon.value) : `减 ${coupon.value / 100}%`, el("small", null, coupon.code)),
              ),
            ),
          ),
      el("p.fine-print", null, icon("info"), "缴费时会自动选用最省的组合。"),
    ];
  },
};
