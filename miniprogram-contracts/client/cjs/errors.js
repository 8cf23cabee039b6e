"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.TroubleError = exports.ProblemError = void 0;
exports.isProblem = isProblem;
exports.isTrouble = isTrouble;
/** The service refused, and says why. `message` is its Chinese title. */
class ProblemError extends Error {
    constructor(operation, problem) {
        super(problem.title);
        this.operation = operation;
        this.problem = problem;
        this.kind = "problem";
        this.name = "ProblemError";
    }
    /** Later versions of the service have codes that this one does not know: show their title. */
    get code() {
        return this.problem.code;
    }
}
exports.ProblemError = ProblemError;
const titles = {
    network: "网络不太顺畅，请检查网络后重试",
    answer: "服务暂时无法连接，请稍后重试",
    login: "微信登录没有成功，请重试",
    payment: "没有成功调起微信支付，请重试",
};
/** Nothing is known of what the service thinks. `message` is a Chinese sentence for the owner; `technical` is for the log. */
class TroubleError extends Error {
    constructor(operation, cause, technical) {
        super(titles[cause]);
        this.operation = operation;
        this.cause = cause;
        this.technical = technical;
        this.kind = "trouble";
        this.name = "TroubleError";
    }
}
exports.TroubleError = TroubleError;
/** True for a refusal by the service; with codes, for one of these. Compares by `kind`, so that it works with two copies of this file. */
function isProblem(error, ...codes) {
    if (!isOfKind(error, "problem"))
        return false;
    return codes.length === 0 || codes.indexOf(error.code) >= 0;
}
/** True when the network, a gateway or WeChat stood between us and the service: offer to try again. */
function isTrouble(error) {
    return isOfKind(error, "trouble");
}
function isOfKind(error, kind) {
    return typeof error === "object" && error !== null && error.kind === kind;
}
