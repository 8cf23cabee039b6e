// @ts-check
import { el, icon } from "../../dom.js";
import { growing, nothing, row } from "../parts.js";
import { day, grouped, moment } from "../text.js";

/** @typedef {import("../../client/index.js").Schema<"RewardItem">} Reward */
/** @typedef {import("../../client/index.js").Schema<"RedemptionItem">} Redemption */

const words = { reserved: "待领取", fulfilled: "已领取", cancelled: "已取消", expired: "已过期" };

/** @type {import("../app.js").Page} */
export const rewards = {
  title: "积分礼品",
  async load(app) {
    const [catalogue, statement] = await Promise.all([app.house.rewards(), app.house.points().page()]);
    return { items: catalogue.items, balance: statement.balance };
  },
  show(app, /** @type {{ items: Reward[], balance: number }} */ { items, balance }) {
    return [
      el(
        "header.balance",
        null,
        el(
          "button.plain",
          { onclick: () => app.go("pages/points/index") },
          icon("star"),
          "可用积分 ",
          el("b", null, balance.toLocaleString("zh-CN")),
        ),
        el("button.plain.mine", { onclick: () => app.go("pages/redemption/list") }, "我的兑换", icon("next")),
      ),
      items.length === 0
        ? nothing("gift", "暂时没有可兑换的礼品")
        : el(
            "ul.rewards",
            null,
            items.map((reward) => offer(app, reward, balance)),
          ),
    ];
  },
};

/** @param {import("../app.js").App} app @param {Reward} reward @param {number} balance */
function offer(app, reward, balance) {
  const why =
    reward.stockLeft === 0
      ? "已兑完"
      : reward.leftForMe === 0
        ? "已达上限"
        : balance < reward.costPoints
          ? `还差 ${(reward.costPoints - balance).toLocaleString("zh-CN")} 分`
          : "";
  return el(
    "li.card.reward",
    null,
    el("span.tile", { "aria-hidden": "true" }, icon("gift")),
    el(
      "div.reward-text",
      null,
      el("b", null, reward.name),
      el("p.muted", null, reward.description),
      el(
        "p.reward-cost",
        null,
        el("b", null, reward.costPoints.toLocaleString("zh-CN")),
        " 积分",
        el("span.muted", null, ` · 余 ${reward.stockLeft} 份`),
      ),
    ),
    why
      ? el("button.soft", { disabled: true }, why)
      : app.button("button.green", "兑换", (tap) => redeem(app, reward, tap), { "aria-label": `兑换${reward.name}` }),
  );
}

/** @param {import("../app.js").App} app @param {Reward} reward @param {import("../../client/index.js").Tap} tap */
async function redeem(app, reward, tap) {
  const sure = await app.ask({
    title: `兑换“${reward.name}”`,
    confirmText: "确认兑换",
    content: `将使用 ${reward.costPoints.toLocaleString("zh-CN")} 积分，请在 ${reward.pickUpDays} 天内到${reward.pickUpPlace}领取。`,
  });
  if (!sure) return;
  const done = await app.house.redeem(reward.rewardId, tap);
  app.wx.showToast({ title: "兑换成功", icon: "success" });
  app.go(`pages/redemption/detail?id=${done.redemptionId}`);
}

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
                  el("span.muted", null, `${one.costPoints.toLocaleString("zh-CN")} 积分 · ${moment(one.reservedAt)}`),
                ),
                el(/** @type {"span"} */ (`span.tag.${one.state === "reserved" ? "due" : "quiet"}`), null, words[one.state]),
                icon("next"),
              ),
            ),
          ),
        ),
};

/** The code that the service desk asks for. @type {import("../app.js").Page} */
export const redemption = {
  title: "领取礼品",
  async load(app, query) {
    for await (const one of app.house.redemptions()) if (one.redemptionId === query["id"]) return one;
    return null;
  },
  show(app, /** @type {Redemption | null} */ one) {
    if (!one) return nothing("gift", "没有找到这次兑换");
    const waiting = one.state === "reserved";
    return [
      el(
        "section.pick-up",
        null,
        el("p.muted", null, one.rewardName),
        waiting
          ? [
              el("p.code-label", null, "领取码"),
              el("p.code", null, grouped(one.pickUpCode)),
              el("p.muted", null, `请在 ${day(one.expiresOn)}前到${one.pickUpPlace}出示`),
            ]
          : el("p.code-label", null, words[one.state]),
      ),
      el(
        "section.card",
        null,
        row("状态", words[one.state]),
        row("使用积分", one.costPoints.toLocaleString("zh-CN")),
        row("兑换时间", moment(one.reservedAt)),
        row("领取地点", one.pickUpPlace),
        waiting && row("领取期限", day(one.expiresOn)),
      ),
      waiting &&
        el(
          "div.actions",
          null,
          app.button("button.outlined", "取消兑换，退回积分", async (tap) => {
            if (
              !(await app.ask({
                content: `取消后 ${one.costPoints.toLocaleString("zh-CN")} 积分原样退回。`,
                confirmText: "取消兑换",
                cancelText: "再想想",
              }))
            )
              return;
            const back = await app.house.cancelRedemption(one.redemptionId, tap);
            app.wx.showToast({ title: `已退回 ${back.pointsReturned} 积分` });
            app.reload();
          }),
        ),
    ];
  },
};
