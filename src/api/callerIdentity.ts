import { keepSecret, patternOf } from "../common/shown.js";

/** The vendor's secrets are longer, and shorter texts would match in many words. */
const shortestSecret = 4;

/** A shorter one, such as an emulator's, may be a word that a list holds by chance. */
const shortestRealSecret = 16;

/** The identity that makes a call: what may be shown of it, and what must never be. */
export class CallerIdentity {
  /** The masked access key ID; absent when the call isn't signed with a key. */
  readonly maskedId: string | undefined;
  /** The source of the key, as messages name it. */
  readonly source: string;
  /** Matches every secret; private, and so hidden from every inspection of this object. */
  readonly #pattern: RegExp | undefined;
  readonly #secrets: readonly string[];

  constructor(accessKeyId: string | undefined, source: string, secrets: readonly (string | undefined)[]) {
    this.maskedId = accessKeyId === undefined ? undefined : mask(accessKeyId);
    this.source = source;
    secrets.forEach(keepSecret);
    const hidden = secrets
      .filter((secret) => secret !== undefined)
      .filter((secret) => secret.length >= shortestSecret);
    this.#secrets = hidden;
    this.#pattern = hidden.length === 0 ? undefined : patternOf(hidden);
  }

  /** Whether a response holds one of the secrets as it is. */
  repeatsSecret(response: Buffer): boolean {
    return this.#secrets.some((secret) => secret.length >= shortestRealSecret && response.includes(secret));
  }

  /** The text without any secret of this caller: as it is, URL-encoded or in base64, in upper or lower case. */
  redact(text: string): string {
    return this.#pattern === undefined ? text : text.replace(this.#pattern, "[secret]");
  }
}

/** Returns the first and last four characters, or nothing of an ID too short for that. */
function mask(accessKeyId: string): string {
  return accessKeyId.length < 12 ? "****" : `${accessKeyId.slice(0, 4)}****${accessKeyId.slice(-4)}`;
}
