import { TroubleError } from "./errors.js";
import { newTap } from "./taps.js";
/**
 * Opens WeChat's pay sheet. `confirmed` means that the payer typed the password, not that the money is booked: read the order with
 * `house.settled` afterwards.
 * @throws TroubleError when the sheet failed for another reason than the payer's no.
 */
export function requestPayment(wx, parameters) {
    return new Promise((resolve, reject) => wx.requestPayment({
        timeStamp: parameters.timeStamp, nonceStr: parameters.nonceStr, package: parameters.package, signType: "RSA", paySign: parameters.paySign,
        success: () => resolve("confirmed"),
        fail: (failure) => /cancel/.test(failure.errMsg) ? resolve("cancelled") : reject(new TroubleError("requestPayment", "payment", failure.errMsg)),
    }));
}
/**
 * Asks in WeChat's dialog for one message of each template, and reports the answers. Call it first thing in a tap handler. It never fails:
 * whether messages may be sent must not stand between an owner and what the tap was for.
 */
export async function askForMessages(wx, api, templates) {
    const ids = templates.slice(0, 3).map((template) => template.templateId); // WeChat takes three at a time
    if (ids.length === 0)
        return { allowed: 0, switchedOff: false };
    const answer = await new Promise((resolve) => wx.requestSubscribeMessage({
        tmplIds: ids, success: resolve, fail: (failure) => { var _a; return resolve((_a = failure.errCode) !== null && _a !== void 0 ? _a : 0); },
    }));
    if (typeof answer === "number")
        return { allowed: 0, switchedOff: answer === 20004 };
    const told = ids.map(async (templateId) => {
        var _a;
        const word = (_a = answer[templateId]) !== null && _a !== void 0 ? _a : "";
        const accepted = /^accept/.test(word); // acceptWithAudio and acceptWithAlert are accepts
        if (!accepted && word !== "reject")
            return 0; // banned or filtered by WeChat: the owner was not asked
        try {
            await api.grant({ templateId, result: accepted ? "accept" : "reject" }, newTap());
        }
        catch (_b) {
            return 0; // one message less is counted; WeChat's own events tell the service, too
        }
        return accepted ? 1 : 0;
    });
    const allowed = await Promise.all(told);
    return { allowed: allowed.reduce((sum, one) => sum + one, 0), switchedOff: false };
}
