// A service that answers by a script, and a `wx` that reaches it over real HTTP, as the mini-program's does.
import http from "node:http";

export const houseId = "0193a000-0000-7000-8000-000000000001";

/** Answers each call by the first line of the script that fits and has turns left; what fits none gets 500. */
export class Service {
  calls = [];
  script = [];

  static async start(test) {
    const service = new Service();
    service.server = http.createServer((request, response) => service.#take(request, response));
    await new Promise((ready) => service.server.listen(0, "127.0.0.1", ready));
    service.url = `http://127.0.0.1:${service.server.address().port}`;
    test.after(() => { service.server.closeAllConnections(); service.server.close(); });
    service.logins = 0;
    service.on("POST", "/sessions", () => ({ status: 200, body: { token: `token-${++service.logins}`, expiresAt: service.tokenEnds() } }));
    return service;
  }

  tokenEnds = () => new Date(Date.now() + 7_200_000).toISOString();

  /** @param answer what to answer, or a function of the call; `"cut"` closes the line without an answer. */
  on(method, path, answer, times = Infinity) {
    this.script.unshift({ method, path: "/api/owner/v1" + path, answer, times });
  }

  of(path) {
    return this.calls.filter((call) => call.url.startsWith("/api/owner/v1" + path));
  }

  async #take(request, response) {
    let text = "";
    for await (const piece of request) text += piece;
    const call = { method: request.method, url: request.url, headers: request.headers, body: text === "" ? undefined : JSON.parse(text) };
    this.calls.push(call);
    const line = this.script.find((one) => one.method === call.method && one.path === call.url.split("?")[0] && one.times > 0);
    if (!line) return void response.writeHead(500).end();
    line.times--;
    const answer = typeof line.answer === "function" ? await line.answer(call) : line.answer;
    if (answer === "cut") return void request.socket.destroy();
    response.writeHead(answer.status, { "Content-Type": answer.type ?? "application/json", ...answer.headers });
    response.end(answer.body === undefined ? undefined : typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
  }
}

export const problem = (status, code, title, more = {}) =>
  ({ status, type: "application/problem+json", body: { type: `urn:ownerpay:error:${code}`, title, status, code, ...more } });

/** A phone: its storage, its login codes, its network. */
export class Phone {
  storage = new Map();
  codes = 0;
  loginFails = false;

  login({ success, fail }) {
    if (this.loginFails) return fail({ errMsg: "login:fail internal error" });
    success({ code: `code-${++this.codes}` });
  }

  request({ url, method, header, data, timeout, success, fail }) {
    const sent = http.request(url, { method, headers: header, timeout, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece) => { text += piece; }).on("end", () =>
        success({ statusCode: response.statusCode, data: /json/.test(response.headers["content-type"] ?? "") && text ? JSON.parse(text) : text, header: response.headers }));
    });
    sent.on("timeout", () => sent.destroy(new Error("timeout")));
    sent.on("error", (error) => fail({ errMsg: `request:fail ${error.message}` }));
    sent.end(data);
  }

  /** A file's path stands here for what is in it. */
  downloadFile({ url, header, timeout, success, fail }) {
    this.request({ url, method: "GET", header, timeout, success: ({ statusCode, data }) => success({ statusCode, tempFilePath: data }), fail });
  }

  opened = [];
  openDocument({ success, fail, ...what }) {
    this.opened.push(what);
    success();
  }

  getStorageSync = (key) => this.storage.get(key) ?? "";
  setStorageSync = (key, data) => { this.storage.set(key, data); };
  removeStorageSync = (key) => { this.storage.delete(key); };
}
