// @ts-check
import { askForMessages } from "../../client/index.js";
import { el, icon } from "../../dom.js";
import { nothing, pickUp, row, stepper } from "../parts.js";
import { count, day, lastDay, moment, money } from "../text.js";

/** @typedef {import("../../client/index.js").Schema<"DrawShown">} Draw */
/** @typedef {import("../../client/index.js").Schema<"MyPrize">} Prize */
/** @typedef {{ winners: string[], replaced: string[], beacon: string | null }} Published the part of a draw's public file that is shown here */

/** @param {Draw} draw @param {string} today */
const stage = (draw, today) =>
  draw.state === "open" ? (today < draw.rules.opens.slice(0, 10) ? "即将开始" : "进行中") : draw.state === "closed" ? "待开奖" : "已开奖";

/** @param {Draw} draw @param {string} today */
const stageTag = (draw, today) => el(/** @type {"span"} */ (`span.tag.${draw.state === "drawn" ? "quiet" : "due"}`), null, stage(draw, today));

/** @param {Draw} draw */
const prizeWords = (draw) => draw.rules.prizes.map((prize) => `${prize.name} × ${prize.count}`).join("、");

/** @type {import("../app.js").Page} */
export const draws = {
  title: "幸运抽奖",
  async load(app) {
    const [items, { today }] = await Promise.all([app.house.draws(), app.house.home()]);
    return { items, today };
  },
  show: (app, /** @type {{ items: Draw[], today: string }} */ { items, today }) =>
    items.length === 0
      ? nothing("cup", "暂时没有抽奖活动", "有新的抽奖时会在这里显示")
      : el(
          "ul.stack",
          null,
          items.map((draw) =>
            el(
              "li",
              null,
              el(
                "button.card.post",
                { onclick: () => app.go(`pages/draw/detail?id=${draw.drawId}`) },
                el("span.post-head", null, el("b", null, draw.title), stageTag(draw, today)),
                el("span.muted", null, prizeWords(draw)),
                el(
                  "span.post-foot",
                  null,
                  el("span", null, draw.state === "open" ? `${lastDay(draw.rules.closes, today)}截止` : `${day(draw.rules.beaconOn)}开奖`),
                  draw.myPrizes.some((prize) => prize.state !== "replaced")
                    ? el("span.tag.offer", null, "恭喜中奖")
                    : el("span", null, draw.myTickets.length > 0 ? `我有 ${draw.myTickets.length} 张抽奖券` : "还没有抽奖券"),
                ),
              ),
            ),
          ),
        ),
};

/** @type {import("../app.js").Page} */
export const draw = {
  title: "抽奖详情",
  async load(app, query) {
    const [items, { today }, { balance }, ask] = await Promise.all([
      app.house.draws(),
      app.house.home(),
      app.house.points().page(),
      app.toAsk("draw.won"),
    ]);
    const one = items.find((item) => item.drawId === query["id"]);
    if (!one) return null;
    const waiting = one.myPrizes.filter((prize) => prize.state === "waiting");
    const [published, ...pictures] = await Promise.all([
      one.state === "open" ? null : app.published(one.page + ".json"),
      ...waiting.map((prize) => app.house.pickUpCode(app.wx, prize.winId).catch(() => null)),
    ]);
    return { one, today, balance, ask, published, pictures: new Map(waiting.map((prize, at) => [prize.winId, pictures[at]])) };
  },
  show(app, found) {
    if (!found) return nothing("cup", "没有找到这次抽奖");
    /** @type {Draw} */
    const one = found.one;
    return [
      el(
        "section.card.head",
        null,
        stageTag(one, found.today),
        el("h2.draw-title", null, one.title),
        el("p.muted", null, one.state === "open" ? `${lastDay(one.rules.closes, found.today)}截止` : `${day(one.rules.beaconOn)}开奖`),
      ),
      one.myPrizes.map((prize) => won(prize, found.pictures.get(prize.winId) ?? null)),
      tickets(app, one, found),
      prizes(one),
      el("section.card", null, el("h2.card-title", null, "活动规则"), rules(one), el("p.formula.lines", null, one.rules.text)),
      found.published?.winners?.length > 0 && winners(one, found.published),
      proof(app, one, found.published),
    ];
  },
};

/** @param {Prize} prize @param {string | null} picture */
const won = (prize, picture) =>
  prize.state === "replaced"
    ? el("section.card", null, row("未领取的奖品", prize.prize), el("p.muted", null, "该奖品已由后续中奖券递补。"))
    : el(
        "section.pick-up",
        null,
        el("span.tag.offer", null, "恭喜中奖"),
        el("p.pick-up-name", null, prize.prize),
        el("p.muted", null, `中奖券 ${prize.ticket}`),
        prize.state === "waiting"
          ? [pickUp(prize.pickUpCode ?? "", picture), el("p.muted", null, "请到物业服务中心出示"), el("p.muted", null, `有效期至${day(prize.expiresOn)}`)]
          : el("p.code-label", null, "已领取"),
        prize.taxFen > 0 && el("p.muted", null, "奖品价值 ", money(prize.valueFen), "，依法应缴个人所得税 ", money(prize.taxFen)),
      );

/**
 * What one has, and how to get more.
 * @param {import("../app.js").App} app @param {Draw} draw
 * @param {{ today: string, balance: number, ask: import("../../client/index.js").Schema<"TemplateToAsk">[] }} around
 */
