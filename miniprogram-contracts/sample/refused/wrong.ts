// Must not compile: amounts are whole fen, there is no field in yuan.
import type { Answer } from "../../types/index";

export const yuan = (quote: Answer<"quoteBills">) => quote.payableYuan;
