"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.OwnerPay = void 0;
const errors_js_1 = require("./errors.js");
const house_js_1 = require("./house.js");
const pay_link_js_1 = require("./pay-link.js");
const requests_js_1 = require("./requests.js");
const routes_js_1 = require("./routes.js");
const session_js_1 = require("./session.js");
/** The owner API of OwnerPay. It logs in when it must; one instance serves the whole mini-program. */
class OwnerPay {
    constructor(options) {
        this.wx = options.wx;
        this.baseUrl = options.baseUrl.replace(/\/+$/, "");
        this.patience = { timeout: 10000, pauses: [400, 1500], ...options.patience };
        this.session = new session_js_1.Session(options.wx, `ownerpay.session.${options.appId}`, (code) => this.request("openSession", { body: { appId: options.appId, code } }, undefined));
    }
    /** The houses of whoever holds the phone. */
    me() {
        return this.call("showMe", {});
    }
    /** Binds this WeChat user to a person of the roster. A phone code serves once: after a failure ask for another. */
    bind(how) {
        return this.call("bindPerson", { body: how });
    }
    /** Tells what the owner answered in WeChat's dialog for one template. */
    grant(answered, tap) {
        return this.call("acceptMessages", { body: answered, tap });
    }
    /** Everything else concerns one house. */
    house(houseId) {
        return new house_js_1.House(this, houseId);
    }
    /** Bills that somebody else asked to be paid; no binding is needed. @param token what the page was opened with as `scene` */
    payLink(token) {
        return new pay_link_js_1.PayLink(this, token);
    }
    /** Forgets the session token. */
    signOut() {
        this.session.end();
    }
    /**
     * Any operation by its name in the API document. A token that the service no longer takes is renewed, once.
     * @throws ProblemError when the service refuses, TroubleError when it cannot be reached.
     */
    async call(name, input) {
        const token = await this.session.token();
        try {
            return await this.request(name, input, token);
        }
        catch (error) {
            if (!(0, errors_js_1.isProblem)(error, "sign_in_needed"))
                throw error;
            return this.request(name, input, await this.session.replace(token));
        }
    }
    /**
     * Fetches a file, such as `downloadReceipt`, and shows it in WeChat's viewer, from which the owner can keep or forward it.
     * @throws TroubleError when it cannot be had; what the service said against it is not readable from a download.
     */
    async open(wx, name, input) {
        const filePath = await this.download(wx, name, input);
        await new Promise((resolve, reject) => wx.openDocument({
            filePath, fileType: "pdf", showMenu: true, success: resolve,
            fail: (failure) => reject(new errors_js_1.TroubleError(name, "answer", failure.errMsg)),
        }));
    }
    /**
     * Fetches a file for the page itself, such as the picture of a pick-up code.
     * @returns Its path on the phone, as an image element takes it.
     * @throws TroubleError as {@link open}.
     */
    async download(wx, name, input) {
        const token = await this.session.token();
        let file = await this.fetch(wx, name, input, token);
        if (file.statusCode === 401)
            file = await this.fetch(wx, name, input, await this.session.replace(token));
        if (file.statusCode !== 200)
            throw new errors_js_1.TroubleError(name, "answer", `HTTP ${file.statusCode}`);
        return file.tempFilePath;
    }
    fetch(wx, name, input, token) {
        var _a, _b;
        const url = this.baseUrl + filled(routes_js_1.routes[name][1], (_a = input.path) !== null && _a !== void 0 ? _a : {}) + query((_b = input.query) !== null && _b !== void 0 ? _b : {});
        return new Promise((resolve, reject) => wx.downloadFile({
            url, header: { Authorization: `Bearer ${token}` }, timeout: 60000, success: resolve,
            fail: (failure) => reject(new errors_js_1.TroubleError(name, "network", failure.errMsg)),
        }));
    }
    request(name, input, token) {
        var _a, _b;
        const [method, path] = routes_js_1.routes[name];
        const header = {};
        if (token !== undefined)
            header["Authorization"] = `Bearer ${token}`;
        if (input.tap !== undefined)
            header["Idempotency-Key"] = input.tap.key;
        if (input.link !== undefined)
            header["Pay-Link"] = input.link;
        return (0, requests_js_1.send)(this.wx, {
            operation: name, method, header, body: input.body, url: this.baseUrl + filled(path, (_a = input.path) !== null && _a !== void 0 ? _a : {}) + query((_b = input.query) !== null && _b !== void 0 ? _b : {}),
            repeatable: method === "GET" || input.tap !== undefined || routes_js_1.repeatable.indexOf(name) >= 0,
        }, this.patience);
    }
}
exports.OwnerPay = OwnerPay;
function filled(path, values) {
    return path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(values[name])));
}
function query(values) {
    const parts = Object.entries(values).filter(([, value]) => value !== undefined && value !== null)
        .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
    return parts.length === 0 ? "" : "?" + parts.join("&");
}
