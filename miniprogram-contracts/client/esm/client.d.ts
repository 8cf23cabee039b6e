import type { Answer, Body, operations } from "../../types/index.js";
import { House } from "./house.js";
import { PayLink } from "./pay-link.js";
import type { Patience } from "./requests.js";
import type { Input, Output } from "./routes.js";
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
export declare class OwnerPay {
    private readonly wx;
    private readonly baseUrl;
    private readonly patience;
    private readonly session;
    constructor(options: Options);
    /** The houses of whoever holds the phone. */
    me(): Promise<Answer<"showMe">>;
    /** Binds this WeChat user to a person of the roster. A phone code serves once: after a failure ask for another. */
    bind(how: Body<"bindPerson">): Promise<Answer<"bindPerson">>;
    /** Tells what the owner answered in WeChat's dialog for one template. */
    grant(answered: Body<"acceptMessages">, tap: Tap): Promise<Answer<"acceptMessages">>;
    /** Everything else concerns one house. */
    house(houseId: string): House;
    /** Bills that somebody else asked to be paid; no binding is needed. @param token what the page was opened with as `scene` */
    payLink(token: string): PayLink;
    /** Forgets the session token. */
    signOut(): void;
    /**
     * Any operation by its name in the API document. A token that the service no longer takes is renewed, once.
     * @throws ProblemError when the service refuses, TroubleError when it cannot be reached.
     */
    call<Name extends keyof operations>(name: Name, input: Input<Name>): Promise<Output<Name>>;
    /**
     * Fetches a file, such as `downloadReceipt`, and shows it in WeChat's viewer, from which the owner can keep or forward it.
     * @throws TroubleError when it cannot be had; what the service said against it is not readable from a download.
     */
    open<Name extends keyof operations>(wx: WxFiles, name: Name, input: Input<Name>): Promise<void>;
    /**
     * Fetches a file for the page itself, such as the picture of a pick-up code.
     * @returns Its path on the phone, as an image element takes it.
     * @throws TroubleError as {@link open}.
     */
    download<Name extends keyof operations>(wx: Pick<WxFiles, "downloadFile">, name: Name, input: Input<Name>): Promise<string>;
    private fetch;
    private request;
}
