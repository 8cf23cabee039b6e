"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.wait = void 0;
exports.send = send;
const errors_js_1 = require("./errors.js");
const wait = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
exports.wait = wait;
/** Sends until there is an answer that will not change, or patience ends. */
async function send(wx, request, patience) {
    var _a;
    for (let attempt = 0;; attempt++) {
        const outcome = await once(wx, request, patience.timeout);
        if ("answer" in outcome)
            return outcome.answer;
        const pause = patience.pauses[attempt];
        const again = request.repeatable && pause !== undefined && (!("refusal" in outcome) || isPassing(outcome.refusal));
        if (!again)
            throw "trouble" in outcome ? outcome.trouble : new errors_js_1.ProblemError(request.operation, outcome.refusal);
        await (0, exports.wait)(Math.max(pause, "refusal" in outcome ? (_a = outcome.retryAfter) !== null && _a !== void 0 ? _a : 0 : 0));
    }
}
/** Too many, or WeChat busy: the same request may be welcome in a moment. Everything else is the answer to this request for good. */
function isPassing(refusal) {
    return refusal.status === 429 || refusal.code === "wechat_busy";
}
function once(wx, request, timeout) {
    const header = { Accept: "application/json", ...request.header };
    if (request.body !== undefined)
        header["Content-Type"] = "application/json";
    return new Promise((resolve) => {
        wx.request({
            url: request.url, method: request.method, header, timeout, ...(request.body === undefined ? {} : { data: JSON.stringify(request.body) }),
            success: (answer) => resolve(read(request.operation, answer)),
            fail: (failure) => resolve({ trouble: new errors_js_1.TroubleError(request.operation, "network", failure.errMsg) }),
        });
    });
}
function read(operation, answer) {
    const data = parsed(answer.data);
    const ok = answer.statusCode >= 200 && answer.statusCode < 300;
    if (ok && (answer.statusCode === 204 || isObject(data)))
        return { answer: answer.statusCode === 204 ? undefined : data };
    if (!ok && isObject(data) && typeof data["code"] === "string" && typeof data["title"] === "string")
        return { refusal: { ...data, status: answer.statusCode }, retryAfter: retryAfter(answer.header) };
    return { trouble: new errors_js_1.TroubleError(operation, "answer", `HTTP ${answer.statusCode} without an answer of the service`) };
}
/** `wx.request` parses what it can; a problem's content type is not known to every version of it. */
function parsed(data) {
    if (typeof data !== "string")
        return data;
    try {
        return JSON.parse(data);
    }
    catch (_a) {
        return data;
    }
}
function isObject(data) {
    return typeof data === "object" && data !== null;
}
/** Milliseconds, at most ten seconds: longer than that is for the owner to decide. */
function retryAfter(header) {
    if (header === undefined)
        return undefined;
    const name = Object.keys(header).find((key) => key.toLowerCase() === "retry-after");
    const seconds = name === undefined ? NaN : Number(header[name]);
    return seconds > 0 ? Math.min(seconds, 10) * 1000 : undefined;
}
