// @ts-check
import { OwnerPay, isProblem, isTrouble, newTap } from "../client/index.js";
import { el, fill, icon } from "../dom.js";
import { pages, tabs } from "./pages/index.js";

/** @typedef {{ path: string, query: Record<string, string>, scroll: number }} Place */
/**
 * @typedef {object} Page A page of the mini-program.
 * @property {string} title
 * @property {(app: App, query: Record<string, string>) => Promise<any>} load
 * @property {(app: App, data: any, query: Record<string, string>) => import("../dom.js").Child} show
 */

const first = "pages/index/index",
  binding = "pages/bind/bind",
  forAnybody = "pages/pay-link/index";

/** The mini-program: pages over one API client. It knows WeChat only as `wx`. */
export class App {
  /**
   * @param {object} around
   * @param {import("../wechat/shim.js").PhoneWx} around.wx
   * @param {string} around.appId @param {string} around.baseUrl @param {string} around.name
   * @param {string | undefined} around.scene The community's code from the scanned notice.
   * @param {HTMLElement} around.root
   * @param {(path: string) => string} around.pictureAt Where an image element finds a public picture of the service.
   * @param {(place: string) => void} around.moved Told about each page, for the address bar.
   * @param {ReturnType<typeof import("../wechat/shim.js").phoneNumberButtons>} around.phoneNumberButton
   */
  constructor({ wx, appId, baseUrl, name, scene, root, pictureAt, moved, phoneNumberButton }) {
    this.wx = wx;
    this.name = name;
    this.scene = scene;
    this.phoneNumberButton = phoneNumberButton;
    this.api = new OwnerPay({ wx, baseUrl, appId });
    this.baseUrl = baseUrl;
    this.pictureAt = pictureAt;
    this.root = root;
    this.moved = moved;
    /** @type {Place[]} */
    this.stack = [];
    /** @type {import("../client/index.js").Answer<"showMe"> | undefined} */
    this.me = undefined;
    this.unread = 0;
    this.unreadNotices = 0;
    this.visit = 0;
  }

  /** The house that is looked at; the last one chosen, as long as it is ours. */
  get house() {
    const houses = this.me?.houses ?? [];
    const chosen = houses.find((house) => house.houseId === this.wx.getStorageSync("house")) ?? houses[0];
    if (!chosen) throw new Error("no house is bound");
    return this.api.house(chosen.houseId);
  }

  /** @param {string} houseId */
  choose(houseId) {
    this.wx.setStorageSync("house", houseId);
  }

  /** @param {string} url such as `pages/bill/detail?billId=…`; what WeChat's messages name, too */
  go(url) {
    this.keepScroll();
    const place = placeOf(url);
    const house = this.me?.houses.find((one) => one.houseId === place.query["houseId"]);
    if (house) this.choose(house.houseId);
    if (tabs.some((tab) => tab.path === place.path)) this.stack = [];
    this.stack.push(place);
    void this.open();
  }

  /** In place of this page. @param {string} url */
  replace(url) {
    this.stack.pop();
    this.go(url);
  }

  back() {
    this.stack.pop();
    if (this.stack.length === 0) this.stack.push(placeOf(first));
    void this.open();
  }

  reload() {
    this.keepScroll();
    void this.open();
  }

  keepScroll() {
    const place = this.stack.at(-1),
      body = this.root.querySelector(".page-body");
    if (place && body) place.scroll = body.scrollTop;
  }

  /** Shows the page on top: its frame at once, what it holds when it is loaded, or why not. */
  async open() {
    const place = this.stack.at(-1) ?? placeOf(first);
    const visit = ++this.visit;
    const page = pages[place.path] ?? pages[first];
    if (!page) throw new Error(`no page ${place.path}`);
    this.moved(place.path + queryOf(place.query));
    const body = el("main.page-body", null, el("div.loading", null, el("span.spinner"), "加载中"));
    this.frame(page, place, body);
    try {
      this.me ??= await this.api.me();
      if (!this.me.bound && place.path !== binding && place.path !== forAnybody) {
        this.me = undefined; // asked again after the binding
        return visit === this.visit ? this.replace(binding) : undefined;
      }
      const data = await page.load(this, place.query);
      if (visit !== this.visit) return;
      this.frame(page, place, body);
      fill(body, page.show(this, data, place.query));
      body.scrollTop = place.scroll;
    } catch (error) {
      if (visit === this.visit) fill(body, this.failure(error));
    }
  }

  /** @param {Page} page @param {Place} place @param {HTMLElement} body */
  frame(page, place, body) {
    const tab = tabs.some((one) => one.path === place.path);
    fill(
      this.root,
      el(
        "header.nav",
        null,
        tab || place.path === binding ? null : el("button.plain.nav-back", { "aria-label": "返回", onclick: () => this.back() }, icon("back")),
        el("h1", null, page.title),
        el("span.capsule", { "aria-hidden": "true" }, icon("dots"), el("i")),
      ),
      body,
      tab &&
        el(
          "nav.tabs",
          null,
          tabs.map((one) =>
            el(
              /** @type {"button"} */ (`button.plain${one.path === place.path ? ".here" : ""}`),
              {
                "aria-current": one.path === place.path ? "page" : null,
                onclick: () => this.go(one.path),
              },
              icon(one.icon),
              el("span", null, one.title),
              badge(one.unread(this)),
            ),
          ),
        ),
    );
  }

