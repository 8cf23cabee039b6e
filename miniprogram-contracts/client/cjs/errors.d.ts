import type { Answer, OwnerErrorCode, Problem } from "../../types/index.js";
/** What some refusals say besides their title. */
interface Facts {
    /** The price as it is now; show it and let the owner tap again. */
    quote_changed: {
        quote: Answer<"quoteBills">;
    };
    /** After so many seconds the other order is over. */
    bill_being_paid: {
        secondsToWait: number;
    };
}
export type ProblemOf<Code extends OwnerErrorCode> = Problem & {
    code: Code;
} & (Code extends keyof Facts ? Facts[Code] : unknown);
/** The service refused, and says why. `message` is its Chinese title. */
export declare class ProblemError<Code extends OwnerErrorCode = OwnerErrorCode> extends Error {
    readonly operation: string;
    readonly problem: ProblemOf<Code>;
    readonly kind = "problem";
    constructor(operation: string, problem: ProblemOf<Code>);
    /** Later versions of the service have codes that this one does not know: show their title. */
    get code(): Code;
}
/**
 * - `network`: the request did not come through, or its answer did not come back. What was asked may have been done.
 * - `answer`: something answered that is not the service, such as a gateway's page.
 * - `login`: WeChat gave no login code.
 * - `payment`: WeChat's pay sheet failed for another reason than the payer's no.
 */
export type TroubleCause = "network" | "answer" | "login" | "payment";
/** Nothing is known of what the service thinks. `message` is a Chinese sentence for the owner; `technical` is for the log. */
export declare class TroubleError extends Error {
    readonly operation: string;
    readonly cause: TroubleCause;
    readonly technical: string;
    readonly kind = "trouble";
    constructor(operation: string, cause: TroubleCause, technical: string);
}
/** True for a refusal by the service; with codes, for one of these. Compares by `kind`, so that it works with two copies of this file. */
export declare function isProblem<Code extends OwnerErrorCode = OwnerErrorCode>(error: unknown, ...codes: Code[]): error is ProblemError<Code>;
/** True when the network, a gateway or WeChat stood between us and the service: offer to try again. */
export declare function isTrouble(error: unknown): error is TroubleError;
export {};
