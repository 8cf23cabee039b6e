import type { Answer, Body, operations, paths } from "../../types/index.js";
import type { Tap } from "./taps.js";
type Method = "get" | "post" | "put" | "delete";
/** The route that the API document gives an operation; a wrong path or method does not compile. */
type RouteOf<Name extends keyof operations> = {
    [Path in keyof paths]: {
        [M in Method]: [paths[Path][M]] extends [operations[Name]] ? readonly [Uppercase<M>, Path] : never;
    }[Method];
}[keyof paths];
/** Every operation of the owner API. One that is missing here does not compile either. */
export declare const routes: {
    readonly [Name in keyof operations]: RouteOf<Name>;
};
/** Posts that may be sent again without a key, because the second does no more than the first. Reads and keyed posts may anyway. */
export declare const repeatable: ReadonlyArray<keyof operations>;
type ParametersOf<Name extends keyof operations> = operations[Name]["parameters"];
type PathOf<Name extends keyof operations> = ParametersOf<Name> extends {
    path: infer Path;
} ? {
    path: Path;
} : {
    path?: never;
};
type QueryOf<Name extends keyof operations> = ParametersOf<Name> extends {
    query?: infer Query;
} ? [NonNullable<Query>] extends [never] ? {
    query?: never;
} : {
    query?: {
        [Key in keyof NonNullable<Query>]?: NonNullable<Query>[Key] | undefined;
    };
} : {
    query?: never;
};
type BodyOf<Name extends keyof operations> = [Body<Name>] extends [never] ? {
    body?: never;
} : {
    body: Body<Name>;
};
type TapOf<Name extends keyof operations> = ParametersOf<Name> extends {
    header: {
        "Idempotency-Key": string;
    };
} ? {
    tap: Tap;
} : {
    tap?: never;
};
type HeaderOf<Name extends keyof operations> = NonNullable<ParametersOf<Name>["header"]>;
type LinkOf<Name extends keyof operations> = [HeaderOf<Name>] extends [never] ? {
    link?: never;
} : "Pay-Link" extends keyof HeaderOf<Name> ? {
    link: string;
} : {
    link?: never;
};
/** What one operation takes; what it needs is not optional. */
export type Input<Name extends keyof operations> = PathOf<Name> & QueryOf<Name> & BodyOf<Name> & TapOf<Name> & LinkOf<Name>;
export type Output<Name extends keyof operations> = Answer<Name>;
export {};
