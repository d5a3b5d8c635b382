/**
 * The known name that a mistyped one was most likely meant to be.
 *
 * @param mostEdits how many letters may differ, upper and lower case, `-` and `_` aside.
 * @returns undefined when no name is that near.
 */
export function nearestName(name: string, known: readonly string[], mostEdits: number): string | undefined {
  // Loaded here, because only a mistake needs it.
  const { distance }: typeof import("fastest-levenshtein") = require("fastest-levenshtein");
  const candidates = known
    .map((candidate) => ({ candidate, edits: distance(normalized(name), normalized(candidate)) }))
    .filter(({ edits }) => edits <= mostEdits);
  return candidates.sort((one, other) => one.edits - other.edits)[0]?.candidate;
}

/** The advice for an unknown name: the one that was meant, or all there are. */
export function nameAdvice(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known, Math.max(2, Math.floor(name.length / 3)));
  return nearest === undefined ? `it takes ${known.join(", ")}` : `did you mean ${nearest}?`;
}

function normalized(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, "");
}
