// @ts-check
import { el, fill, icon } from "../dom.js";
import { persons, savePerson } from "./emulator.js";

/** The first page: whose phone? @param {HTMLElement} table @param {(openid: string) => string} addressOf */
export async function chooser(table, addressOf) {
  const known = await persons();
  const list = el("ul.persons");
  const search = el("input", { type: "search", placeholder: "姓名或手机号", "aria-label": "查找", oninput: () => draw() });
  const draw = () => {
    const found = known.filter((person) => (person.nickname + person.phone).includes(search.value.trim()));
    fill(
      list,
      found.map((person) =>
        el(
          "li",
          null,
          el(
            "a",
            { href: addressOf(person.openid) },
            el("span.avatar", { "aria-hidden": "true" }, (person.nickname || "业").slice(0, 1)),
            el("span.person", null, el("b", null, person.nickname || "未命名"), el("span.muted", null, person.phone || "没有绑定手机号")),
            icon("next"),
          ),
        ),
      ),
      found.length === 0 && el("li.nobody", null, known.length === 0 ? "还没有人用过这个微信" : "没有找到"),
    );
  };
  draw();

  const name = el("input", { name: "nickname", placeholder: "如 林晓", "aria-label": "称呼", maxLength: 20, required: true });
  const number = el("input", {
    name: "phone",
    placeholder: "微信绑定的手机号",
    "aria-label": "手机号",
    inputMode: "tel",
    pattern: "[0-9]{11}",
    maxLength: 11,
  });
  const fresh = el(
    "form.fresh",
    {
      onsubmit: async (/** @type {Event} */ event) => {
        event.preventDefault();
        location.href = addressOf((await savePerson({ nickname: name.value.trim(), phone: number.value.trim() })).openid);
      },
    },
    el("h2", null, "新手机"),
    el("label", null, "称呼", name),
    el("label", null, "手机号", number),
    el("button.green", null, "打开"),
  );

  document.title = "业主的手机";
  fill(
    table,
    el(
      "section.chooser",
      null,
      el(
        "header",
        null,
        el("img", { src: "icon.svg", alt: "" }),
        el("div", null, el("h1", null, "业主的手机"), el("p", null, "选一位业主，看到的就是他微信里的小程序。每部手机各自登录，可以同时打开几部。")),
      ),
      el("div.columns", null, fresh, el("div", null, el("h2", null, "谁的手机"), known.length > 8 && search, list)),
    ),
  );
}
