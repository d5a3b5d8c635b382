/** A whole number beyond 2^53 has 17 digits or more, or 16 with a 9 in front. */
const mayHoldLongInteger = /\d{17}|9\d{15}/;

/**
 * Parses JSON, keeping the digits of the whole numbers under the given names, which come as strings where a JavaScript
 * number might not hold them.
 *
 * @throws SyntaxError when the text is not JSON.
 */
export function parseJson(text: string, longIntegers: readonly string[] = []): unknown {
  return JSON.parse(
    longIntegers.length > 0 && mayHoldLongInteger.test(text) ? quoteIntegers(text, longIntegers) : text,
  );
}

/**
 * Puts numbers in quotes. A name in quotes before a colon is always a name in JSON, never a part of a text: there its
 * closing quote would have a backslash in front. So this is as exact as a parser that keeps every digit, and cheaper.
 */
function quoteIntegers(text: string, names: readonly string[]): string {
  const integers = new RegExp(`(?<!\\\\)"(${names.join("|")})"\\s*:\\s*(-?\\d+)(?=\\s*[,}])`, "g");
  return text.replace(integers, '"$1":"$2"');
}
