/**
 * Whole fen as people read them: 123456 → `1,234.56`. Digits are moved, nothing is divided, so no amount can be off by a fen.
 * @throws RangeError for what is not whole fen.
 */
export declare function yuan(fen: number): string;
