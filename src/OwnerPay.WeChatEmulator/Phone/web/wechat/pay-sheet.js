// @ts-check
import { yuan } from "../client/index.js";
import { add, el, fill, icon } from "../dom.js";
import { Refusal } from "./emulator.js";

const keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "erase"];

/**
 * WeChat's password pad. Any six digits are right: the person holds the phone.
 * @param {import("./phone.js").Phone} phone
 * @param {import("./emulator.js").Sheet} sheet
 * @param {() => Promise<unknown>} pay books the money
 * @returns {Promise<"paid" | "cancelled" | { refused: string }>}
 */
export function paySheet(phone, sheet, pay) {
  return new Promise((resolve) => {
    let typed = "";
    const boxes = el("div.password", { "aria-label": "支付密码", role: "img" });
    const pad = el("div.pad");
    const draw = () =>
      fill(
        boxes,
        Array.from({ length: 6 }, (_, at) => el("span", null, at < typed.length ? el("i") : null)),
      );
    const close = phone.layer(
      "sheet",
      "请输入支付密码",
      el(
        "div.sheet-head",
        null,
        el(
          "button.plain",
          {
            "aria-label": "关闭",
            onclick: () => {
              close();
              resolve("cancelled");
            },
          },
          icon("close"),
        ),
        el("h2", null, "请输入支付密码"),
      ),
      el("p.payee", null, sheet.description),
      amount(sheet.totalFen),
      el("div.method", null, el("span.muted", null, "付款方式"), el("span", null, el("i.coin", null, "¥"), "零钱")),
      boxes,
      pad,
    );

    /** @param {string} key */
    const press = async (key) => {
      if (typed.length === 6) return;
      typed = key === "erase" ? typed.slice(0, -1) : typed + key;
      draw();
      if (typed.length < 6) return;
      pad.inert = true;
      const loading = phone.toast("支付中", "loading");
      try {
        await pay();
        resolve("paid");
      } catch (error) {
        if (error instanceof Refusal && error.answer.code === "user_cancelled") resolve("cancelled");
        else resolve({ refused: error instanceof Refusal ? error.message : "网络异常，请稍后再试" });
      } finally {
        loading();
        close();
      }
    };
    add(
      pad,
      keys.map((key) =>
        key === ""
          ? el("span")
          : el("button", { "aria-label": key === "erase" ? "删除" : key, onclick: () => press(key) }, key === "erase" ? icon("erase") : key),
      ),
    );
    draw();
  });
}

/**
 * WeChat's own "paid" page; the mini-program goes on when it is left.
 * @param {import("./phone.js").Phone} phone @param {import("./emulator.js").Sheet} sheet
 */
export function paidPage(phone, sheet) {
  return new Promise((resolve) => {
    const close = phone.layer(
      "page",
      "支付成功",
      el(
        "div.paid-page",
        null,
        icon("check", "big"),
        el("p.paid-word", null, "支付成功"),
        el("p.payee", null, sheet.description),
        amount(sheet.totalFen),
      ),
      el(
        "div.paid-done",
        null,
        el(
          "button.outlined",
          {
            onclick: () => {
              close();
              resolve(undefined);
            },
          },
          "完成",
        ),
      ),
    );
  });
}

/** @param {number} fen */
function amount(fen) {
  return el("p.sheet-amount", null, el("small", null, "¥"), yuan(fen));
}
