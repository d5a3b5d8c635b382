// Measures how often a lookup of a changing list returns a list that never existed. Deterministic.
import { InconsistentListError } from "../src/errors/errors.js";
import type { PageSource } from "../src/paging/pages.js";
import { type Consistency, readWholeList } from "../src/paging/wholeList.js";

/** The number of sequences per service; 10,000 in total. */
export const sequences = 2_500;

/** The services, by how they return pages. */
const services = {
  "reports the total": {},
  "caps the page size silently": { cuts: true },
  "refuses large pages": { refuses: true },
  "has no TotalCount": { uncounted: true },
} as const satisfies Record<string, Service>;

interface Service {
  readonly cuts?: boolean;
  readonly refuses?: boolean;
  readonly uncounted?: boolean;
}

interface Item {
  readonly id: string;
}

/** The outcomes of some lookups. */
export interface Tally {
  exact: number;
  /** Returned lists that never existed during the lookup. */
  wrong: number;
  /** Lookups that failed with an InconsistentListError. */
  failed: number;
  calls: number;
}

/** Looks up changing lists, `count` of each service, with the same sequences for both kinds of consistency. */
export async function tallyChangingLists(count: number): Promise<Map<string, Record<Consistency, Tally>>> {
  const tallies = new Map<string, Record<Consistency, Tally>>();
  for (const [name, service] of Object.entries<Service>(services)) {
    const tally = { counted: newTally(), verified: newTally() };
    for (let sequence = 1; sequence <= count; sequence++) {
      await lookUp(service, sequence, "counted", tally.counted);
      await lookUp(service, sequence, "verified", tally.verified);
    }
    tallies.set(name, tally);
  }
  return tallies;
}

function newTally(): Tally {
  return { exact: 0, wrong: 0, failed: 0, calls: 0 };
}

class PageTooLarge extends Error {}

async function lookUp(
  { cuts = false, refuses = false, uncounted = false }: Service,
  seed: number,
  consistency: Consistency,
  tally: Tally,
): Promise<void> {
  const random = randomNumbers(seed);
  const upTo = (largest: number) => Math.floor(random() * (largest + 1));
  let born = 0;
  const newItem = (): Item => ({ id: `i${born++}` });
  let list = Array.from({ length: 5 + upTo(55) }, newItem);
  const moments = [textOf(list)];
  const pageSize = 2 + upTo(8);
  const largest = cuts || refuses ? 1 + upTo(pageSize - 1) : pageSize;
  // From one change per hundred responses to one per four.
  const changes = 0.01 * 25 ** random();

  const source: PageSource<Item> = async (pageNumber, size) => {
    // Responses are created in another order than the requests.
    for (let turns = upTo(3); turns > 0; turns--) {
      await Promise.resolve();
    }
    if (random() < changes) {
      const kind = upTo(9);
      // Eight of ten changes are swaps.
      const remains = kind === 0 ? list : list.toSpliced(upTo(list.length - 1), 1);
      list = kind === 1 ? remains : remains.toSpliced(upTo(remains.length), 0, newItem());
      moments.push(textOf(list));
    }
    tally.calls++;
    if (refuses && size > largest) {
      throw new PageTooLarge();
    }
    const returned = Math.min(size, largest);
    const start = (pageNumber - 1) * returned;
    return { items: list.slice(start, start + returned), totalCount: uncounted ? undefined : list.length };
  };

  try {
    const { items } = await readWholeList(
      source,
      {
        noun: { one: "instance", many: "instances" },
        operation: "ListInstances",
        pageSize,
        ahead: 1 + upTo(3),
        signal: new AbortController().signal,
        rejectsPageSize: (failure) => failure instanceof PageTooLarge,
        onWrongTotal: () => {},
      },
      { started: () => {}, pageRead: () => {} },
      consistency,
    );
    tally[moments.includes(textOf(items)) ? "exact" : "wrong"]++;
  } catch (failure) {
    if (!InconsistentListError.isInstance(failure)) {
      throw failure;
    }
    tally.failed++;
  }
}

function textOf(items: readonly Item[]): string {
  return items.map(({ id }) => id).join();
}

/** Returns pseudorandom numbers from 0 to below 1 for a seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b9);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The table of docs/consistency.md. */
export function tableOf(tallies: ReadonlyMap<string, Record<Consistency, Tally>>): string[] {
  const rows = [...tallies].map(([service, { counted, verified }]) =>
    [
      `the service ${service}`,
      ...[counted, verified].flatMap(({ exact, wrong, failed }) => [exact, wrong, failed]),
      (verified.calls / counted.calls).toFixed(1),
    ].join(" | "),
  );
  return [
    "| | counted: exact | wrong | error | verified: exact | wrong | error | relative calls |",
    "|---|---|---|---|---|---|---|---|",
    ...rows.map((row) => `| ${row} |`),
  ];
}
