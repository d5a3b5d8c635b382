/** What is shorter is no secret of the vendor's, and would be found in every other word. */
const shortestSecret = 4;

/** As whom a call is made: what of it may be shown, and what must never be. */
export class CallerIdentity {
  /** The access key id, masked; absent when the call is not signed with a key. */
  readonly maskedId: string | undefined;
  /** Where the key came from, in words that a user finds it by. */
  readonly source: string;
  /** Kept from every inspection of this object. */
  readonly #secrets: readonly string[];

  constructor(accessKeyId: string | undefined, source: string, secrets: readonly (string | undefined)[]) {
    this.maskedId = accessKeyId === undefined ? undefined : mask(accessKeyId);
    this.source = source;
    this.#secrets = secrets
      .filter((secret) => secret !== undefined)
      .filter((secret) => secret.length >= shortestSecret);
  }

  /** The text without any secret of this caller, in plain or as it stands in a URL. */
  redact(text: string): string {
    return this.#secrets
      .flatMap(writings)
      .sort((one, other) => other.length - one.length)
      .reduce((shown, secret) => shown.replaceAll(secret, "[secret]"), text);
  }
}

/** A secret as it is, and as one and as two rounds of URL encoding write it: a string to sign holds it so. */
function writings(secret: string): string[] {
  const once = encodeURIComponent(secret);
  return [...new Set([secret, once, encodeURIComponent(once)])];
}

/** The first and the last four characters; of an id too short for that, nothing. */
function mask(accessKeyId: string): string {
  return accessKeyId.length < 12 ? "****" : `${accessKeyId.slice(0, 4)}****${accessKeyId.slice(-4)}`;
}
