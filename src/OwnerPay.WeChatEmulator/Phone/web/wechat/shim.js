// @ts-check
import { el } from "../dom.js";
import { labelOf, phoneNumberDialog, subscriptionDialog } from "./asks.js";
import { Refusal, weChatOf } from "./emulator.js";
import { paidPage, paySheet } from "./pay-sheet.js";

/** @typedef {import("../client/index.js").Wx & import("../client/index.js").WxPay & import("../client/index.js").WxSubscribe & import("../client/index.js").WxFiles & import("../client/index.js").WxPictures} ClientWx */
/** @typedef {{ detail: { code?: string, errMsg: string } }} PhoneNumberEvent */
/**
 * @typedef {ClientWx & {
 *   showModal(options: { title?: string, content?: string, confirmText?: string, cancelText?: string, showCancel?: boolean,
 *     success?: (answer: { confirm: boolean, cancel: boolean }) => void }): void,
 *   showToast(options: { title: string, icon?: "success" | "none" }): void,
 *   makePhoneCall(options: { phoneNumber: string }): void,
 *   setClipboardData(options: { data: string }): void,
 * }} PhoneWx
 */

/** A dialog of WeChat's opens only in answer to a finger; the client allows about this long. */
const tapLasts = 5_000;

/** `wx` as far as this mini-program and its client use it, for one person's phone. @param {import("./phone.js").Phone} phone @returns {PhoneWx} */
export function makeWx(phone) {
  const { appid, backend } = phone.settings;
  const weChat = weChatOf(phone.person.openid);
  const storageName = (/** @type {string} */ key) => `wx:${appid}:${phone.person.openid}:${key}`;
  let tapped = -Infinity;
  phone.root.addEventListener(
    "click",
    () => {
      tapped = performance.now();
    },
    { capture: true },
  );

  return {
    login({ success, fail }) {
      weChat.loginCode(appid).then(success, () => fail({ errMsg: "login:fail" }));
    },

    request({ url, method, header, data, timeout, success, fail }) {
      if (!backend || !url.startsWith(backend + "/")) return void fail({ errMsg: "request:fail url not in domain list" });
      /** @type {RequestInit} */
      const sent = { method, headers: header, signal: AbortSignal.timeout(timeout) };
      if (data !== undefined) sent.body = data;
      void fetch("/phone/request" + url.slice(backend.length), sent)
        .then(async (answer) => {
          const failed = answer.headers.get("X-Phone-Fail");
          if (failed !== null) return fail({ errMsg: `request:fail ${failed}` });
          const text = await answer.text();
          success({ statusCode: answer.status, data: parsed(text), header: Object.fromEntries(answer.headers) });
        })
        .catch((error) =>
          fail({ errMsg: `request:fail ${error instanceof Error && error.name === "TimeoutError" ? "timeout" : "net::ERR_FAILED"}` }),
        );
      return undefined;
    },

    downloadFile({ url, header, timeout, success, fail }) {
      if (!backend || !url.startsWith(backend + "/")) return void fail({ errMsg: "downloadFile:fail url not in domain list" });
      void fetch("/phone/request" + url.slice(backend.length), { headers: header, signal: AbortSignal.timeout(timeout) })
        .then(async (answer) => {
          const failed = answer.headers.get("X-Phone-Fail");
          if (failed !== null) return fail({ errMsg: `downloadFile:fail ${failed}` });
          success({ statusCode: answer.status, tempFilePath: URL.createObjectURL(await answer.blob()) });
        })
        .catch(() => fail({ errMsg: "downloadFile:fail net::ERR_FAILED" }));
      return undefined;
    },
    openDocument({ filePath, success, fail }) {
      // WeChat's viewer covers the phone; here the browser's own viewer opens beside it.
      if (window.open(filePath, "_blank")) success();
      else fail({ errMsg: "openDocument:fail" });
    },

    previewImage({ urls, success }) {
      phone.picture(urls[0] ?? "");
      success();
    },

    getStorageSync: (key) => parsed(localStorage.getItem(storageName(key)) ?? ""),
    setStorageSync: (key, data) => localStorage.setItem(storageName(key), JSON.stringify(data)),
    removeStorageSync: (key) => localStorage.removeItem(storageName(key)),

    requestPayment({ success, fail, ...parameters }) {
      const prepayId = parameters.package.replace(/^prepay_id=/, "");
      void payWith(prepayId, parameters).then((outcome) => (outcome === "" ? success() : fail({ errMsg: `requestPayment:fail ${outcome}` })));
    },

    requestSubscribeMessage({ tmplIds, success, fail }) {
      if (performance.now() - tapped > tapLasts)
        return fail({ errMsg: "requestSubscribeMessage:fail can only be invoked by user TAP gesture.", errCode: 20014 });
      void askFor(tmplIds).then(success, (error) =>
        fail(
          error instanceof Refusal && error.answer.errCode
            ? { errMsg: error.answer.errMsg ?? "", errCode: error.answer.errCode }
            : { errMsg: "requestSubscribeMessage:fail", errCode: 10002 },
        ),
      );
    },

    showModal({ success, ...options }) {
      void phone.modal(options).then((confirm) => success?.({ confirm, cancel: !confirm }));
    },
    showToast: ({ title, icon = "success" }) => {
      phone.toast(title, icon);
    },
    makePhoneCall: ({ phoneNumber }) => {
      void phone.modal({ title: phoneNumber, content: "这部手机只在网页里，不能真的拨号。", showCancel: false, confirmText: "好" });
    },
    setClipboardData({ data }) {
      void navigator.clipboard?.writeText(data).catch(() => undefined);
      phone.toast("内容已复制", "success");
    },
  };

  /** @param {string} prepayId @param {object} parameters @returns {Promise<string>} empty when paid */
  async function payWith(prepayId, parameters) {
    try {
      const sheet = await weChat.sheet(prepayId);
      if (sheet.refusal) {
        await phone.modal({ content: sheet.refusal.message, showCancel: false, confirmText: "知道了" });
        return sheet.refusal.message;
      }
      const outcome = await paySheet(phone, sheet, () => weChat.pay(prepayId, parameters));
      if (outcome === "paid") {
        await paidPage(phone, sheet);
        return "";
      }
      if (outcome === "cancelled") {
        await weChat.cancel(prepayId);
        return "cancel";
      }
      await phone.modal({ content: outcome.refused, showCancel: false, confirmText: "知道了" });
      return outcome.refused;
    } catch (error) {
      return error instanceof Error ? error.message : "error";
    }
  }

  /** @param {string[]} ids @returns {Promise<Record<string, string>>} */
  async function askFor(ids) {
    const { templates } = await weChat.askedTemplates(ids);
    const kept = templates.filter((template) => typeof template.kept === "boolean");
    const asked = templates.filter((template) => typeof template.kept !== "boolean");
    const answer = asked.length > 0 ? await subscriptionDialog(phone, asked) : { accepted: new Set(), keep: false };
    const accepted = new Set([...answer.accepted, ...kept.filter((template) => template.kept).map((template) => template.templateId)]);
    const silent = new Set(kept.map((template) => template.templateId));
    const shown = asked.map((template) => template.templateId);
    await weChat.answerTemplates({
      accept: shown.filter((id) => accepted.has(id)),
      reject: shown.filter((id) => !accepted.has(id)),
      ...(answer.keep ? { keep: true } : {}),
    });
    // A kept "allow" grants one more message each time, without a dialog.
    if (silent.size > 0) await weChat.answerTemplates({ accept: [...silent].filter((id) => accepted.has(id)), reject: [] });
    return {
      errMsg: "requestSubscribeMessage:ok",
      ...Object.fromEntries(templates.map(({ templateId }) => [templateId, accepted.has(templateId) ? "accept" : "reject"])),
    };
  }
}

