// @ts-check
import { App } from "./app/app.js";
import { el, fill } from "./dom.js";
import { story } from "./story/story.js";
import { wall } from "./story/wall.js";
import { chooser } from "./wechat/chooser.js";
import { persons, settings } from "./wechat/emulator.js";
import { Phone } from "./wechat/phone.js";
import { listen, makeWx, phoneNumberButtons } from "./wechat/shim.js";

const table = /** @type {HTMLElement} */ (document.getElementById("table"));
const query = new URLSearchParams(location.search);

/** @param {string} openid */
const addressOf = (openid) => {
  const scene = query.get("scene");
  return `?id=${encodeURIComponent(openid)}${scene ? `&scene=${encodeURIComponent(scene)}` : ""}`;
};

/** One person's phone, with the mini-program open. @param {string} openid */
async function openPhone(openid) {
  const [known, all] = await Promise.all([settings(), persons()]);
  const person = all.find((one) => one.openid === openid) ?? { openid, nickname: "", phone: "" };
  const phone = new Phone(person, known);
  fill(table, phone.root);
  document.title = `${person.nickname || "业主"}的手机`;
  if (!known.backend) {
    phone.show(
      el(
        "section.failure",
        null,
        el("h2", null, "小程序还没有后台"),
        el("p.muted", null, "请用 --backend http://127.0.0.1:端口 启动微信模拟器，指向业主缴费服务。"),
      ),
    );
    return;
  }
  const app = new App({
    wx: makeWx(phone),
    appId: known.appid,
    baseUrl: known.backend,
    name: known.name,
    scene: query.get("scene") ?? known.scene,
    root: phone.app,
    phoneNumberButton: phoneNumberButtons(phone),
    pictureAt: (path) => "/phone/request" + path,
    moved: (place) => history.replaceState(null, "", "#/" + place),
  });
  listen(phone, (page) => app.go(page));
  app.go(location.hash.replace(/^#\/?/, "") || "pages/index/index");
  addEventListener("hashchange", () => app.go(location.hash.replace(/^#\/?/, "")));
}

const id = query.get("id"),
  ids = query.get("ids"),
  storyName = query.get("story");
const opening = storyName
  ? story(table, storyName, addressOf)
  : ids
    ? wall(table, ids.split(","), addressOf)
    : id
      ? openPhone(id)
      : chooser(table, addressOf);
opening.catch((error) => {
  console.error(error);
  fill(table, el("section.failure", { role: "alert" }, el("h2", null, "没有连上微信模拟器"), el("p.muted", null, "请确认它还在运行，然后刷新。")));
});
