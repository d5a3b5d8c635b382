/** Shorter secrets would match in many words of a message. */
const shortestSecret = 8;
/** Shorter secrets may be words that a list contains by chance. The vendor's are longer. */
const shortestInLists = 16;
/** A longer text is found by its beginning, because V8 takes several times as long to search for it. */
const longestSearched = 200;
/** The least recently used secret is forgotten, so that a process that renews credentials for months doesn't keep all of them. */
const mostSecrets = 64;
/** The maximum number of escapes around a secret, such as those of JSON in a URL in JSON. */
const mostEscapes = 4;
/** The number of characters searched beyond the end of the returned text, to find a secret that crosses the end. */
const margin = 16_384;
const secretShown = "[secret]";

/** The texts that `redact` replaces, what it shows instead, and the forms to search for. The least recently used text is first. */
const register = new Map<string, { readonly shown: string; readonly forms: readonly string[] }>();
/** The forms of the secrets that no list may contain. */
let formsInLists: readonly string[] = [];
let shortestForm = Number.POSITIVE_INFINITY;

/** Registers a secret that `redact` must replace. Register each secret whenever it signs a request or is sent with one. */
export function registerSecret(secret: string | undefined, shown = secretShown): void {
  if (secret === undefined || secret.length < shortestSecret) {
    return;
  }
  const known = register.get(secret);
  register.delete(secret);
  register.set(secret, known ?? { shown, forms: formsOf(secret) });
  if (known === undefined) {
    for (const unused of [...register.keys()].slice(0, -mostSecrets)) {
      register.delete(unused);
    }
    const secrets = [...register].filter(
      ([text, entry]) => text.length >= shortestInLists && entry.shown === secretShown,
    );
    formsInLists = secrets.flatMap(([, { forms }]) => forms);
    shortestForm = Math.min(...formsInLists.map(({ length }) => length));
  }
}

/** Returns the forms in which a text is found once its escapes are decoded: as it is, in hexadecimal and in base64. */
function formsOf(text: string): readonly string[] {
  const bytes = Buffer.from(text.slice(0, longestSearched));
  // In base64, a text begins at one of three offsets. The characters at its ends depend on its neighbors too.
  const within = [0, 1, 2].map((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
    return padded.toString("base64").slice(Math.ceil((offset * 4) / 3), Math.floor((padded.length * 4) / 3));
  });
  const base64 = [bytes.toString("base64"), bytes.toString("base64url"), ...within];
  // The escapes of a URL stand for bytes, those of JSON for characters.
  const forms = new Set([text, bytes.toString("latin1"), bytes.toString("hex"), ...base64]);
  return [...forms].map((form) => folded(form).slice(0, longestSearched));
}

/** Makes equal what differs only in case, in the alphabet of base64, or in how a form writes a space. Keeps the length. */
function folded(text: string): string {
  const lower = text.toLowerCase();
  // A few letters have a longer lowercase form.
  const sameLength =
    lower.length === text.length ? lower : text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
  return sameLength.replaceAll(" ", "+").replaceAll("-", "+").replaceAll("_", "/");
}

/** Each character of a folded text, or its escape in a URL, in JSON or in another language. */
const characters = /(?:%|\\x)([\da-f]{2})|\\u([\da-f]{4})|\\(.)|./gs;

/** Decodes the escapes around a text, one level after the other. `at` has the positions in the original, if they differ. */
function* decodings(original: string): Generator<{ text: string; at?: readonly number[] }, void> {
  let text = folded(original);
  let at: number[] | undefined;
  for (let depth = 0; depth <= mostEscapes; depth++) {
    yield at === undefined ? { text } : { text, at };
    if (!/[%\\]/.test(text)) {
      return;
    }
    const decodedAt: number[] = [];
    text = text.replaceAll(characters, (whole: string, byte, unit, other, index: number) => {
      decodedAt.push(at?.[index] ?? index);
      const code = byte ?? unit;
      if (code !== undefined) {
        return folded(String.fromCharCode(Number.parseInt(code, 16)));
      }
      return other === "n" ? "\n" : (other ?? whole);
    });
    at = [...decodedAt, original.length];
  }
}

/** Returns whether a text of a list contains a secret, in any form. */
export function containsSecret(list: string): boolean {
  // Decoding never makes a text longer. Most texts are shorter than a secret.
  if (list.length < shortestForm) {
    return false;
  }
  for (const { text } of decodings(list)) {
    if (formsInLists.some((form) => text.includes(form))) {
      return true;
    }
  }
  return false;
}

/** Replaces every registered text, in any form. */
function withoutSecrets(original: string): string {
  const found = new Map<number, { readonly end: number; readonly shown: string; readonly isCut: boolean }>();
  for (const { text, at } of decodings(original)) {
    for (const { forms, shown } of register.values()) {
      for (const form of forms) {
        for (let i = text.indexOf(form); i >= 0; i = text.indexOf(form, i + form.length)) {
          const start = at?.[i] ?? i;
          const end = at?.[i + form.length] ?? i + form.length;
          if (end > (found.get(start)?.end ?? 0)) {
            found.set(start, { end, shown, isCut: form.length === longestSearched });
          }
        }
      }
    }
  }
  let redacted = "";
  let copied = 0;
  for (const [start, { end, shown, isCut }] of [...found].sort(([one], [other]) => one - other)) {
    redacted += start < copied ? "" : original.slice(copied, start) + shown;
    if (end > copied) {
      copied = isCut ? end + original.slice(end).search(/\s|$/) : end;
    }
  }
  return redacted + original.slice(copied);
}

/** The characters that move a terminal's cursor, change its colors or reorder a line. */
const invisible = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu;

/**
 * Shortens a text from outside, replaces every secret of this process, and shows control characters as escapes.
 *
 * Every message, cause, warning, progress message and log line passes such a text through here. The errors of this package apply
 * it to all their parts.
 */
export function redact(text: string, longest = 200): string {
  const safe = withoutSecrets(text.slice(0, longest + margin)).replaceAll(
    invisible,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return (safe.length <= longest ? safe : `${safe.slice(0, longest)}…`).toWellFormed();
}

/** Like `redact`, on one line, so that a text from outside can't look like a message of its own. */
export function redactLine(text: string, longest = 200): string {
  return redact(
    text
      .slice(0, longest + margin)
      .replaceAll(/\s+/g, " ")
      .trim(),
    longest,
  );
}

/** An error that can become the cause of another one. */
export class RedactedError extends Error {
  constructor(message: string) {
    super(redactLine(message, 500));
  }
}
