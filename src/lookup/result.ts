import { crc32 } from "node:zlib";
import { compilePattern } from "../common/pattern.js";
import { redactLine } from "../common/redact.js";
import { SelectionError } from "../errors/errors.js";
import { type CommonArgs, commonArguments } from "../lists/arguments.js";
import type { AsRead, Found, ListApi, Listed } from "../lists/listApi.js";

/** The items that were kept. */
export interface Selection<Item> {
  readonly items: Item[];
  /** The number of items that the service returned although they don't match its filters. */
  readonly unexpected: number;
}

/** Applies the arguments to the items that the service returned. */
export function select<Item extends Listed, Args extends CommonArgs>(
  { matches, selects = () => true, nameOf, toItem }: ListApi<Item, Args, unknown>,
  args: Args,
  returned: readonly AsRead<Item>[],
): Selection<Item> {
  const ids = args.ids === undefined ? undefined : new Set(args.ids);
  const namePattern = args.nameRegex === undefined ? undefined : compilePattern(args.nameRegex);
  const isSelected = (item: AsRead<Item>) => {
    const name = nameOf(item);
    return (
      selects(item, args) &&
      (ids === undefined || ids.has(item.id)) &&
      (namePattern === undefined || (name !== undefined && namePattern(name)))
    );
  };
  const items: Item[] = [];
  let unexpected = 0;
  for (const item of returned) {
    if (!matches(item, args)) {
      unexpected++;
    } else if (isSelected(item)) {
      items.push(toItem(item));
    }
  }
  return { items, unexpected };
}

/**
 * Sorts the items oldest first, so that `ids[0]` stays the same when an item is added. Items without a creation time come last.
 */
export function toFound<Item extends Listed>(
  { nameOf, createdAt }: Pick<ListApi<Item, never, unknown>, "nameOf" | "createdAt">,
  selected: readonly Item[],
  totalCount: number,
): Found<Item> {
  const age = (item: Item) => createdAt(item) ?? Number.POSITIVE_INFINITY;
  const items = [...selected].sort((one, other) => age(one) - age(other) || (one.id < other.id ? -1 : 1));
  const ids = items.map(({ id }) => id);
  return {
    id: String(ids.reduce((checksum, id) => crc32(`${id}-`, checksum), 0)),
    ids,
    names: items.map((item) => nameOf(item) ?? ""),
    items,
    totalCount,
  };
}

const mostCandidates = 20;

/**
 * Returns the only item.
 *
 * @throws SelectionError when there is no item, or more than one.
 */
export function exactlyOne<Item extends Listed, Args extends CommonArgs>(
  { noun, nameOf, selection = {} }: ListApi<Item, Args, unknown>,
  functionName: string,
  args: Args,
  items: readonly Item[],
  secretArguments?: ReadonlySet<string>,
): Item {
  const [only, ...others] = items;
  const { error: Failure = SelectionError, ifNone, ifSeveral } = selection;
  if (only === undefined) {
    throw new Failure(
      `${capitalized(noun.one)}NotFound`,
      `${functionName}: no ${noun.one} found ${describe(args, secretArguments)}.${ifNone === undefined ? "" : ` ${ifNone}`}`,
      [],
      { advice: "Check the arguments and the account." },
    );
  }
  if (others.length > 0) {
    const listed = items
      .slice(0, mostCandidates)
      .map((item) => `  - ${redactLine(item.id)} ${redactLine(nameOf(item) ?? "")}`.trimEnd());
    const more = items.length > mostCandidates ? [`  and ${items.length - mostCandidates} more`] : [];
    throw new Failure(
      `Several${capitalized(noun.many)}Found`,
      `${functionName}: ${items.length} ${noun.many} found ${describe(args, secretArguments)}, expected one:\n${[...listed, ...more].join("\n")}`,
      items.map((item) => ({ id: item.id, name: nameOf(item) ?? "" })),
      { advice: `Select one of them with ${ifSeveral ?? "more arguments"}.` },
    );
  }
  return only;
}

/** Describes the arguments that select items. */
function describe(args: object, secret: ReadonlySet<string> = new Set()): string {
  const given = Object.entries(args).filter(
    ([name]) => name === "ids" || !Object.hasOwn(commonArguments, name),
  );
  return given.length === 0
    ? "without arguments"
    : `with ${given.map(([name, value]) => `${name} ${secret.has(name) ? "[secret]" : JSON.stringify(value)}`).join(", ")}`;
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
