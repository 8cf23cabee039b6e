// @ts-check
import { el, icon } from "../../dom.js";
import { nothing } from "../parts.js";
import { shortDay } from "../text.js";

/** @typedef {import("../../client/index.js").Schema<"SurveyShown">} Survey */
/** @typedef {Survey["questions"][number]} Question */
/** @typedef {import("../../client/index.js").Schema<"AnswerInput">} Answer */

const scaleTop = 5;

/** @param {Survey} one */
const state = (one) =>
  one.answered
    ? el("span.tag.quiet", null, "已填写")
    : one.open
      ? el("span.tag.due", null, `${shortDay(one.to)}截止`)
      : el("span.tag.quiet", null, "已结束");

/** @param {import("../app.js").App} app @param {Survey} one */
export const surveyCard = (app, one) =>
  el(
    "button.card.post",
    { onclick: () => app.go(`pages/survey/detail?id=${one.surveyId}`) },
    el("span.post-head", null, el("b", null, one.title), state(one)),
    el(
      "span.post-fact",
      null,
      icon("survey"),
      `共 ${one.questions.length} 题 · ${one.anonymous ? "匿名" : "实名"} · ${one.unit === "house" ? "每户一份" : "每人一份"}`,
    ),
  );

/** @type {import("../app.js").Page} */
export const survey = {
  title: "问卷",
  load: async (app, query) => (await app.house.board.surveys()).find((one) => one.surveyId === query["id"]),
  show(app, /** @type {Survey | undefined} */ one) {
    if (!one) return nothing("survey", "没有找到这份问卷");
    const head = el(
      "section.card",
      null,
      el("h2.paper-title", null, one.title),
      one.intro && el("p.lines", null, one.intro),
      el("p.formula", null, one.note),
    );
    if (one.answered) return [head, result("感谢您的填写", one.unit === "house" ? "本户的意见已经提交" : "您的意见已经提交")];
    if (!one.open) return [head, result("问卷已结束", "感谢关注")];
    const fields = one.questions.map(field);
    return [
      head,
      fields.map((one) => one.view),
      el(
        "div.actions",
        null,
        app.button("button.primary", "提交问卷", async (tap) => {
          const missing = fields.find(({ question, read }) => question.required && isEmpty(read()));
          if (missing) {
            await app.say(`第 ${missing.question.number} 题必须回答`);
            return missing.view.scrollIntoView({ block: "center", behavior: "smooth" });
          }
          await app.house.board.answerSurvey(one.surveyId, fields.map(({ read }) => read()).filter((answer) => !isEmpty(answer)), tap);
          app.wx.showToast({ title: "提交成功", icon: "success" });
          return app.reload();
        }),
      ),
      el("p.fine-print", null, icon("info"), "提交后不能修改。"),
    ];
  },
};

/** @param {string} title @param {string} text */
const result = (title, text) => el("section.result.good", null, icon("check", "big"), el("h2", null, title), el("p.muted", null, text));

/** @param {Answer} answer */
const isEmpty = (answer) => !answer.choices?.length && !answer.text;

/** A question with its inputs, and what stands in them. @param {Question} question @returns {{ question: Question, view: HTMLElement, read: () => Answer }} */
function field(question) {
  const { questionId, kind, options } = question;
  /** @param {import("../../dom.js").Child} inside */
  const frame = (inside) =>
    el(
      "fieldset.card.question",
      null,
      el(
        "legend",
        null,
        el("span.number", null, `${question.number}.`),
        question.text,
        el("span.muted", null, kind === "several" ? "（可多选）" : "", question.required ? "" : "（选填）"),
      ),
      inside,
    );
  if (kind === "text") {
    const text = el("textarea", { rows: 3, maxLength: 500, placeholder: "请填写", "aria-label": question.text });
    return { question, view: frame(text), read: () => ({ questionId, text: text.value.trim() }) };
  }
  const labels = kind === "scale" ? Array.from({ length: scaleTop }, (_, at) => String(at + 1)) : options;
  const inputs = labels.map((label, at) =>
    el("input", { type: kind === "several" ? "checkbox" : "radio", name: questionId, value: String(at + 1), "aria-label": label }),
  );
  const choices = labels.map((label, at) => el("label", null, inputs[at], el("span", null, label)));
  return {
    question,
    view: frame(
      kind === "scale"
        ? [el("div.scale", null, choices), el("p.scale-ends", null, el("span", null, "1 分最低"), el("span", null, "5 分最高"))]
        : el("div.options", null, choices),
    ),
    read: () => ({ questionId, choices: inputs.flatMap((input, at) => (input.checked ? [at + 1] : [])) }),
  };
}