function tickets(app, draw, { today, balance, ask }) {
  const { ticketPoints, maxTickets } = draw.rules;
  const left = maxTickets - draw.myTickets.length;
  const affordable = ticketPoints > 0 ? Math.floor(Math.max(0, balance) / ticketPoints) : 0;
  const most = Math.min(left, affordable);
  let wanted = 1;
  const price = el("span", null, `共 ${count(ticketPoints)} 积分`);
  const open = draw.state === "open" && today >= draw.rules.opens.slice(0, 10) && ticketPoints > 0;
  return el(
    "section.card",
    null,
    el("h2.card-title", null, `我的抽奖券 ${draw.myTickets.length} / ${maxTickets}`),
    draw.myTickets.length > 0
      ? el("ul.chips", null, draw.myTickets.map((number) => el("li.number", null, number)))
      : el("p.muted", null, draw.state === "open" ? "还没有抽奖券" : "没有参加这次抽奖"),
    open && left <= 0 && el("p.muted", null, "已达到每人抽奖券上限。"),
    open && left > 0 && most < 1 && el("p.muted", null, `换一张需要 ${count(ticketPoints)} 积分，您现有 ${count(balance)} 积分。`),
    open &&
      most >= 1 && [
        el(
          "div.choose",
          null,
          stepper("张数", most, (now) => {
            wanted = now;
            price.textContent = `共 ${count(now * ticketPoints)} 积分`;
          }),
          price,
          app.button("button.green", "换抽奖券", async (tap) => {
            await askForMessages(app.wx, app.api, ask);
            const taken = await app.house.takeTickets(draw.drawId, wanted, tap);
            app.wx.showToast({ title: `已得 ${taken.tickets.length} 张抽奖券`, icon: "success" });
            app.reload();
          }),
        ),
        el("p.fine-print.inside", null, `可用 ${count(balance)} 积分；抽奖券换取后不可退回。`),
      ],
  );
}

/** @param {Draw} draw */
const prizes = (draw) =>
  el(
    "section.card",
    null,
    el("h2.card-title", null, "奖品"),
    draw.rules.prizes.map((prize) => row(`${prize.name} × ${prize.count}`, ["每份价值 ", money(prize.valueFen)])),
    row("中奖机会", `共 ${count(draw.rules.winners)} 份奖品，${draw.state === "open" ? "目前" : "共"} ${count(draw.tickets)} 张抽奖券`, "total-text"),
  );

/** @param {Draw} draw */
const rules = (draw) => [
  draw.rules.ticketPoints > 0 && row("积分换取", `${count(draw.rules.ticketPoints)} 积分换 1 张`),
  draw.rules.ticketFen > 0 && row("缴费获得", ["按时缴费每满 ", money(draw.rules.ticketFen), " 得 1 张"]),
  row("参加时间", [moment(draw.rules.opens), el("br"), "至 ", moment(draw.rules.closes)]),
  row("每人上限", `${draw.rules.maxTickets} 张`),
  row("开奖依据", draw.rules.beacon),
  row("领奖期限", `开奖后 ${draw.rules.pickUpDays} 天`),
];

/** @param {Draw} draw @param {Published} published */
function winners(draw, published) {
  const places = draw.rules.prizes.flatMap((prize) => Array.from({ length: prize.count }, () => prize.name));
  const mine = new Set(draw.myTickets);
  return el(
    "section.card",
    null,
    el("h2.card-title", null, "中奖名单"),
    published.winners.map((ticket, at) =>
      row(
        [el("span.number", null, ticket), mine.has(ticket) && el("span.tag.offer", null, "我的")],
        published.replaced.includes(ticket) ? "已由后续奖券递补" : (places[at] ?? "递补"),
      ),
    ),
  );
}

/** Why nobody can help himself: what was fixed when, and where anybody recomputes it. @param {import("../app.js").App} app @param {Draw} draw @param {Published | null} published */
function proof(app, draw, published) {
  const address = app.baseUrl + draw.page;
  /** @param {boolean} done @param {string} what @param {string | null} [hash] */
  const step = (done, what, hash = null) =>
    el(/** @type {"li"} */ (`li${done ? ".done" : ""}`), null, el("span", null, what), hash && el("code", { title: hash }, `${hash.slice(0, 8)}…${hash.slice(-8)}`));
  return el(
    "section.card",
    null,
    el("h2.card-title", null, icon("shield"), "公平可核对"),
    el(
      "ol.proof",
      null,
      step(true, "规则在发券前已固定", draw.rulesHash),
      step(true, "随机秘密已封存，公布了它的指纹", draw.commitHex),
      step(draw.rootHex !== null, draw.rootHex === null ? "截止后公布抽奖券名单的指纹" : "抽奖券名单已固定", draw.rootHex),
      step(
        draw.state === "drawn",
        draw.state === "drawn"
          ? `公开数字：${draw.rules.beacon}${published?.beacon ? " " + published.beacon : ""}`
          : `${day(draw.rules.beaconOn)}以公开数字“${draw.rules.beacon}”开奖`,
      ),
    ),
    el("p.muted", null, "开奖后秘密一并公布，任何人都能在公示页重算全部结果。"),
    el(
      "div.two",
      null,
      el("a.outlined", { href: address, target: "_blank", rel: "noopener" }, "打开公示页核对"),
      el("button.outlined", { onclick: () => app.wx.setClipboardData({ data: address }) }, "复制链接"),
    ),
  );
}
