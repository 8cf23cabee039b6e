// @ts-check
import { el, fill } from "../dom.js";

/**
 * One phone in its own frame: its own page, its own storage names, its own session.
 * @param {string} openid @param {(openid: string) => string} addressOf
 */
export const framed = (openid, addressOf) => el("iframe.wall-phone", { src: addressOf(openid), title: "业主的手机", allow: "clipboard-write" });

/** Several phones side by side. @param {HTMLElement} table @param {string[]} openids @param {(openid: string) => string} addressOf */
export async function wall(table, openids, addressOf) {
  document.title = "业主的手机";
  fill(
    table,
    el(
      "div.wall",
      null,
      openids.map((openid) => framed(openid, addressOf)),
    ),
  );
}