  /** Why a page could not be shown, in Chinese, with a way on. @param {unknown} error */
  failure(error) {
    const trouble = isTrouble(error);
    const known = trouble || isProblem(error);
    const detail = isProblem(error) ? error.problem.detail : trouble ? "已缴的费用不受影响，待缴账单仍会保留。" : "";
    const trace = isProblem(error) && error.problem.status >= 500 ? error.problem.traceId : undefined;
    if (!known) console.error(error);
    return el(
      "section.failure",
      { role: "alert" },
      icon(trouble ? "wifi" : "info", "big"),
      el("h2", null, known ? error.message : "页面出了点问题，请重试"),
      detail && el("p.muted", null, detail),
      trace && el("p.trace", null, `问题编号 ${trace}`),
      el("button.outlined", { onclick: () => this.reload() }, "重试"),
    );
  }

  /**
   * A button that does something. One tap is one key, kept while the owner tries again; the button rests until it is done.
   * @param {string} selector @param {import("../dom.js").Child} label @param {(tap: import("../client/index.js").Tap) => Promise<unknown>} work
   * @param {Record<string, unknown>} [props]
   */
  button(selector, label, work, props = {}) {
    const button = el(
      /** @type {"button"} */ (selector),
      {
        ...props,
        onclick: async (/** @type {Event} */ event) => {
          event.stopPropagation();
          button.disabled = true;
          button.classList.add("busy");
          try {
            await this.attempt(work, newTap());
          } finally {
            button.disabled = false;
            button.classList.remove("busy");
          }
        },
      },
      label,
    );
    return button;
  }

  /**
   * @param {(tap: import("../client/index.js").Tap) => Promise<unknown>} work @param {import("../client/index.js").Tap} tap
   * @returns {Promise<void>}
   */
  async attempt(work, tap) {
    try {
      await work(tap);
    } catch (error) {
      const again = this.mayPass(error);
      if (again && (await this.ask({ ...again, confirmText: "重试" }))) return this.attempt(work, tap);
      if (!again) await this.tell(error);
    }
  }

  /**
   * What to say of trouble that may be over in a moment: no network here, or none between the service and WeChat. Null for anything else.
   * @param {unknown} error @returns {{ title: string, content: string } | null}
   */
  mayPass(error) {
    if (isTrouble(error)) return { title: "没有连上", content: error.message };
    if (isProblem(error) && error.problem.code === "wechat_busy") return { title: error.message, content: error.problem.detail ?? "待缴账单不受影响。" };
    return null;
  }

  /** Says in Chinese what went wrong. @param {unknown} error */
  async tell(error) {
    if (isProblem(error)) return this.say(error.message, error.problem.detail ?? "");
    if (isTrouble(error)) return this.say("没有连上", error.message);
    console.error(error);
    return this.say("页面出了点问题，请重试");
  }

  /** @param {string} title @param {string} [content] @returns {Promise<void>} */
  say(title, content = "") {
    return new Promise((resolve) =>
      this.wx.showModal({
        ...(content ? { title, content } : { content: title }),
        showCancel: false,
        confirmText: "知道了",
        success: () => resolve(),
      }),
    );
  }

  /** @param {{ title?: string, content: string, confirmText: string, cancelText?: string }} options @returns {Promise<boolean>} */
  ask(options) {
    return new Promise((resolve) => this.wx.showModal({ ...options, success: ({ confirm }) => resolve(confirm) }));
  }

  /** The templates of these kinds that the owner should be asked for: none while a permission is left. @param {...string} kinds */
  async toAsk(...kinds) {
    try {
      return (await this.house.templates()).filter((template) => kinds.includes(template.kind) && template.left === 0);
    } catch {
      return []; // asking can wait, the page cannot
    }
  }

  /** What the whole world may read of the service, such as the file of a draw; null where it cannot be had. @param {string} path @returns {Promise<any>} */
  published(path) {
    return new Promise((resolve) =>
      this.wx.request({
        url: this.baseUrl + path,
        method: "GET",
        header: { Accept: "application/json" },
        timeout: 10_000,
        success: ({ statusCode, data }) => resolve(statusCode === 200 && typeof data === "object" ? data : null),
        fail: () => resolve(null),
      }),
    );
  }
}

/** @param {number} unread */
const badge = (unread) => unread > 0 && el("b.badge", { "aria-label": `${unread} 条未读` }, Math.min(unread, 99));

/** @param {string} url @returns {Place} */
export function placeOf(url) {
  const [path, query] = url.replace(/^\//, "").split("?");
  return { path: path || first, query: Object.fromEntries(new URLSearchParams(query)), scroll: 0 };
}

/** @param {Record<string, string>} query */
function queryOf(query) {
  const text = new URLSearchParams(query).toString();
  return text ? "?" + text : "";
}
