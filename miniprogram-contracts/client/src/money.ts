/**
 * Whole fen as people read them: 123456 → `1,234.56`. Digits are moved, nothing is divided, so no amount can be off by a fen.
 * @throws RangeError for what is not whole fen.
 */
export function yuan(fen: number): string {
  if (!Number.isSafeInteger(fen)) throw new RangeError(`${fen} is not whole fen`);
  let digits = String(Math.abs(fen));
  while (digits.length < 3) digits = "0" + digits;
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${fen < 0 ? "-" : ""}${whole}.${digits.slice(-2)}`;
}
