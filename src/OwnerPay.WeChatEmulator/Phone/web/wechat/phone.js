// @ts-check
import { el, fill, icon } from "../dom.js";

/** The glass of one phone: the mini-program below, WeChat's own sheets, dialogs and banners above it. */
export class Phone {
  /** @param {import("./emulator.js").Person} person @param {import("./emulator.js").Settings} settings */
  constructor(person, settings) {
    this.person = person;
    this.settings = settings;
    this.app = el("div.app");
    this.over = el("div.over");
    this.banners = el("div.banners", { role: "status" });
    this.screen = el(
      "section.screen",
      { "aria-label": `${person.nickname || "业主"}的手机` },
      el("div.status-bar", null, el("span.whose", null, person.nickname || "业主"), icon("wifi"), el("span.battery")),
      this.app,
      this.over,
      this.banners,
    );
    this.root = el("div.phone", null, this.screen);
  }

  /**
   * A layer of WeChat's over the mini-program. The last one takes the taps.
   * @param {string} kind `sheet` from below, `dialog` in the middle, `page` over everything
   * @param {string} label @param {...import("../dom.js").Child} children
   * @returns {() => void} takes it away
   */
  layer(kind, label, ...children) {
    const layer = el(
      /** @type {"div"} */ (`div.layer.${kind}`),
      null,
      el("div.panel", { role: "dialog", "aria-modal": "true", "aria-label": label }, children),
    );
    this.over.append(layer);
    return () => layer.remove();
  }

  /**
   * @param {{ title?: string, content?: string, confirmText?: string, cancelText?: string, showCancel?: boolean }} options
   * @returns {Promise<boolean>}
   */
  modal({ title = "", content = "", confirmText = "确定", cancelText = "取消", showCancel = true }) {
    return new Promise((resolve) => {
      /** @param {boolean} answer */
      const end = (answer) => {
        close();
        resolve(answer);
      };
      const close = this.layer(
        "dialog",
        title || content,
        el("div.modal-text", null, title && el("h2", null, title), content && el("p", null, content)),
        el(
          "div.modal-buttons",
          null,
          showCancel && el("button", { onclick: () => end(false) }, cancelText),
          el("button.strong", { onclick: () => end(true) }, confirmText),
        ),
      );
    });
  }

  /**
   * @param {string} title @param {"success" | "none" | "loading"} [sign]
   * @returns {() => void} takes it away; it goes by itself, too, unless it is `loading`
   */
  toast(title, sign = "none") {
    const mark = sign === "success" ? icon("check") : sign === "loading" ? el("span.spinner") : null;
    const toast = el(/** @type {"div"} */ (`div.toast${mark ? ".with-sign" : ""}`), { role: "status" }, mark, el("span", null, title));
    this.over.append(toast);
    if (sign !== "loading") setTimeout(() => toast.remove(), 1_800);
    return () => toast.remove();
  }

  /** A picture over everything; a tap takes it away. @param {string} url */
  picture(url) {
    const close = this.layer("picture", "图片", el("button", { "aria-label": "关闭图片", onclick: () => close() }, el("img", { src: url, alt: "" })));
  }

  /** @param {{ title: string, lines: string[], open?: (() => void) | undefined }} news */
  banner({ title, lines, open }) {
    const close = () => {
      banner.classList.add("gone");
      setTimeout(() => banner.remove(), 300);
    };
    const banner = el(
      "button.banner",
      {
        onclick: () => {
          close();
          open?.();
        },
      },
      el("span.banner-head", null, el("img", { src: "icon.svg", alt: "" }), el("span", null, "服务通知"), el("span.when", null, "现在")),
      el("span.banner-title", null, title),
      lines.map((line) => el("span.banner-line", null, line)),
    );
    this.banners.append(banner);
    setTimeout(close, 8_000);
  }

  /** @param {...import("../dom.js").Child} children */
  show(...children) {
    fill(this.app, children);
  }
}
