import { InconsistentListError } from "../errors/errors.js";
import { Inconsistency, type Page } from "./pages.js";

/**
 * Streams the items of a list in the service's order. What was handed out cannot be taken back, so a list that changes
 * under the reader is an error at that point.
 *
 * Only neighbouring pages are compared, so that memory does not grow with the list: an instance that is inserted or
 * removed moves its neighbours across the border of their pages.
 *
 * @throws InconsistentListError when the pages contradict each other.
 */
export async function* streamItems<Item extends { readonly id: string }>(
  pages: AsyncIterable<Page<Item>>,
): AsyncGenerator<Item, void, undefined> {
  let previous = new Set<string>();
  try {
    for await (const page of pages) {
      const current = new Set<string>();
      for (const item of page.items) {
        if (previous.has(item.id) || current.has(item.id)) {
          throw new Inconsistency(`instance ${item.id} came twice`);
        }
        current.add(item.id);
      }
      yield* page.items;
      previous = current;
    }
  } catch (failure) {
    if (failure instanceof Inconsistency) {
      throw new InconsistentListError(
        `The list of instances changed while it was being read (${failure.message}). Start again.`,
        { cause: failure },
      );
    }
    throw failure;
  }
}
