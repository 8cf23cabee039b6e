"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Session = void 0;
const errors_js_1 = require("./errors.js");
/** Renewed so long before its end that a request under way does not meet it. */
const margin = 60000;
/** The session token: taken from storage, fetched when there is none, renewed before its end and on the service's word, once at a time. */
class Session {
    /** @param open `POST /sessions` with a login code. */
    constructor(wx, storageKey, open) {
        this.wx = wx;
        this.storageKey = storageKey;
        this.open = open;
        this.kept = this.stored();
    }
    /** A token that should do. */
    token() {
        const kept = this.kept;
        return kept !== undefined && Date.now() < kept.renewAt ? Promise.resolve(kept.token) : this.renew();
    }
    /** The service refused a token: whoever comes second gets what the first is fetching or has fetched. */
    replace(refused) {
        return this.kept !== undefined && this.kept.token !== refused ? Promise.resolve(this.kept.token) : this.renew();
    }
    /** Forgets the token; the next request logs in again. */
    end() {
        this.kept = undefined;
        try {
            this.wx.removeStorageSync(this.storageKey);
        }
        catch (_a) {
            // a full or locked storage: the token is gone from memory, and a stored one is refused in time
        }
    }
    renew() {
        if (this.renewing === undefined) {
            const done = () => { this.renewing = undefined; };
            this.renewing = this.fetch();
            this.renewing.then(done, done);
        }
        return this.renewing;
    }
    async fetch() {
        const opened = await this.exchange();
        const ends = Date.parse(opened.expiresAt);
        // A device whose clock is wrong would renew on each request: there the service's 401 tells when.
        const renewAt = ends - margin > Date.now() ? ends - margin : Number.MAX_SAFE_INTEGER;
        this.kept = { token: opened.token, renewAt };
        try {
            this.wx.setStorageSync(this.storageKey, this.kept);
        }
        catch (_a) {
            // kept in memory all the same
        }
        return opened.token;
    }
    async exchange() {
        try {
            return await this.open(await this.loginCode());
        }
        catch (error) {
            // A code that got old or was used on the way is no fault of the owner's: one more.
            if ((0, errors_js_1.isProblem)(error, "login_code_invalid"))
                return this.open(await this.loginCode());
            throw error;
        }
    }
    loginCode() {
        return new Promise((resolve, reject) => this.wx.login({
            success: (answer) => resolve(answer.code),
            fail: (failure) => reject(new errors_js_1.TroubleError("openSession", "login", failure.errMsg)),
        }));
    }
    stored() {
        try {
            const stored = this.wx.getStorageSync(this.storageKey);
            return stored && typeof stored.token === "string" && typeof stored.renewAt === "number" ? { token: stored.token, renewAt: stored.renewAt } : undefined;
        }
        catch (_a) {
            return undefined;
        }
    }
}
exports.Session = Session;
