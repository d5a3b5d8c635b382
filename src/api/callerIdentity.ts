import { patternOf, registerSecret } from "../common/redact.js";

/** Shorter texts would match in many words. The vendor's secrets are longer. */
const shortestSecret = 4;

/** Shorter secrets, such as an emulator's, may be words that a list contains by chance. */
const shortestDistinctSecret = 16;

/** The identity that makes a call. Masks its access key ID and redacts its secrets. */
export class CallerIdentity {
  /** The masked access key ID; absent when the call isn't signed with a key. */
  readonly maskedId: string | undefined;
  /** The source of the key, as messages name it. */
  readonly source: string;
  /** Matches every secret; private, and so hidden from every inspection of this object. */
  readonly #pattern: RegExp | undefined;
  /** Matches every form of the secrets that are too long to be a word. */
  readonly #longPattern: RegExp | undefined;

  constructor(accessKeyId: string | undefined, source: string, secrets: readonly (string | undefined)[]) {
    this.maskedId = accessKeyId === undefined ? undefined : mask(accessKeyId);
    this.source = source;
    secrets.forEach(registerSecret);
    const hidden = secrets
      .filter((secret) => secret !== undefined)
      .filter((secret) => secret.length >= shortestSecret);
    const long = hidden.filter((secret) => secret.length >= shortestDistinctSecret);
    this.#longPattern = long.length === 0 ? undefined : patternOf(long, "i");
    this.#pattern = hidden.length === 0 ? undefined : patternOf(hidden);
  }

  /** Returns whether a text contains one of the secrets, in any form. */
  isRepeatedIn(text: string): boolean {
    // Every encoded form of a secret is longer than the secret.
    return text.length >= shortestDistinctSecret && (this.#longPattern?.test(text) ?? false);
  }

  /** Returns the text with every secret of this caller redacted, in any form. */
  redact(text: string): string {
    return this.#pattern === undefined ? text : text.replace(this.#pattern, "[secret]");
  }
}

/** Returns the first and last four characters of an ID. Masks a short ID completely. */
function mask(accessKeyId: string): string {
  return accessKeyId.length < 12 ? "****" : `${accessKeyId.slice(0, 4)}****${accessKeyId.slice(-4)}`;
}
