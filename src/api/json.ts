/**
 * Parses JSON, keeping the digits of the whole numbers under the given names: those that may exceed 2^53, and so would lose digits as
 * a JavaScript number, come as strings.
 *
 * @throws SyntaxError when the text is not JSON.
 */
export function parseJson(text: string, longIntegers: readonly string[] = []): unknown {
  return JSON.parse(longIntegers.length === 0 ? text : quoteLongIntegers(text, longIntegers));
}

/**
 * Puts numbers of 16 digits and more in quotes. A name in quotes before a colon is always a name in JSON, never a part of a text:
 * there its closing quote would have a backslash in front. So this is as exact as a parser that keeps every digit, and cheaper.
 */
function quoteLongIntegers(text: string, names: readonly string[]): string {
  // The quote stands before the lookbehind, so that the engine can search for it and the name at once.
  const integers = new RegExp(`"(?<!\\\\")(${names.join("|")})"\\s*:\\s*(-?\\d{16,})(?=\\s*[,}])`, "g");
  return text.replace(integers, '"$1":"$2"');
}
