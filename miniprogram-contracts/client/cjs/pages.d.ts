/** One page of a list. */
export interface PageOf<Item> {
    items: Item[];
    /** Null on the last page. */
    nextCursor: string | null;
}
/**
 * A list that comes in pages: `for await (const bill of house.bills()) …` reads as far as one looks;
 * `page(cursor)` reads one page for a list that grows as it is scrolled.
 */
export declare class Pages<Item, Page extends PageOf<Item> = PageOf<Item>> implements AsyncIterable<Item> {
    private readonly load;
    constructor(load: (cursor: string | undefined) => Promise<Page>);
    /** @param cursor `nextCursor` of the page before; nothing for the first. */
    page(cursor?: string | null): Promise<Page>;
    /** Written out by hand: generators would need a run-time library in mini-programs that are translated to ES5. */
    [Symbol.asyncIterator](): AsyncIterator<Item>;
}
