// @ts-check
import { yuan } from "../client/index.js";
import { el } from "../dom.js";

/** `¥1,234.56` with quiet cents; as text it reads the same. @param {number} fen @param {string} [className] */
export function money(fen, className = "") {
  const [whole, cents] = yuan(fen).split(".");
  return el(
    /** @type {"span"} */ (`span.money${className && "." + className}`),
    null,
    el("span.yen", null, "¥"),
    whole,
    el("span.cents", null, "." + cents),
  );
}

/** Off the price. @param {number} fen */
export const minus = (fen) => `-¥${yuan(fen)}`;

/** What came and what went. @param {number} fen */
export const signed = (fen) => `${fen < 0 ? "-" : "+"}¥${yuan(Math.abs(fen))}`;

/** `2026-12-31` → `2026年12月31日`. @param {string} date */
export function day(date) {
  const [year, month, dayOfMonth] = date.split("-").map(Number);
  return `${year}年${month}月${dayOfMonth}日`;
}

/** Without the year. @param {string} date */
export const shortDay = (date) => day(date).replace(/^\d+年/, "");

/** A stretch of days as people say it: whole months by their months. @param {string} from @param {string} to */
export function period(from, to) {
  const [fromYear, fromMonth, fromDay] = /** @type {[number, number, number]} */ (from.split("-").map(Number));
  const [toYear, toMonth, toDay] = /** @type {[number, number, number]} */ (to.split("-").map(Number));
  const wholeMonths = fromDay === 1 && toDay === new Date(toYear, toMonth, 0).getDate();
  if (!wholeMonths) return `${day(from)}至${fromYear === toYear ? shortDay(to) : day(to)}`;
  if (fromYear === toYear && fromMonth === toMonth) return `${fromYear}年${fromMonth}月`;
  return fromYear === toYear ? `${fromYear}年${fromMonth}至${toMonth}月` : `${fromYear}年${fromMonth}月至${toYear}年${toMonth}月`;
}

/** The first day of the month that lies some months ahead. @param {string} date @param {number} months */
export function monthsOn(date, months) {
  const [year, month] = /** @type {[number, number]} */ (date.split("-").map(Number));
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10);
}

/** Instants carry +08:00, so their digits are Shanghai's. @param {string} instant */
export const moment = (instant) => `${day(instant.slice(0, 10))} ${instant.slice(11, 16)}`;

const weekdays = "日一二三四五六";

/** From one instant to another: `12月11日（周五）09:00–11:00`. @param {string} from @param {string} to */
export function span(from, to) {
  const date = from.slice(0, 10);
  const weekday = weekdays[new Date(date + "T00:00:00Z").getUTCDay()];
  return `${shortDay(date)}（周${weekday}）${clock(from)}–${to.slice(0, 10) === date ? "" : shortDay(to.slice(0, 10)) + " "}${clock(to)}`;
}

/** Some days after a date. @param {string} date @param {number} days */
export const daysOn = (date, days) => new Date(Date.parse(date + "T00:00:00Z") + days * 86_400_000).toISOString().slice(0, 10);

/** Whole points, or anything else that is counted. @param {number} number */
export const count = (number) => number.toLocaleString("zh-CN");

/** @param {number} bytes */
export const size = (bytes) => (bytes < 1_048_576 ? `${Math.max(1, Math.round(bytes / 1_024))} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`);

/** @param {string} instant */
export const clock = (instant) => instant.slice(11, 16);

/** The last day of something that is over at an instant: midnight belongs to the day before. @param {string} end @param {string} [today] Another year is said. */
export function lastDay(end, today = end) {
  const year = end.slice(0, 4) === today.slice(0, 4) ? shortDay : day;
  if (end.slice(11, 16) !== "00:00") return `${year(end.slice(0, 10))} ${clock(end)}`;
  const [endYear, month, dayOfMonth] = /** @type {[number, number, number]} */ (end.slice(0, 10).split("-").map(Number));
  const before = new Date(Date.UTC(endYear, month - 1, dayOfMonth - 1)).toISOString().slice(0, 10);
  return before.slice(0, 4) === today.slice(0, 4) ? shortDay(before) : day(before);
}

/** @param {number} seconds */
export const about = (seconds) => (seconds < 60 ? `${seconds} 秒` : `${Math.ceil(seconds / 60)} 分钟`);

/** `12345678` → `1234 5678`. @param {string} code */
export const grouped = (code) => code.replace(/(.{4})(?=.)/g, "$1 ");

/** @type {Record<import("../client/index.js").Schema<"TenureKind">, string>} */
export const roles = { developer: "开发商", owner: "业主", jointOwner: "共有业主", tenant: "租户", payer: "代付人" };
