/** Returns whether a text contains a match of the pattern. */
export type Pattern = (text: string) => boolean;

/**
 * Compiles an RE2 expression. Matching takes linear time, so no pattern can hang a deployment.
 *
 * @throws an error whose message says what is wrong with the expression.
 */
export function compilePattern(expression: string): Pattern {
  const compiled = loadRe2().RE2JS.compile(expression);
  return (text) => compiled.matcher(text).find();
}

/** Loads the compiler on first use, because most lookups have no pattern. */
function loadRe2(): typeof import("re2js") {
  return require("re2js");
}
