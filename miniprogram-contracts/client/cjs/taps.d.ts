/** One tap of a finger on a button that moves money, points or permissions. Retries of the same tap keep it, the next tap has another. */
export interface Tap {
    /** Goes out as `Idempotency-Key`. */
    readonly key: string;
}
/** Call it when the button is tapped, and keep the result until the answer is known. */
export declare function newTap(): Tap;
