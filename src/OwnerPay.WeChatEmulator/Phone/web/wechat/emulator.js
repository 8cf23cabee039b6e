// @ts-check
// What WeChat's servers and this person's WeChat client do; the mini-program never comes here.

/** @typedef {{ openid: string, nickname: string, phone: string }} Person */
/** @typedef {{ appid: string, name: string, backend?: string, scene?: string }} Settings */
/** @typedef {{ outTradeNo: string, state: string, description: string, totalFen: number, refusal?: { code: string, message: string } }} Sheet */
/** @typedef {{ templateId: string, title: string, fields: string[], kept?: boolean | null }} AskedTemplate */

/** The emulator said no, with a sentence of its own. */
export class Refusal extends Error {
  /** @param {number} status @param {{ code?: string, message?: string, errCode?: number, errMsg?: string }} answer */
  constructor(status, answer) {
    super(answer.message ?? `HTTP ${status}`);
    this.status = status;
    this.answer = answer;
  }
}

/** @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
async function ask(method, path, body) {
  /** @type {RequestInit} */
  const sent = { method, headers: { "Content-Type": "application/json" } };
  if (body !== undefined) sent.body = JSON.stringify(body);
  const answer = await fetch(path, sent);
  const text = await answer.text();
  const parsed = text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : {};
  if (!answer.ok) throw new Refusal(answer.status, parsed);
  return parsed;
}

/** @returns {Promise<Settings>} */
export const settings = () => ask("GET", "/phone/settings");
/** @param {string} name */
export const story = (name) => ask("GET", `/phone/stories/${encodeURIComponent(name)}`);
/** @returns {Promise<Person[]>} */
export const persons = () => ask("GET", "/admin/users");
/** @param {{ openid?: string, nickname: string, phone: string }} person @returns {Promise<Person>} */
export const savePerson = (person) => ask("POST", "/admin/users", person);

/** One person's WeChat. @param {string} openid */
export function weChatOf(openid) {
  const own = `/admin/users/${encodeURIComponent(openid)}`;
  return {
    /** @param {string} appid @returns {Promise<{ code: string }>} */
    loginCode: (appid) => ask("POST", own + "/login-code", { appid }),
    /** @param {string} appid @returns {Promise<{ code: string }>} */
    phoneCode: (appid) => ask("POST", own + "/phone-code", { appid }),
    /** @param {string} prepayId @returns {Promise<Sheet>} */
    sheet: (prepayId) => ask("GET", `/admin/checkout?prepayId=${encodeURIComponent(prepayId)}&openid=${encodeURIComponent(openid)}`),
    /** @param {string} prepayId @param {object} parameters */
    pay: (prepayId, parameters) => ask("POST", "/admin/checkout/pay", { prepayId, openid, parameters }),
    /** @param {string} prepayId */
    cancel: (prepayId) => ask("POST", "/admin/checkout/cancel", { prepayId, openid }),
    /** @param {string[]} templateIds @returns {Promise<{ templates: AskedTemplate[] }>} */
    askedTemplates: (templateIds) => ask("POST", own + "/subscription-requests", { templateIds }),
    /** @param {{ accept: string[], reject: string[], keep?: boolean }} answer */
    answerTemplates: (answer) => ask("POST", own + "/subscriptions", answer),
    events: () => new EventSource(own + "/events"),
  };
}
