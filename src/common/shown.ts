/** Shorter texts would match in many words of a message. */
const shortestSecret = 8;
/** The least recently used secret is forgotten, so that a process that renews credentials for months doesn't keep all of them. */
const mostSecrets = 32;
/** In characters. A longer secret is found by its beginning, because the length of a regular expression is limited. */
const longestSecret = 512;
/** In characters. A secret that crosses the end of the shown text is still found within this margin. */
const margin = 16_384;

const secrets = new Set<string>();
let pattern: RegExp | undefined;

/** Registers a secret that `shown` must redact: every one that signs a request or is sent with one. */
export function keepSecret(secret: string | undefined): void {
  if (secret === undefined || secret.length < shortestSecret || secrets.has(secret)) {
    return;
  }
  secrets.add(secret);
  for (const oldest of [...secrets].slice(0, -mostSecrets)) {
    secrets.delete(oldest);
  }
  pattern = patternOf([...secrets]);
}

/** Returns a pattern that matches the secrets in plain text, URL-encoded or in base64, ignoring case. */
export function patternOf(texts: readonly string[], flags: "i" | "gi" = "gi"): RegExp {
  const hidden = texts
    .flatMap(encodings)
    .sort((one, other) => other.length - one.length)
    .map((text) => {
      const start = text.slice(0, longestSecret).replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
      return text.length > longestSecret ? `${start}\\S*` : start;
    });
  return new RegExp(hidden.join("|"), flags);
}

/**
 * Returns a secret in plain text, URL-encoded once and twice (as in a string to sign), and in base64, also as a part of a longer
 * text in base64.
 */
export function encodings(secret: string): readonly string[] {
  const once = encodeURIComponent(secret.toWellFormed());
  const bytes = Buffer.from(secret);
  const offsets = secret.length < shortestSecret ? [] : [0, 1, 2];
  const base64 = [bytes.toString("base64"), ...offsets.map((offset) => base64Within(bytes, offset))];
  const base64url = base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, ""));
  return [...new Set([secret, once, encodeURIComponent(once), ...base64, ...base64url])];
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
export function shown(text: string, longest = 200): string {
  const start = text.slice(0, longest + margin);
  const redacted = pattern === undefined ? start : start.replace(pattern, "[secret]");
  const safe = redacted.replace(invisible, escaped);
  return safe.length <= longest ? safe : `${safe.slice(0, longest)}…`.toWellFormed();
}

/** Like `shown`, on one line, so that a text from outside can't look like a message of its own. */
export function shownLine(text: string, longest = 200): string {
  return shown(text.slice(0, longest + margin).replaceAll(/\s+/g, " "), longest);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** An error that can become the cause of another one. */
export class ShownError extends Error {
  constructor(message: string) {
    super(shownLine(message, 500));
  }
}
