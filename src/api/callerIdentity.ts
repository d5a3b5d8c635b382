import { registerSecret } from "../common/redact.js";

/** The identity that makes a call, as messages show it. */
export class CallerIdentity {
  /** The access key ID with only its first and last four characters; absent when the call isn't signed with a key. */
  readonly maskedId: string | undefined;
  /** The source of the key, as messages name it. */
  readonly source: string;

  /** Messages from now on mask the ID and show none of the secrets. */
  constructor(accessKeyId: string | undefined, source: string, secrets: readonly (string | undefined)[]) {
    // Anything else may be the secret, which somebody set as the ID.
    const isId = /^(LTAI|STS\.|TMP\.).{8}/.test(accessKeyId ?? "");
    const masked = !isId ? "****" : `${accessKeyId?.slice(0, 4)}****${accessKeyId?.slice(-4)}`;
    this.maskedId = accessKeyId && masked;
    this.source = source;
    registerSecret(accessKeyId, masked);
    for (const secret of secrets) {
      registerSecret(secret);
    }
  }
}
