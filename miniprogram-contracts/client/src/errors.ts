import type { Answer, OwnerErrorCode, Problem } from "../../types/index.js";

/** What some refusals say besides their title. */
interface Facts {
  /** The price as it is now; show it and let the owner tap again. */
  quote_changed: { quote: Answer<"quoteBills"> };
  /** After so many seconds the other order is over. */
  bill_being_paid: { secondsToWait: number };
}

export type ProblemOf<Code extends OwnerErrorCode> = Problem & { code: Code } & (Code extends keyof Facts ? Facts[Code] : unknown);

/** The service refused, and says why. `message` is its Chinese title. */
export class ProblemError<Code extends OwnerErrorCode = OwnerErrorCode> extends Error {
  readonly kind = "problem";

  constructor(readonly operation: string, readonly problem: ProblemOf<Code>) {
    super(problem.title);
    this.name = "ProblemError";
  }

  /** Later versions of the service have codes that this one does not know: show their title. */
  get code(): Code {
    return this.problem.code as Code;
  }
}

/**
 * - `network`: the request did not come through, or its answer did not come back. What was asked may have been done.
 * - `answer`: something answered that is not the service, such as a gateway's page.
 * - `login`: WeChat gave no login code.
 * - `payment`: WeChat's pay sheet failed for another reason than the payer's no.
 */
export type TroubleCause = "network" | "answer" | "login" | "payment";

const titles: Record<TroubleCause, string> = {
  network: "网络不太顺畅，请检查网络后重试",
  answer: "服务暂时无法连接，请稍后重试",
  login: "微信登录没有成功，请重试",
  payment: "没有成功调起微信支付，请重试",
};

/** Nothing is known of what the service thinks. `message` is a Chinese sentence for the owner; `technical` is for the log. */
export class TroubleError extends Error {
  readonly kind = "trouble";

  constructor(readonly operation: string, readonly cause: TroubleCause, readonly technical: string) {
    super(titles[cause]);
    this.name = "TroubleError";
  }
}

/** True for a refusal by the service; with codes, for one of these. Compares by `kind`, so that it works with two copies of this file. */
export function isProblem<Code extends OwnerErrorCode = OwnerErrorCode>(error: unknown, ...codes: Code[]): error is ProblemError<Code> {
  if (!isOfKind(error, "problem")) return false;
  return codes.length === 0 || codes.indexOf((error as ProblemError<Code>).code) >= 0;
}

/** True when the network, a gateway or WeChat stood between us and the service: offer to try again. */
export function isTrouble(error: unknown): error is TroubleError {
  return isOfKind(error, "trouble");
}

function isOfKind(error: unknown, kind: string): boolean {
  return typeof error === "object" && error !== null && (error as { kind?: unknown }).kind === kind;
}
