// @ts-check
import { el, icon } from "../../dom.js";
import { nothing, row } from "../parts.js";
import { clock, count, day, daysOn, shortDay } from "../text.js";

/** @typedef {import("../../client/index.js").Schema<"RewardItem">} Reward */
/** @typedef {{ items: Reward[], balance: number, today: string }} Catalogue */

/** @type {Record<Reward["kind"], string>} */
const signs = { goods: "gift", service: "tool", coupon: "ticket", parking: "car" };

/** How far ahead the first day of a parking right may lie. */
const mostDaysAhead = 90;

/** @param {import("../app.js").App} app @returns {Promise<Catalogue>} */
async function catalogue(app) {
  const [{ items }, { balance }, { today }] = await Promise.all([app.house.rewards(), app.house.points().page(), app.house.home()]);
  return { items, balance, today };
}

/** @type {import("../app.js").Page} */
export const rewards = {
  title: "积分礼品",
  load: catalogue,
  show(app, /** @type {Catalogue} */ { items, balance }) {
    return [
      el(
        "header.balance",
        null,
        el("button.plain", { onclick: () => app.go("pages/points/index") }, icon("star"), "可用积分 ", el("b", null, count(balance))),
        el("button.plain.mine", { onclick: () => app.go("pages/redemption/list") }, "我的兑换", icon("next")),
      ),
      el(
        "button.news.gold",
        { onclick: () => app.go("pages/draw/index") },
        icon("cup"),
        el("span", null, "幸运抽奖：用积分换抽奖券"),
        icon("next"),
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

/** Why it cannot be had now; empty when it can. @param {Reward} reward @param {number} balance */
const obstacle = (reward, balance) =>
  !reward.open
    ? "未开始"
    : reward.stockLeft === 0
      ? "已兑完"
      : reward.leftForMe === 0
        ? "已达上限"
        : balance < reward.costPoints
          ? `还差 ${count(reward.costPoints - balance)} 分`
          : "";

/** @param {import("../app.js").App} app @param {Reward} reward @param {string} style */
const picture = (app, reward, style) =>
  reward.picturePath
    ? el(/** @type {"img"} */ (`img.${style}`), { src: app.pictureAt(reward.picturePath), alt: "" })
    : el(/** @type {"span"} */ (`span.${style}`), { "aria-hidden": "true" }, icon(signs[reward.kind]));

/** @param {Reward} reward */
const cost = (reward) =>
  el(
    "span.reward-cost",
    null,
    el("b", null, count(reward.costPoints)),
    " 积分",
    el("span.muted", null, reward.open ? ` · 余 ${reward.stockLeft} 份` : ` · 共 ${reward.stockLeft} 份`),
  );

/** @param {import("../app.js").App} app @param {Reward} reward @param {number} balance */
function offer(app, reward, balance) {
  const why = obstacle(reward, balance);
  const look = () => app.go(`pages/reward/detail?id=${reward.rewardId}`);
  return el(
    "li.card.reward",
    null,
    el(
      "button.reward-open",
      { "aria-label": `查看${reward.name}`, onclick: look },
      picture(app, reward, "tile"),
      el(
        "span.reward-text",
        null,
        el("b", null, reward.name),
        el("span.muted", null, reward.description),
        !reward.open && el("span.tag.offer", null, `${shortDay(reward.from)} ${clock(reward.opensAt)} 开抢`),
        cost(reward),
      ),
    ),
    why
      ? el("button.soft", { disabled: true }, why)
      : reward.kind === "parking" // its first day is chosen on its own page
        ? el("button.green", { "aria-label": `选日期兑换${reward.name}`, onclick: look }, "选日期")
        : app.button("button.green", "兑换", (tap) => redeem(app, reward, tap), { "aria-label": `兑换${reward.name}` }),
  );
}

/** @type {import("../app.js").Page} */
export const reward = {
  title: "礼品详情",
  async load(app, query) {
    const { items, balance, today } = await catalogue(app);
    return { one: items.find((item) => item.rewardId === query["id"]), balance, today };
  },
  /** @param {import("../app.js").App} app @param {{ one: Reward | undefined, balance: number, today: string }} loaded */
  show(app, { one, balance, today }) {
    if (!one) return nothing("gift", "该礼品当前不可兑换");
    const why = obstacle(one, balance);
    const from = el("input", { id: "from", type: "date", min: today, max: daysOn(today, mostDaysAhead), value: daysOn(today, 1), required: true });
    return [
      picture(app, one, "reward-picture"),
      el("section.card", null, el("h2.reward-name", null, one.name), cost(one), one.description && el("p.reward-about", null, one.description)),
      one.kind === "parking" &&
        el(
          "section.card.bind",
          null,
          el("label.field", { for: "from" }, el("span", null, "使用开始日"), from),
          el("p.muted", null, `从这一天起使用 ${one.periodDays} 天，车位由系统在空闲的车位中分配。`),
        ),
      el(
        "section.card",
        null,
        !one.open && row("开抢时间", `${day(one.from)} ${clock(one.opensAt)}`, "good"),
        row("兑换期限", `${shortDay(one.from)}至${day(one.to)}`),
        row("每人限兑", `${one.limitPerPerson} 份，还可兑 ${one.leftForMe} 份`),
        one.kind === "coupon"
          ? row("发放方式", "兑换后立即放入“优惠券”")
          : [row("领取地点", one.pickUpPlace), row("领取期限", `兑换后 ${one.pickUpDays} 天内`)],
      ),
      el("p.fine-print", null, icon("info"), one.kind === "coupon" ? "优惠券兑换后不可退回积分。" : "领取前可以取消，逾期未领自动取消，积分原样退回。"),
      el(
        "footer.bar",
        null,
        el("span.bar-sum", null, el("small", null, `可用 ${count(balance)} 积分`), el("span", null, count(one.costPoints), el("small", null, " 积分"))),
        why
          ? el("button.primary", { disabled: true }, why)
          : app.button("button.primary", "立即兑换", (tap) => {
              if (one.kind !== "parking") return redeem(app, one, tap);
              return from.value ? redeem(app, one, tap, from.value) : app.say("请选择开始日期");
            }),
      ),
    ];
  },
};

/** @param {Reward} reward @param {string | undefined} from */
function terms(reward, from) {
  const taken = `将使用 ${count(reward.costPoints)} 积分，`;
  if (reward.kind === "coupon") return taken + "优惠券立即放入您的“优惠券”，兑换后不可退回。";
  const fetched = `请在 ${reward.pickUpDays} 天内到${reward.pickUpPlace}领取。`;
  return taken + (from ? `车位自${shortDay(from)}起使用 ${reward.periodDays} 天，` : "") + fetched;
}

/**
 * @param {import("../app.js").App} app @param {Reward} reward @param {import("../../client/index.js").Tap} tap
 * @param {string} [from] first day of a parking right
 */
async function redeem(app, reward, tap, from) {
  if (!(await app.ask({ title: `兑换“${reward.name}”`, confirmText: "确认兑换", content: terms(reward, from) }))) return;
  const done = await app.house.redeem(reward.rewardId, tap, from);
  app.wx.showToast({ title: "兑换成功", icon: "success" });
  app.go(`pages/redemption/detail?id=${done.redemptionId}`);
}
