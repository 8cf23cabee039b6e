import type { components, operations, paths } from "./owner";
import type { OwnerErrorCode } from "./error-codes";

export type { components, operations, paths, OwnerErrorCode };

/** A shape of the API by its name: `Schema<"BillListItem">`. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

/** What an operation answers when all is well: `Answer<"showHome">`. */
export type Answer<Name extends keyof operations> = JsonOf<Extract<keyof operations[Name]["responses"], 200 | 201 | 202>, operations[Name]["responses"]>;

/** What is sent with an operation: `Body<"quoteBills">`. */
export type Body<Name extends keyof operations> = SentBy<NonNullable<operations[Name]["requestBody"]>>;

/** Every error answer. `title` may be shown as it is; `code` is for programs. */
export type Problem = Schema<"Problem"> & { code: OwnerErrorCode };

type SentBy<Request> = [Request] extends [never] ? never : Request extends { content: { "application/json": infer Sent } } ? NonNullable<Sent> : never;

type JsonOf<Status, Responses> = Status extends keyof Responses
  ? Responses[Status] extends { content: { "application/json": infer Answered } } ? Answered : never
  : never;
