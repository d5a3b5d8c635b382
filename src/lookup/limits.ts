import { OutboundBotError } from "../errors/errors.js";
import type { Noun } from "../lists/listApi.js";
import type { ReadPage } from "../lists/page.js";
import type { PageSource } from "../paging/pages.js";

/** The limit in bytes of response per item, which bounds the memory of the collected items. */
const sizePerItem = 640;
/** The minimum limit, in bytes of response. Below it, long items are harmless. */
const leastSize = 16_000_000;

/**
 * Returns a source of the same pages that fails once a lookup collects too much. Pages that wait for an earlier page count too.
 *
 * @param operation the operation that reads the list, for the error.
 * @param whole whether the whole list is collected, so that its TotalCount alone can exceed the limit.
 * @throws OutboundBotError `ListTooLarge`, from the returned source.
 */
export function limitedSource<Item>(
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
    // A repeated listing counts from zero.
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

/** The maximum number of values that a warning names. */
const mostNamed = 5;
/** The maximum number of values kept. More aren't counted. */
const mostKept = 1000;
/** The maximum length of a name in a warning, in characters. */
const longestName = 200;

/** Collects the texts of a list that Pulumi would interpret, for one warning. */
export class ReservedTextWarnings {
  /** A set, because a list may be read more than once. */
  readonly #kept = new Set<string>();

  add(warnings: readonly string[]): void {
    for (const warning of warnings.slice(0, mostKept - this.#kept.size)) {
      this.#kept.add(warning.slice(0, longestName));
    }
  }

  /** Sends one warning if any text was collected. */
  report(warn: (message: string) => void): void {
    const named = [...this.#kept].slice(0, mostNamed);
    if (named.length > 0) {
      const more = this.#kept.size - named.length;
      warn(
        `OutboundBot returned values that Pulumi can't store as they are: ${named.join("; ")}${more > 0 ? `; and ${more} more` : ""}. Change them in OutboundBot.`,
      );
    }
  }
}
