// @ts-check
import { el, fill, icon } from "../../dom.js";

/** Who lives where: WeChat's verified number with the house, or a code from the service desk. @type {import("../app.js").Page} */
export const bind = {
  title: "绑定房屋",
  load: async (app) => await app.api.me(),
  show(app, /** @type {import("../../client/index.js").Answer<"showMe">} */ me) {
    let byCode = false;
    const form = el("section.card.bind");
    const community = el("input", { id: "community", value: app.scene ?? "", placeholder: "公告二维码旁的小区编号", autocomplete: "off" });
    const house = el("input", { id: "house", placeholder: "如 3-2-1101", autocomplete: "off" });
    const code = el("input", { id: "code", placeholder: "物业服务中心提供的绑定码", autocomplete: "off" });

    /** @param {Parameters<typeof app.api.bind>[0]} how */
    const tell = async (how) => {
      try {
        await app.api.bind(how);
        app.me = undefined;
        app.wx.showToast({ title: "绑定成功", icon: "success" });
        app.go("pages/index/index");
      } catch (error) {
        await app.tell(error); // no "try again" with the same codes: each serves once
      }
    };

    /** The phone code serves once, so whatever went wrong, the next try asks WeChat anew. */
    const byPhone = app.phoneNumberButton("授权手机号并绑定", ({ detail }) => {
      if (!detail.code) return void (detail.errMsg.includes("deny") ? undefined : app.say("没有取得手机号，请重试"));
      if (!house.value.trim() || !community.value.trim()) return void app.say("请先填写小区编号和房号");
      return void tell({ communityCode: community.value.trim(), houseCode: house.value.trim(), phoneCode: detail.code });
    });

    const draw = () =>
      fill(
        form,
        byCode
          ? [
              field("code", "绑定码", code),
              app.button("button.primary", "绑定", async () =>
                code.value.trim() ? tell({ staffCode: code.value.trim() }) : app.say("请填写绑定码"),
              ),
            ]
          : [!app.scene && field("community", "小区", community), field("house", "房号", house), byPhone],
        el(
          "button.link",
          {
            onclick: () => {
              byCode = !byCode;
              draw();
            },
          },
          byCode ? "改用微信手机号绑定" : "改用物业提供的绑定码",
        ),
      );
    draw();
    return [
      el(
        "section.hello",
        null,
        icon("shield", "big"),
        el("h2", null, "绑定我的房屋"),
        el("p.muted", null, me.suspended ? "物业登记的手机号已变更，请重新验证后继续使用。" : "绑定后可查看账单、微信缴费、领取收据和积分。"),
      ),
      form,
      el("p.fine-print", null, "手机号由微信验证，仅用于与物业登记的信息核对。"),
    ];
  },
};

/** @param {string} id @param {string} label @param {HTMLInputElement} input */
const field = (id, label, input) => el("label.field", { for: id }, el("span", null, label), input);
