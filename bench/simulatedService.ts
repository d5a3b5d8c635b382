import type { RateLimiter } from "../src/limiter/rateLimiter.js";

/** The response of a service: it accepts the call, throttles it, throttles it with a retry time, or fails. */
export type Answer = "accepted" | "throttled" | { readonly retryAfter: number } | "failed";

/** Returns the response to a call that arrives at `now`. */
export type Service = (now: number) => Answer;

/** Returns pseudorandom numbers from 0 to 1 for a seed. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  const next = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
  // The first numbers of similar seeds are similar.
  for (let discarded = 0; discarded < 5; discarded++) {
    next();
  }
  return next;
}

/** Returns a latency in milliseconds that varies by `part` of it in both directions. */
export function jitter(latency: number, part: number, random: () => number): () => number {
  return () => latency * (1 - part + 2 * part * random());
}

/** A limit in calls per second, which may vary with time, with bursts of up to `burst`. */
export function tokenBucket(perSecond: number | ((now: number) => number), burst: number): Service {
  let tokens = burst;
  let last: number | undefined;
  return (now) => {
    const rate = typeof perSecond === "number" ? perSecond : perSecond(now);
    tokens = Math.min(burst, tokens + ((now - (last ?? now)) * rate) / 1000);
    last = now;
    if (tokens < 1) {
      return "throttled";
    }
    tokens--;
    return "accepted";
  };
}

/** A limit of `calls` in any period of one second. */
export function slidingWindow(calls: number): Service {
  let taken: number[] = [];
  return (now) => {
    taken = taken.filter((time) => time > now - 1000);
    if (taken.length >= calls) {
      return "throttled";
    }
    taken.push(now);
    return "accepted";
  };
}

/** A limit of `calls` in each second of the clock. */
export function fixedWindow(calls: number): Service {
  let second = Number.NaN;
  let taken = 0;
  return (now) => {
    if (Math.floor(now / 1000) !== second) {
      second = Math.floor(now / 1000);
      taken = 0;
    }
    return ++taken <= calls ? "accepted" : "throttled";
  };
}

/** A service that accepts every call except those whose number, from 1, `isOther` selects. */
export function allBut(isOther: (number: number) => boolean, other: Answer): Service {
  let number = 0;
  return () => (isOther(++number) ? other : "accepted");
}

/** One client of the simulated service. */
export interface SimulatedClient {
  readonly limiter: RateLimiter;
  /** The number of calls that it makes. */
  readonly calls: number;
  readonly startAt?: number;
  /** Whether all calls wait from the start. By default the first one is alone, like the first page of a list. */
  readonly together?: boolean;
}

/** The outcome of a simulation. Times are in milliseconds. */
export interface Outcome {
  /** The time at which the last call of each client was accepted. */
  readonly finishedAt: readonly number[];
  /** The arrival of each call at the service, and its response. */
  readonly arrivals: readonly { readonly at: number; readonly answer: Answer }[];
  /** The number of attempts that weren't accepted. */
  readonly wasted: number;
  /** The maximum number of attempts of one call that count: throttled ones don't if another call of the client was accepted meanwhile. */
  readonly mostAttempts: number;
  readonly mostUnderWay: number;
}

/**
 * Runs clients against a service, on a simulated clock. A call that isn't accepted goes to the end of its client's queue
 * immediately. An attempt reaches the service after half of its latency.
 */
export function simulate(
  service: Service,
  latency: () => number,
  clients: readonly SimulatedClient[],
  startAt = 0,
): Outcome {
  const agenda = new Agenda();
  const finishedAt = clients.map(() => Number.NaN);
  const arrivals: { at: number; answer: Answer }[] = [];
  let wasted = 0;
  let mostAttempts = 1;
  let underWay = 0;
  let mostUnderWay = 0;

  for (const [index, client] of clients.entries()) {
    const { limiter } = client;
    let left = client.calls;
    const newCalls = (length: number) => Array.from({ length }, () => ({ attempts: 1, left }));
    const queue = newCalls(client.together ? client.calls : 1);
    let wakeAt = Number.NaN;
    const pump = (start: number) => {
      // As in reality, no two calls are sent at exactly the same time.
      for (let now = start; ; now += 0.001) {
        const wait = queue.length > 0 ? limiter.wait(now, queue.length) : Number.POSITIVE_INFINITY;
        if (wait > 0) {
          if (wait < Number.POSITIVE_INFINITY && !(wakeAt > now && wakeAt <= now + wait)) {
            wakeAt = now + wait;
            agenda.add(wakeAt, pump);
          }
          return;
        }
        send(now);
      }
    };
    const send = (now: number) => {
      const call = queue.shift();
      limiter.sent(now);
      mostUnderWay = Math.max(mostUnderWay, ++underWay);
      const taken = latency();
      agenda.add(now + taken / 2, (arrival) => {
        const answer = service(arrival);
        arrivals.push({ at: arrival, answer });
        agenda.add(now + taken, (end) => {
          underWay--;
          if (answer === "accepted") {
            limiter.accepted(end, now);
            if (left === client.calls && !client.together) {
              queue.push(...newCalls(client.calls - 1));
            }
            if (--left === 0) {
              finishedAt[index] = end;
            }
          } else {
            wasted++;
            const attempts = (call?.attempts ?? 0) + Number(answer === "failed" || call?.left === left);
            mostAttempts = Math.max(mostAttempts, attempts);
            queue.push({ attempts, left });
            if (answer === "failed") {
              limiter.failed(end, now);
            } else {
              limiter.throttled(end, now, answer === "throttled" ? undefined : answer.retryAfter);
            }
          }
          pump(end);
        });
      });
    };
    agenda.add(client.startAt ?? startAt, pump);
  }
  agenda.run();
  return { finishedAt, arrivals, wasted, mostAttempts, mostUnderWay };
}

/** The pending events, in order of time. */
class Agenda {
  readonly #events: { at: number; run: (now: number) => void }[] = [];

  add(at: number, run: (now: number) => void): void {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#events[middle]?.at ?? at) > at) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    this.#events.splice(low, 0, { at, run });
  }

  run(): void {
    for (let event = this.#events.shift(); event !== undefined; event = this.#events.shift()) {
      event.run(event.at);
    }
  }
}
