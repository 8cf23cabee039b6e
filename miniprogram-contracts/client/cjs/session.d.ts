import type { Answer } from "../../types/index.js";
import type { Wx } from "./wx.js";
/** The session token: taken from storage, fetched when there is none, renewed before its end and on the service's word, once at a time. */
export declare class Session {
    private readonly wx;
    private readonly storageKey;
    private readonly open;
    private kept;
    private renewing;
    /** @param open `POST /sessions` with a login code. */
    constructor(wx: Wx, storageKey: string, open: (code: string) => Promise<Answer<"openSession">>);
    /** A token that should do. */
    token(): Promise<string>;
    /** The service refused a token: whoever comes second gets what the first is fetching or has fetched. */
    replace(refused: string): Promise<string>;
    /** Forgets the token; the next request logs in again. */
    end(): void;
    private renew;
    private fetch;
    private exchange;
    private loginCode;
    private stored;
}
