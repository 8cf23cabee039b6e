"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Pages = void 0;
/**
 * A list that comes in pages: `for await (const bill of house.bills()) …` reads as far as one looks;
 * `page(cursor)` reads one page for a list that grows as it is scrolled.
 */
class Pages {
    constructor(load) {
        this.load = load;
    }
    /** @param cursor `nextCursor` of the page before; nothing for the first. */
    page(cursor) {
        return this.load(cursor === null ? undefined : cursor);
    }
    /** Written out by hand: generators would need a run-time library in mini-programs that are translated to ES5. */
    [Symbol.asyncIterator]() {
        let page;
        let at = 0;
        const next = async () => {
            while (page === undefined || at >= page.items.length) {
                if (page !== undefined && page.nextCursor === null)
                    return { done: true, value: undefined };
                page = await this.page(page === undefined ? undefined : page.nextCursor);
                at = 0;
            }
            return { done: false, value: page.items[at++] };
        };
        return { next };
    }
}
exports.Pages = Pages;
