/** What a request is signed with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Of temporary credentials only. */
  readonly securityToken?: string | undefined;
  /** The kind of source, as the vendor's SDK names it in the header `x-acs-credentials-provider`. */
  readonly providerName: string;
  /** Where they came from, in words that a user finds it by. */
  readonly source?: string | undefined;
  /** When they expire, in milliseconds since the epoch; absent when they do not, or do not say. */
  readonly expiration?: number | undefined;
}

/** Gives the credentials for the next request; those that expire are renewed in time. */
export interface CredentialsSource {
  getCredentials(): Promise<Credentials>;
}
