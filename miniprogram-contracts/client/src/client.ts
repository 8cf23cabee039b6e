import type { Answer, Body, operations } from "../../types/index.js";
import { TroubleError, isProblem } from "./errors.js";
import { House } from "./house.js";
import { PayLink } from "./pay-link.js";
import { send } from "./requests.js";
import type { Patience } from "./requests.js";
import { repeatable, routes } from "./routes.js";
import type { Input, Output } from "./routes.js";
import { Session } from "./session.js";
import type { Tap } from "./taps.js";
import type { Wx, WxFiles } from "./wx.js";

export interface Options {
  /** The global `wx` of the mini-program. */
  wx: Wx;
  /** Such as `https://pay.example.cn`: one of the mini-program's request domains. */
  baseUrl: string;
  /** The mini-program's own. */
  appId: string;
  /** Ten seconds an attempt and two retries, unless said otherwise. */
  patience?: Partial<Patience>;
}

/** The owner API of OwnerPay. It logs in when it must; one instance serves the whole mini-program. */
export class OwnerPay {
  private readonly wx: Wx;
  private readonly baseUrl: string;
  private readonly patience: Patience;
  private readonly session: Session;

  constructor(options: Options) {
    this.wx = options.wx;
    this.baseUrl = options.baseUrl.replace(/\/+$/, "");
    this.patience = { timeout: 10_000, pauses: [400, 1_500], ...options.patience };
    this.session = new Session(options.wx, `ownerpay.session.${options.appId}`,
      (code) => this.request("openSession", { body: { appId: options.appId, code } }, undefined));
  }

  /** The houses of whoever holds the phone. */
  me(): Promise<Answer<"showMe">> {
    return this.call("showMe", {});
  }

  /** Binds this WeChat user to a person of the roster. A phone code serves once: after a failure ask for another. */
  bind(how: Body<"bindPerson">): Promise<Answer<"bindPerson">> {
    return this.call("bindPerson", { body: how });
  }

  /** Tells what the owner answered in WeChat's dialog for one template. */
  grant(answered: Body<"acceptMessages">, tap: Tap): Promise<Answer<"acceptMessages">> {
    return this.call("acceptMessages", { body: answered, tap });
  }

  /** Everything else concerns one house. */
  house(houseId: string): House {
    return new House(this, houseId);
  }

  /** Bills that somebody else asked to be paid; no binding is needed. @param token what the page was opened with as `scene` */
  payLink(token: string): PayLink {
    return new PayLink(this, token);
  }

  /** Forgets the session token. */
  signOut(): void {
    this.session.end();
  }

  /**
   * Any operation by its name in the API document. A token that the service no longer takes is renewed, once.
   * @throws ProblemError when the service refuses, TroubleError when it cannot be reached.
   */
  async call<Name extends keyof operations>(name: Name, input: Input<Name>): Promise<Output<Name>> {
    const token = await this.session.token();
    try {
      return await this.request(name, input, token);
    } catch (error) {
      if (!isProblem(error, "sign_in_needed")) throw error;
      return this.request(name, input, await this.session.replace(token));
    }
  }

  /**
   * Fetches a file, such as `downloadReceipt`, and shows it in WeChat's viewer, from which the owner can keep or forward it.
   * @throws TroubleError when it cannot be had; what the service said against it is not readable from a download.
   */
  async open<Name extends keyof operations>(wx: WxFiles, name: Name, input: Input<Name>): Promise<void> {
    const filePath = await this.download(wx, name, input);
    await new Promise<void>((resolve, reject) => wx.openDocument({
      filePath, fileType: "pdf", showMenu: true, success: resolve,
      fail: (failure) => reject(new TroubleError(name, "answer", failure.errMsg)),
    }));
  }

  /**
   * Fetches a file for the page itself, such as the picture of a pick-up code.
   * @returns Its path on the phone, as an image element takes it.
   * @throws TroubleError as {@link open}.
   */
  async download<Name extends keyof operations>(wx: Pick<WxFiles, "downloadFile">, name: Name, input: Input<Name>): Promise<string> {
    const token = await this.session.token();
    let file = await this.fetch(wx, name, input, token);
    if (file.statusCode === 401) file = await this.fetch(wx, name, input, await this.session.replace(token));
    if (file.statusCode !== 200) throw new TroubleError(name, "answer", `HTTP ${file.statusCode}`);
    return file.tempFilePath;
  }

  private fetch<Name extends keyof operations>(
    wx: Pick<WxFiles, "downloadFile">, name: Name, input: Input<Name>, token: string): Promise<{ statusCode: number; tempFilePath: string }> {
    const url = this.baseUrl + filled(routes[name][1], input.path ?? {}) + query(input.query ?? {});
    return new Promise((resolve, reject) => wx.downloadFile({
      url, header: { Authorization: `Bearer ${token}` }, timeout: 60_000, success: resolve,
      fail: (failure) => reject(new TroubleError(name, "network", failure.errMsg)),
    }));
  }

  private request<Name extends keyof operations>(name: Name, input: Input<Name>, token: string | undefined): Promise<Output<Name>> {
    const [method, path] = routes[name] as readonly ["GET" | "POST" | "PUT", string];
    const header: Record<string, string> = {};
    if (token !== undefined) header["Authorization"] = `Bearer ${token}`;
    if (input.tap !== undefined) header["Idempotency-Key"] = input.tap.key;
    if (input.link !== undefined) header["Pay-Link"] = input.link;
    return send<Output<Name>>(this.wx, {
      operation: name, method, header, body: input.body, url: this.baseUrl + filled(path, input.path ?? {}) + query(input.query ?? {}),
      repeatable: method === "GET" || input.tap !== undefined || repeatable.indexOf(name) >= 0,
    }, this.patience);
  }
}

function filled(path: string, values: object): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String((values as Record<string, unknown>)[name])));
}

function query(values: object): string {
  const parts = Object.entries(values as Record<string, unknown>).filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return parts.length === 0 ? "" : "?" + parts.join("&");
}
