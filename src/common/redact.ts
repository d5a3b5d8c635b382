/** Shorter texts would match in many words of a message. */
const shortestSecret = 8;
/** The least recently used secret is forgotten, so that a process that renews credentials for months doesn't keep all of them. */
const mostSecrets = 32;
/** The number of characters by which a longer secret is found, because the length of a regular expression is limited. */
const longestSecret = 512;
/** The number of characters searched beyond the end of the returned text, to find a secret that crosses the end. */
const margin = 16_384;

const secrets = new Set<string>();
let pattern: RegExp | undefined;

/** Registers a secret that `redact` must remove. Register every secret that signs a request or is sent with a request. */
export function registerSecret(secret: string | undefined): void {
  if (secret === undefined || secret.length < shortestSecret || secrets.has(secret)) {
    return;
  }
  secrets.add(secret);
  for (const oldest of [...secrets].slice(0, -mostSecrets)) {
    secrets.delete(oldest);
  }
  pattern = patternOf([...secrets]);
}

/** Returns a pattern that matches the secrets in any form, ignoring case. */
export function patternOf(texts: readonly string[], flags: "i" | "gi" = "gi"): RegExp {
  const hidden = texts.flatMap((text) => {
    const start = text.slice(0, longestSecret);
    const rest = text.length > longestSecret ? "\\S*" : "";
    return [[...start].map(inAnyEscape).join(""), ...encodings(start).map(literal)].map(
      (form) => `${form}${rest}`,
    );
  });
  // The longest form first, so that nothing remains of it.
  return new RegExp(hidden.sort((one, other) => other.length - one.length).join("|"), flags);
}

/** Returns a pattern of one character as it is, and with the escapes of URLs and JSON, up to three times. */
function inAnyEscape(char: string): string {
  if (/[\da-z]/i.test(char)) {
    return char;
  }
  const url = [...Buffer.from(char)].map((byte) => `%(?:25){0,3}${hexOf(byte, 2)}`);
  const json = [...Array(char.length).keys()].map((index) => `\\\\{1,3}u${hexOf(char.charCodeAt(index), 4)}`);
  return `(?:\\\\{0,3}${literal(char)}|${url.join("")}|${json.join("")})`;
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function hexOf(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}

/** Returns a secret in hexadecimal, and in base64, also as a part of a longer text in base64. */
function encodings(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const offsets = secret.length < shortestSecret ? [] : [0, 1, 2];
  const base64 = [bytes.toString("base64"), ...offsets.map((offset) => base64Within(bytes, offset))];
  const base64url = base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, ""));
  return [...new Set([bytes.toString("hex"), ...base64, ...base64url])];
}

/** Returns the base64 characters that depend on the secret alone, `offset` bytes (modulo 3) after the beginning of a text. */
function base64Within(secret: Buffer, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), secret]);
  return bytes.toString("base64").slice(Math.ceil((offset * 4) / 3), Math.floor((bytes.length * 4) / 3));
}

/** The characters that move a terminal's cursor, change its colors or reorder a line. */
const invisible = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu;

/**
 * Shortens a text from outside, redacts every secret of this process, and shows control characters as escapes.
 *
 * Every message, cause, warning, progress message and log line passes such a text through here. The errors of this package apply
 * it to all their parts.
 */
export function redact(text: string, longest = 200): string {
  const start = text.slice(0, longest + margin);
  const redacted = pattern === undefined ? start : start.replace(pattern, "[secret]");
  const safe = redacted.replace(invisible, escaped);
  return (safe.length <= longest ? safe : `${safe.slice(0, longest)}…`).toWellFormed();
}

/** Like `redact`, on one line. */
export function redactLine(text: string, longest = 200): string {
  return redact(oneLine(text.slice(0, longest + margin)), longest);
}

/** Returns a text on one line, so that a text from outside can't look like a message of its own. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

function escaped(character: string): string {
  return `\\u${hexOf(character.charCodeAt(0), 4)}`;
}

/** An error that can become the cause of another one. */
export class RedactedError extends Error {
  constructor(message: string) {
    super(redactLine(message, 500));
  }
}