/**
 * `<button open-type="getPhoneNumber" bindgetphonenumber="…">`: WeChat asks, not the mini-program.
 * @param {import("./phone.js").Phone} phone
 * @returns {(label: string, got: (event: PhoneNumberEvent) => void) => HTMLButtonElement}
 */
export function phoneNumberButtons(phone) {
  const weChat = weChatOf(phone.person.openid);
  return (label, got) =>
    el(
      "button.primary",
      {
        onclick: async () => {
          if (!(await phoneNumberDialog(phone))) return got({ detail: { errMsg: "getPhoneNumber:fail user deny" } });
          try {
            got({ detail: { errMsg: "getPhoneNumber:ok", code: (await weChat.phoneCode(phone.settings.appid)).code } });
          } catch {
            got({ detail: { errMsg: "getPhoneNumber:fail" } });
          }
        },
      },
      label,
    );
}

/**
 * Service notifications come live; a tap opens the page that the message names.
 * @param {import("./phone.js").Phone} phone @param {(page: string) => void} open
 */
export function listen(phone, open) {
  const events = weChatOf(phone.person.openid).events();
  events.addEventListener("service-notification", (event) => {
    /** @type {{ title: string, page?: string, data: Record<string, string> }} */
    const { title, page, data } = JSON.parse(event.data);
    phone.banner({
      title: title || phone.settings.name,
      open: page ? () => open(page) : undefined,
      lines: Object.entries(data)
        .sort(([one], [other]) => placeOf(one) - placeOf(other))
        .map(([key, value]) => (/^thing|^character/.test(key) ? value : `${labelOf(key)}：${value}`)),
    });
  });
  events.addEventListener("ready", () => {
    phone.root.dataset["live"] = "true";
  });
}

/** Fields are numbered in the order of the template. @param {string} key */
const placeOf = (key) => Number(/\d+$/.exec(key)?.[0] ?? "99");

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    return text === "" ? "" : JSON.parse(text);
  } catch {
    return text;
  }
}
