import { OutboundBotError } from "../errors/errors.js";
import type { Noun } from "../lists/listApi.js";
import type { ReadPage } from "../lists/page.js";
import type { PageSource } from "../paging/pages.js";

/** In bytes of the responses. Items are kept, so this bounds memory. */
const sizePerItem = 640;
/** A few long items are harmless. */
const leastSize = 16_000_000;

/**
 * Returns the same pages, within the limits of what a lookup may collect. Pages that wait for an earlier one count too.
 *
 * @param operation the operation that reads the list, for the error.
 * @param whole whether the whole list is collected, so that its count alone can exceed the limit.
 * @throws OutboundBotError `ListTooLarge`, from the source.
 */
export function bounded<Item>(
  source: (...request: Parameters<PageSource<Item>>) => Promise<ReadPage<Item>>,
  operation: string,
  { many }: Noun,
  maxItems: number,
  whole: boolean,
): PageSource<Item> {
  const mostBytes = Math.max(leastSize, maxItems * sizePerItem);
  let items = 0;
  let bytes = 0;
  return async (pageNumber, pageSize, signal) => {
    const page = await source(pageNumber, pageSize, signal);
    // A listing that starts again starts counting again.
    items = (pageNumber === 1 ? 0 : items) + page.items.length;
    bytes = (pageNumber === 1 ? 0 : bytes) + page.size;
    if (items > maxItems || (whole && (page.totalCount ?? 0) > maxItems)) {
      throw tooLarge(operation, `more than ${maxItems} ${many}`);
    }
    if (bytes > mostBytes) {
      throw tooLarge(operation, `more than ${mostBytes} bytes`);
    }
    return page;
  };
}

function tooLarge(operation: string, size: string): OutboundBotError {
  return new OutboundBotError("ListTooLarge", `${operation} failed: the list has ${size}.`, {
    advice: "Narrow the lookup, stream the list instead, or raise outboundbot:maxItems.",
  });
}

/** The maximum number named in a warning. */
const mostNamed = 5;
/** The maximum number counted. */
const mostKept = 1000;
/** The maximum length of a name in a warning, in characters. */
const longestName = 200;

/** Collects the special texts of a list for one warning. */
export class Oddities {
  /** A set, because a list may be read more than once. */
  readonly #kept = new Set<string>();

  add(oddities: readonly string[]): void {
    for (const oddity of oddities.slice(0, mostKept - this.#kept.size)) {
      this.#kept.add(oddity.slice(0, longestName));
    }
  }

  /** Warns about them once, if there are any. */
  report(warn: (message: string) => void): void {
    const named = [...this.#kept].slice(0, mostNamed);
    if (named.length > 0) {
      const more = this.#kept.size - named.length;
      warn(
        `OutboundBot returned values that have a special meaning to Pulumi: ${named.join("; ")}${more > 0 ? `; and ${more} more` : ""}. Change them in OutboundBot.`,
      );
    }
  }
}
