import { crc32 } from "node:zlib";
import { InstanceSelectionError } from "../errors/errors.js";
import type { Arguments, Found, ListApi, Listed } from "../lists/listApi.js";
import { compilePattern } from "./pattern.js";

/** What is kept of the items that the service returned. */
export interface Selection<Item> {
  readonly items: Item[];
  /** How many items the service returned although they show that they do not match what it was asked for. */
  readonly unexpected: number;
}

/** Applies the arguments to what the service returned. */
export function select<Item extends Read, Read extends Listed>(
  { matches, nameOf, toItem }: ListApi<Item, unknown, Read>,
  args: Arguments,
  returned: readonly Read[],
): Selection<Item> {
  const expected = returned.filter((item) => matches(item, args));
  const ids = args.ids === undefined ? undefined : new Set(args.ids);
  const namePattern = args.nameRegex === undefined ? undefined : compilePattern(args.nameRegex);
  const selected = expected.filter((item) => {
    const name = nameOf(item);
    return (
      (ids === undefined || ids.has(item.id)) &&
      (namePattern === undefined || (name !== undefined && namePattern(name)))
    );
  });
  return { items: selected.map(toItem), unexpected: returned.length - expected.length };
}

/** Puts what was found in order: oldest first, so that `ids[0]` stays when an item is added; those of unknown age last. */
export function toFound<Item extends Read, Read extends Listed>(
  { nameOf, createdAt }: ListApi<Item, unknown, Read>,
  selected: readonly Item[],
  totalCount: number,
): Found<Item> {
  const age = (item: Item) => createdAt(item) ?? Number.POSITIVE_INFINITY;
  const items = [...selected].sort((one, other) => {
    const [oneAge, otherAge] = [age(one), age(other)];
    return oneAge === otherAge ? (one.id < other.id ? -1 : 1) : oneAge - otherAge;
  });
  const ids = items.map(({ id }) => id);
  return {
    id: String(crc32(ids.map((id) => `${id}-`).join(""))),
    ids,
    names: items.map((item) => nameOf(item) ?? ""),
    items,
    totalCount,
  };
}

const mostCandidates = 20;

/**
 * The only one of the items found.
 *
 * @throws InstanceSelectionError when there is none, or more than one.
 */
export function exactlyOne<Item extends Read, Read extends Listed>(
  { noun, nameOf }: ListApi<Item, unknown, Read>,
  args: Arguments,
  items: readonly Item[],
): Item {
  const [only, ...others] = items;
  if (only === undefined) {
    throw new InstanceSelectionError(
      `${capitalized(noun.one)}NotFound`,
      `No ${noun.one} matches ${describe(args)}. Check what was asked for, and that the lookup goes to the right account.`,
      [],
    );
  }
  if (others.length > 0) {
    const listed = items
      .slice(0, mostCandidates)
      .map((item) => `  - ${item.id} ${nameOf(item) ?? ""}`.trimEnd());
    const more = items.length > mostCandidates ? [`  and ${items.length - mostCandidates} more`] : [];
    throw new InstanceSelectionError(
      `Several${capitalized(noun.many)}Found`,
      `${items.length} ${noun.many} match ${describe(args)} where one is wanted. Give more tags, a name or an id to tell them apart:\n${[...listed, ...more].join("\n")}`,
      items.map((item) => ({ id: item.id, instanceName: nameOf(item) ?? "" })),
    );
  }
  return only;
}

function describe({ tags, name, nameRegex, ids, resourceGroupId }: Arguments): string {
  const given = Object.entries({ tags, name, nameRegex, ids, resourceGroupId }).filter(
    ([, value]) => value !== undefined,
  );
  return given.length === 0
    ? "(no arguments were given)"
    : given.map(([argument, value]) => `${argument} ${JSON.stringify(value)}`).join(", ");
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
