// @ts-check
import { el, icon } from "../dom.js";

/** What WeChat shows of a field until a message fills it. @type {[RegExp, string, string][]} */
const samples = [
  [/^thing|^character/, "内容", "详见消息"],
  [/^amount/, "金额", "¥—"],
  [/^date/, "日期", "—年—月—日"],
  [/^time/, "时间", "—年—月—日 —:—"],
  [/^phrase/, "状态", "—"],
  [/^phone_number/, "联系电话", "—"],
  [/^name/, "姓名", "—"],
];

/** @param {string} key */
export const labelOf = (key) => samples.find(([prefix]) => prefix.test(key))?.[1] ?? "内容";

/**
 * The dialog of `wx.requestSubscribeMessage`.
 * @param {import("./phone.js").Phone} phone
 * @param {import("./emulator.js").AskedTemplate[]} templates
 * @returns {Promise<{ accepted: Set<string>, keep: boolean }>}
 */
export function subscriptionDialog(phone, templates) {
  return new Promise((resolve) => {
    const boxes = templates.map((template) => ({ id: template.templateId, box: el("input", { type: "checkbox", checked: true }), template }));
    const keep = el("input", { type: "checkbox" });
    /** @param {boolean} allowed */
    const end = (allowed) => {
      close();
      resolve({ accepted: new Set(allowed ? boxes.filter((one) => one.box.checked).map((one) => one.id) : []), keep: keep.checked });
    };
    const close = phone.layer(
      "sheet",
      "订阅消息",
      el("div.ask-head", null, el("img", { src: "icon.svg", alt: "" }), el("span", null, phone.settings.name), el("span.muted", null, "申请")),
      el("h2.ask-title", null, "发送一次以下消息"),
      el(
        "ul.ask-list",
        null,
        boxes.map(({ box, template }) =>
          el(
            "li",
            null,
            el("label", null, el("span.ask-name", null, template.title || "服务消息"), box),
            template.fields.length > 0 &&
              el(
                "p.muted",
                null,
                template.fields
                  .map(labelOf)
                  .filter((label, at, all) => all.indexOf(label) === at)
                  .join(" · "),
              ),
          ),
        ),
      ),
      el("label.ask-keep", null, keep, "总是保持以上选择，不再询问"),
      el("div.ask-buttons", null, el("button.soft", { onclick: () => end(false) }, "取消"), el("button.green", { onclick: () => end(true) }, "允许")),
    );
  });
}

/**
 * The dialog behind `<button open-type="getPhoneNumber">`.
 * @param {import("./phone.js").Phone} phone
 * @returns {Promise<boolean>}
 */
export function phoneNumberDialog(phone) {
  const number = phone.person.phone;
  return new Promise((resolve) => {
    /** @param {boolean} allowed */
    const end = (allowed) => {
      close();
      resolve(allowed);
    };
    const masked = number.length >= 7 ? `${number.slice(0, 3)}****${number.slice(-4)}` : number;
    const close = phone.layer(
      "sheet",
      "获取手机号",
      el("div.ask-head", null, el("img", { src: "icon.svg", alt: "" }), el("span", null, phone.settings.name), el("span.muted", null, "申请")),
      el("h2.ask-title", null, "获取并验证你的手机号"),
      el("p.muted", null, "用于与物业登记的信息核对"),
      number
        ? el("div.ask-number", null, el("span.number", null, masked), el("span.muted", null, "微信绑定号码"), icon("check"))
        : el("p.ask-number", null, "这个微信没有绑定手机号"),
      el(
        "div.ask-buttons",
        null,
        el("button.soft", { onclick: () => end(false) }, "不允许"),
        el("button.green", { disabled: !number, onclick: () => end(true) }, "允许"),
      ),
    );
  });
}
