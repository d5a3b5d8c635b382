/** Answers whether a text has a match of the pattern somewhere. */
export type Pattern = (text: string) => boolean;

/**
 * Compiles an RE2 expression, whose running time is linear in the text: no pattern can hang a deployment.
 *
 * @throws an error whose message says what is wrong with the expression.
 */
export function compilePattern(expression: string): Pattern {
  const compiled = loadRe2().RE2JS.compile(expression);
  return (text) => compiled.matcher(text).find();
}

/** Most lookups have no pattern, so its compiler loads with the first one. */
function loadRe2(): typeof import("re2js") {
  return require("re2js");
}
