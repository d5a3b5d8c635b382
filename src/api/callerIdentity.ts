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
  readonly #responsePattern: RegExp | undefined;

  constructor(accessKeyId: string | undefined, source: string, secrets: readonly (string | undefined)[]) {
    this.maskedId = accessKeyId === undefined ? undefined : mask(accessKeyId);
    this.source = source;
    secrets.forEach(registerSecret);
    const hidden = secrets
      .filter((secret) => secret !== undefined)
      .filter((secret) => secret.length >= shortestSecret);
    const real = hidden.filter((secret) => secret.length >= shortestDistinctSecret);
    this.#responsePattern = real.length === 0 ? undefined : patternOf(real, "i");
    this.#pattern = hidden.length === 0 ? undefined : patternOf(hidden);
  }

  /** Returns whether a JSON response contains one of the secrets in any form. */
  repeatsSecret(response: string): boolean {
    const text = response.includes("\\u") ? unescaped(response) : response;
    return this.#responsePattern?.test(text) ?? false;
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

/** Decodes the JSON escapes of ASCII characters, which could hide a secret. */
function unescaped(json: string): string {
  return json.replaceAll(
    /\\(?:u00([2-7][\da-f])|([^u]))/gi,
    (_, code: string | undefined, character: string) =>
      code === undefined ? character : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
