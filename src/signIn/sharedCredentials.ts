import type { Credentials, CredentialsSource } from "../api/credentials.js";

/**
 * How long before expiration credentials are renewed, at most, in milliseconds. Short-lived credentials are renewed after three
 * quarters of their lifetime.
 */
const longestLead = 15 * 60_000;
/** The time after which credentials without an expiration are requested again, because their source may have changed. */
const recheckInterval = 5 * 60_000;
/** The time for which valid credentials are still used after a failed renewal. */
const pauseAfterFailure = 30_000;
/** The minimum time for which credentials are used. A wrong clock must not cause a sign-in for every call. */
const shortestReuse = 10_000;

/**
 * Shares one source among callers: it is read once for all waiting callers, and again before the credentials expire. The vendor's
 * sources send one request for each waiting caller.
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

  const getCredentials = async () => {
    if (held !== undefined && now() < renewAt) {
      return held;
    }
    underWay ??= renew().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
  return {
    getCredentials,
    renew: async (rejected) => {
      if (held === rejected) {
        renewAt = 0;
      }
      return getCredentials();
    },
  };
}

function useOf({ expiration }: Credentials, now: number): number {
  if (expiration === undefined) {
    return recheckInterval;
  }
  const life = expiration - now;
  return Math.max(shortestReuse, life - Math.min(longestLead, life / 4));
}
