/** What both kinds of signature say about a request. */
export interface SignedRequest {
  readonly accessKeyId: string;
  /** The client's time, ISO 8601 in UTC. */
  readonly date: string;
  /** The client's random text that makes each request unique. */
  readonly nonce: string;
  readonly securityToken: string | undefined;
  isSignedWith(accessKeySecret: string): boolean;
}
