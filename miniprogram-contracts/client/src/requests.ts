import type { OwnerErrorCode, Problem } from "../../types/index.js";
import { ProblemError, TroubleError } from "./errors.js";
import type { ProblemOf } from "./errors.js";
import type { Wx, WxRequest } from "./wx.js";

declare function setTimeout(work: () => void, milliseconds: number): unknown;

/** When and how often a request that may be repeated goes out again. */
export interface Patience {
  /** Milliseconds until one attempt is given up. */
  timeout: number;
  /** Milliseconds before the second attempt, the third …; as many retries as there are entries. */
  pauses: readonly number[];
}

export interface Request {
  operation: string;
  method: WxRequest["method"];
  url: string;
  header: Record<string, string>;
  body: unknown;
  /** Sending it twice does no more than sending it once. */
  repeatable: boolean;
}

type Outcome = { answer: unknown } | { refusal: Problem; retryAfter: number | undefined } | { trouble: TroubleError };

export const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

/** Sends until there is an answer that will not change, or patience ends. */
export async function send<Answered>(wx: Wx, request: Request, patience: Patience): Promise<Answered> {
  for (let attempt = 0; ; attempt++) {
    const outcome = await once(wx, request, patience.timeout);
    if ("answer" in outcome) return outcome.answer as Answered;
    const pause = patience.pauses[attempt];
    const again = request.repeatable && pause !== undefined && (!("refusal" in outcome) || isPassing(outcome.refusal));
    if (!again) throw "trouble" in outcome ? outcome.trouble : new ProblemError(request.operation, outcome.refusal as ProblemOf<OwnerErrorCode>);
    await wait(Math.max(pause, "refusal" in outcome ? outcome.retryAfter ?? 0 : 0));
  }
}

/** Too many, or WeChat busy: the same request may be welcome in a moment. Everything else is the answer to this request for good. */
function isPassing(refusal: Problem): boolean {
  return refusal.status === 429 || refusal.code === "wechat_busy";
}

function once(wx: Wx, request: Request, timeout: number): Promise<Outcome> {
  const header: Record<string, string> = { Accept: "application/json", ...request.header };
  if (request.body !== undefined) header["Content-Type"] = "application/json";
  return new Promise((resolve) => {
    wx.request({
      url: request.url, method: request.method, header, timeout, ...(request.body === undefined ? {} : { data: JSON.stringify(request.body) }),
      success: (answer) => resolve(read(request.operation, answer)),
      fail: (failure) => resolve({ trouble: new TroubleError(request.operation, "network", failure.errMsg) }),
    });
  });
}

function read(operation: string, answer: { statusCode: number; data: unknown; header?: Record<string, string> }): Outcome {
  const data = parsed(answer.data);
  const ok = answer.statusCode >= 200 && answer.statusCode < 300;
  if (ok && (answer.statusCode === 204 || isObject(data))) return { answer: answer.statusCode === 204 ? undefined : data };
  if (!ok && isObject(data) && typeof data["code"] === "string" && typeof data["title"] === "string")
    return { refusal: { ...data, status: answer.statusCode } as Problem, retryAfter: retryAfter(answer.header) };
  return { trouble: new TroubleError(operation, "answer", `HTTP ${answer.statusCode} without an answer of the service`) };
}

/** `wx.request` parses what it can; a problem's content type is not known to every version of it. */
function parsed(data: unknown): unknown {
  if (typeof data !== "string") return data;
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return data;
  }
}

function isObject(data: unknown): data is Record<string, unknown> {
  return typeof data === "object" && data !== null;
}

/** Milliseconds, at most ten seconds: longer than that is for the owner to decide. */
function retryAfter(header: Record<string, string> | undefined): number | undefined {
  if (header === undefined) return undefined;
  const name = Object.keys(header).find((key) => key.toLowerCase() === "retry-after");
  const seconds = name === undefined ? NaN : Number(header[name]);
  return seconds > 0 ? Math.min(seconds, 10) * 1000 : undefined;
}
