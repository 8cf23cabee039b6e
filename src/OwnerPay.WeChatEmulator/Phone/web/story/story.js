// @ts-check
import { el, fill } from "../dom.js";
import { savePerson, story as storyFile } from "../wechat/emulator.js";
import { framed } from "./wall.js";

/**
 * @typedef {object} Step One tap, or one look.
 * @property {string} [say] Told before it.
 * @property {string} [phone] Key of the phone.
 * @property {string} [tap] What the finger looks for: the words on a button, a link or a box.
 * @property {string} [type] Text for the field `into`.
 * @property {string} [into] Its label.
 * @property {string} [password] Six digits on WeChat's pad.
 * @property {string} [see] Words that must appear.
 */
/** @typedef {{ title: string, scene?: string, phones: Record<string, { nickname: string, phone: string }>, taps: Step[] }} Story */

const patience = 30_000;

/**
 * Replays a story file: whose phones, who taps what, what must be seen.
 * @param {HTMLElement} table @param {string} name @param {(openid: string) => string} addressOf
 */
export async function story(table, name, addressOf) {
  /** @type {Story} */
  const told = await storyFile(name);
  const pace = Number(new URLSearchParams(location.search).get("pace") ?? "900");
  /** @type {Record<string, HTMLIFrameElement>} */
  const phones = {};
  for (const [key, person] of Object.entries(told.phones)) {
    const { openid } = await savePerson(person); // a new phone each time: the story begins with somebody who has never been here
    const scene = told.scene && !addressOf("").includes("&scene=") ? `&scene=${encodeURIComponent(told.scene)}` : "";
    phones[key] = framed(openid, (id) => addressOf(id) + scene);
  }
  const steps = told.taps.map((step) => el("li", null, wordsOf(step, told)));
  const list = el("ol.story-steps", null, steps);
  document.title = told.title;
  fill(table, el("div.story", null, el("section.story-text", null, el("h1", null, told.title), list), el("div.wall", null, Object.values(phones))));

  const state = document.documentElement.dataset;
  state["story"] = "playing";
  for (const [at, step] of told.taps.entries()) {
    const line = steps[at];
    line?.classList.add("now");
    line?.scrollIntoView({ block: "nearest" });
    try {
      if (step.phone) await play(step, /** @type {HTMLIFrameElement} */ (phones[step.phone]));
      line?.classList.replace("now", "done");
    } catch (error) {
      line?.classList.replace("now", "failed");
      line?.append(el("span.told", null, String(error instanceof Error ? error.message : error)));
      state["story"] = "failed";
      return;
    }
    await wait(pace);
  }
  state["story"] = "done";
}

/** @param {Step} step @param {Story} told */
function wordsOf(step, told) {
  const who = step.phone ? (told.phones[step.phone]?.nickname ?? step.phone) : "";
  const act = step.tap
    ? `点“${step.tap}”`
    : step.type
      ? `在“${step.into}”填写 ${step.type}`
      : step.password
        ? "输入支付密码"
        : step.see
          ? `看到“${step.see}”`
          : "";
  return [step.say && el("span.told", null, step.say), who && el("b", null, who), who && ` ${act}`];
}

/** @param {Step} step @param {HTMLIFrameElement} frame */
async function play(step, frame) {
  if (step.see) await until(() => shown(frame).some((node) => node.textContent?.includes(step.see ?? "")), step.see);
  if (step.type) {
    const field = await until(
      () => /** @type {HTMLInputElement | undefined} */ (all(frame, "input").find((input) => nameOf(input).includes(step.into ?? ""))),
      step.into ?? "",
    );
    field.value = step.type;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (step.tap) await finger(frame, step.tap);
  for (const digit of step.password ?? "") await finger(frame, digit);
}

/** @param {HTMLIFrameElement} frame @param {string} words */
async function finger(frame, words) {
  const node = await until(() => {
    const found = all(frame, "button, a, label, input[type=checkbox]").filter(
      (one) => nameOf(one).includes(words) && !one.matches(":disabled, [inert] *"),
    );
    return found.find((one) => nameOf(one).trim() === words) ?? found[0];
  }, words);
  node.scrollIntoView({ block: "nearest" });
  const { left, top, width, height } = node.getBoundingClientRect();
  const dot = el("span.finger");
  dot.style.left = `${left + width / 2}px`;
  dot.style.top = `${top + height / 2}px`;
  frame.contentDocument?.body.append(dot);
  setTimeout(() => dot.remove(), 700);
  node.click();
}

/** What lies open: the topmost dialog, or the page below when there is none. @param {HTMLIFrameElement} frame */
function shown(frame) {
  const layers = frame.contentDocument?.querySelectorAll(".layer") ?? [];
  const top = layers[layers.length - 1] ?? frame.contentDocument?.querySelector(".app");
  return top ? [top] : [];
}

/** @param {HTMLIFrameElement} frame @param {string} selector @returns {HTMLElement[]} */
const all = (frame, selector) =>
  shown(frame).flatMap((node) =>
    /** @type {HTMLElement[]} */ ([...node.querySelectorAll(selector)]).filter((one) => one.getClientRects().length > 0),
  );

/** @param {HTMLElement} node */
const nameOf = (node) =>
  node.getAttribute("aria-label") ?? /** @type {Partial<HTMLInputElement>} */ (node).labels?.[0]?.textContent ?? node.textContent ?? "";

/** @template Found @param {() => Found | undefined | false} look @param {string} what @returns {Promise<Found>} */
async function until(look, what) {
  const end = performance.now() + patience;
  for (;;) {
    const found = look();
    if (found) return found;
    if (performance.now() > end) throw new Error(`没有等到“${what}”`);
    await wait(50);
  }
}

/** @param {number} milliseconds @returns {Promise<void>} */
const wait = (milliseconds) =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
