/** The credentials that sign a request. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** The security token; for temporary credentials only. */
  readonly securityToken?: string | undefined;
  /** The kind of source, as the vendor's SDK names it in the header `x-acs-credentials-provider`. */
  readonly providerName: string;
  /** The source of the credentials, as messages name it. */
  readonly source?: string | undefined;
  /**
   * The expiration time, in milliseconds since the Unix epoch; absent when the credentials don't expire, or their source doesn't
   * state the time.
   */
  readonly expiration?: number | undefined;
}

/** Returns the credentials of the next request, and renews them before they expire. */
export interface CredentialsSource {
  getCredentials(): Promise<Credentials>;
  /** Returns newer credentials than those that the service rejected as expired; absent when the source keeps none. */
  renew?(rejected: Credentials): Promise<Credentials>;
}
