/**
 * Parses JSON. Returns the integers with the given names as strings when they may exceed 2^53, because a JavaScript number would
 * lose digits.
 *
 * @throws SyntaxError when the text isn't JSON.
 */
export function parseJson(text: string, longIntegers: readonly string[] = []): unknown {
  return JSON.parse(longIntegers.length === 0 ? text : quoteLongIntegers(text, longIntegers));
}

/**
 * Puts integers that may exceed 2^53 (9007199254740992) in quotes. The account IDs of RAM users may exceed it. The IDs of Alibaba
 * Cloud accounts don't. A quoted name before a colon is always a name in JSON, because inside a string its closing quote would
 * have a backslash. This is as exact as a parser that keeps every digit, and faster.
 */
function quoteLongIntegers(text: string, names: readonly string[]): string {
  // With the quote before the lookbehind, the regex engine searches for the quote and the name at once.
  const integers = new RegExp(
    `"(?<!\\\\")(${names.join("|")})"\\s*:\\s*(-?(?:9\\d{15}|\\d{17,}))(?=\\s*[,}])`,
    "g",
  );
  return text.replace(integers, '"$1":"$2"');
}
