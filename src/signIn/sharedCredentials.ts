import type { Credentials, CredentialsSource } from "../api/credentials.js";

/** Credentials are renewed this long before they expire, or a quarter of their life before if that is less. */
const longestLead = 15 * 60_000;
/** How long credentials that do not say when they expire are used before their source is asked again: it may have changed. */
const unlimitedUse = 5 * 60_000;
/** How long to go on with credentials that are still good after they could not be renewed. */
const pauseAfterFailure = 30_000;
/** The shortest use of credentials, whatever they say: a clock that is off must not make every call sign in. */
const shortestUse = 10_000;

/**
 * A source that is asked once for all who wait, and again before what it gave expires. The vendor's own sources ask once for
 * each caller that comes while there is no answer yet.
 */
export function shareCredentials(
  resolve: () => Promise<Credentials>,
  now: () => number = Date.now,
): CredentialsSource {
  let held: Credentials | undefined;
  let renewAt = 0;
  let underWay: Promise<Credentials> | undefined;

  const renew = async (): Promise<Credentials> => {
    try {
      held = await resolve();
      renewAt = now() + useOf(held, now());
      return held;
    } catch (error) {
      if (held?.expiration === undefined || held.expiration <= now()) {
        throw error;
      }
      renewAt = Math.min(now() + pauseAfterFailure, held.expiration);
      return held;
    }
  };

  return {
    getCredentials: async () => {
      if (held !== undefined && now() < renewAt) {
        return held;
      }
      underWay ??= renew().finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
  };
}

function useOf({ expiration }: Credentials, now: number): number {
  if (expiration === undefined) {
    return unlimitedUse;
  }
  const life = expiration - now;
  return Math.max(shortestUse, life - Math.min(longestLead, life / 4));
}
