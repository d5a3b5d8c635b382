/** Shorter ones would be found in every other word of a message. */
const shortestSecret = 8;
/** The least recently used one is forgotten, so that a process that renews its credentials for months does not keep them all. */
const mostSecrets = 32;
/** In characters. A longer secret is found by its beginning: a regular expression cannot be of any length. */
const longestSecret = 512;
/** In characters. A secret that lies across the end of what is shown is still found within it. */
const margin = 16_384;

const secrets = new Set<string>();
let pattern: RegExp | undefined;

/** Remembers a secret that `shown` must not let pass: each one that signs a request or is sent with one. */
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

/** Matches secrets as they are, URL-encoded or in base64, in upper or lower case. */
export function patternOf(texts: readonly string[]): RegExp {
  const hidden = texts
    .flatMap(encodings)
    .sort((one, other) => other.length - one.length)
    .map((text) => {
      const start = text.slice(0, longestSecret).replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
      return text.length > longestSecret ? `${start}\\S*` : start;
    });
  return new RegExp(hidden.join("|"), "gi");
}

/** A secret as it is, as one and as two rounds of URL encoding write it (a string to sign holds it so), and in base64. */
function encodings(secret: string): string[] {
  const once = encodeURIComponent(secret.toWellFormed());
  const bytes = Buffer.from(secret);
  return [secret, once, encodeURIComponent(once), bytes.toString("base64"), bytes.toString("base64url")];
}

/**
 * The one way out for text from outside: a message, a cause, a warning, progress or a log line shows a text only as this returns it,
 * cut to a length and without any secret of this process. The errors of this package apply it to all that they are made of.
 */
export function shown(text: string, longest = 200): string {
  const start = text.slice(0, longest + margin);
  const safe = pattern === undefined ? start : start.replace(pattern, "[secret]");
  return safe.length <= longest ? safe : `${safe.slice(0, longest)}…`.toWellFormed();
}

/** An error that may become the cause of another one. */
export class ShownError extends Error {
  constructor(message: string) {
    super(shown(message, 500));
  }
}
