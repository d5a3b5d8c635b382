import { InvalidText } from "./invalidText.js";
import { parsedJson } from "./values.js";

/** The position of a value in a JSON text. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds every value of a JSON text, by paths such as `/profiles/0/name`, so that one can be replaced without a change of the rest.
 *
 * @throws InvalidText
 */
export function placesIn(text: string): ReadonlyMap<string, Place> {
  const tokens = [...text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+|"/g)];
  const places = new Map<string, Place>();
  let at = 0;
  const peek = () => tokens[at]?.[0] ?? "";
  const fail = (): never => {
    const isExtraComma = /^[}\]]$/.test(peek()) && tokens[at - 1]?.[0] === ",";
    const problem = isExtraComma ? "a comma before a closing bracket" : "invalid JSON";
    const line = text.slice(0, tokens[at]?.index).split("\n").length;
    throw new InvalidText(line, problem);
  };
  const expect = (token: string): void => {
    if (peek() !== token) {
      fail();
    }
    at++;
  };
  const items = (close: string, item: (index: number) => void): void => {
    at++;
    for (let index = 0; peek() !== close; index++) {
      if (index > 0) {
        expect(",");
      }
      item(index);
    }
    at++;
  };
  const value = (path: string): void => {
    const start = tokens[at]?.index ?? text.length;
    if (peek() === "{") {
      items("}", () => {
        const key = parsedJson(peek());
        if (typeof key !== "string") {
          fail();
        }
        at++;
        expect(":");
        value(`${path}/${key}`);
      });
    } else if (peek() === "[") {
      items("]", (index) => value(`${path}/${index}`));
    } else if (peek() === "null" || parsedJson(peek()) !== undefined) {
      at++;
    } else {
      fail();
    }
    const last = tokens[at - 1];
    places.set(path, { start, end: last === undefined ? start : last.index + last[0].length });
  };
  value("");
  return at === tokens.length ? places : fail();
}
