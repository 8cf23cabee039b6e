import type { Wx, WxRequest } from "./wx.js";
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
export declare const wait: (milliseconds: number) => Promise<void>;
/** Sends until there is an answer that will not change, or patience ends. */
export declare function send<Answered>(wx: Wx, request: Request, patience: Patience): Promise<Answered>;
