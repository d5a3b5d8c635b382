import type { Pace } from "../../src/api/pace.js";

/** Whether a service takes a call that arrives at `now`. */
export type Limit = (now: number) => boolean;

/** A limit of `perSecond` calls, of which `burst` can be saved up. */
export function tokenBucket(perSecond: number, burst: number): Limit {
  let tokens = burst;
  let last = 0;
  return (now) => {
    tokens = Math.min(burst, tokens + ((now - last) * perSecond) / 1000);
    last = now;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  };
}

/** A limit of `calls` in any stretch of a second. */
export function slidingWindow(calls: number): Limit {
  let taken: number[] = [];
  return (now) => {
    taken = taken.filter((time) => time > now - 1000);
    if (taken.length >= calls) {
      return false;
    }
    taken.push(now);
    return true;
  };
}

/** A limit of `calls` in each second of the clock. */
export function fixedWindow(calls: number): Limit {
  let second = 0;
  let taken = 0;
  return (now) => {
    if (Math.floor(now / 1000) !== second) {
      second = Math.floor(now / 1000);
      taken = 0;
    }
    taken++;
    return taken <= calls;
  };
}

/** One client of the simulated service. */
export interface SimulatedClient {
  readonly pace: Pace;
  /** How many calls it has to get through; the first one goes alone, as the first page of a list does. */
  readonly calls: number;
  readonly startAt: number;
}

/** How a simulation went. */
export interface Outcome {
  /** When the last call of each client was answered, in milliseconds. */
  readonly finishedAt: readonly number[];
  readonly throttled: number;
  readonly mostUnderWay: number;
}

/** Runs clients against a limit, with a latency in milliseconds, on a clock of its own. */
export function simulate(limit: Limit, latency: () => number, clients: readonly SimulatedClient[]): Outcome {
  const events: { at: number; run: (now: number) => void }[] = [];
  const schedule = (at: number, run: (now: number) => void) => {
    const index = events.findIndex((event) => event.at > at);
    events.splice(index === -1 ? events.length : index, 0, { at, run });
  };
  const finishedAt = clients.map(() => Number.NaN);
  let throttled = 0;
  let mostUnderWay = 0;
  let underWay = 0;

  for (const [index, { pace, calls, startAt }] of clients.entries()) {
    let toSend = 1;
    let answered = 0;
    let wakeAt = Number.POSITIVE_INFINITY;
    const pump = (now: number) => {
      while (toSend > 0) {
        const wait = pace.wait(now);
        if (wait > 0) {
          if (wait < Number.POSITIVE_INFINITY && !(wakeAt > now && wakeAt <= now + wait)) {
            wakeAt = now + wait;
            schedule(wakeAt, pump);
          }
          return;
        }
        toSend--;
        pace.sent(now);
        mostUnderWay = Math.max(mostUnderWay, ++underWay);
        const taken = latency();
        schedule(now + taken / 2, (arrival) => {
          const ok = limit(arrival);
          schedule(now + taken, (end) => {
            underWay--;
            if (ok) {
              pace.accepted(end, now);
              answered++;
              if (answered === 1) {
                toSend += calls - 1;
              }
              if (answered === calls) {
                finishedAt[index] = end;
              }
            } else {
              throttled++;
              pace.throttled(end, now, undefined);
              toSend++;
            }
            pump(end);
          });
        });
      }
    };
    schedule(startAt, pump);
  }
  for (let event = events.shift(); event !== undefined; event = events.shift()) {
    event.run(event.at);
  }
  return { finishedAt, throttled, mostUnderWay };
}
