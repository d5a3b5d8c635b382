import type { Transport } from "../api/transport.js";
import type { SignInEnvironment } from "../settings/credentials.js";

/** What the ways to sign in share. */
export interface SignInContext {
  readonly environment: SignInEnvironment;
  readonly transport: Transport;
  readonly userAgent: string;
}

/** How long one request for credentials may take, in milliseconds: less than a call, so that its own error is the one seen. */
export const signInTimeout = 8_000;
