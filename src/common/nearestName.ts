/**
 * Returns the known name closest to a misspelled one.
 *
 * @param mostEdits the maximum number of different letters; case, `-` and `_` don't count.
 * @returns `undefined` when no name is close enough.
 */
export function nearestName(name: string, known: readonly string[], mostEdits: number): string | undefined {
  // Loaded here because only a misspelled name needs it.
  const { distance }: typeof import("fastest-levenshtein") = require("fastest-levenshtein");
  const candidates = known
    .map((candidate) => ({ candidate, edits: distance(normalized(name), normalized(candidate)) }))
    .filter(({ edits }) => edits <= mostEdits);
  return candidates.sort((one, other) => one.edits - other.edits)[0]?.candidate;
}

/** Returns the advice for an unknown name: the closest name, or all names. */
export function nameAdvice(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known, Math.max(2, Math.floor(name.length / 3)));
  return nearest === undefined ? `use one of ${known.join(", ")}` : `did you mean ${nearest}?`;
}

function normalized(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, "");
}
