import { type Outcome, RateLimiter } from "../src/limiter/rateLimiter.js";

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

/** Processes that read lists from a simulated service. */
export interface Scenario {
  readonly service: (random: () => number) => Service;
  /** In milliseconds. */
  readonly latency: number;
  /** The part by which the latency varies in both directions. Default: 0.02. */
  readonly jitter?: number;
  /** The number of calls of each process. The first one is alone, like the first page of a list. Default: 100. */
  readonly calls?: number;
  /** Default: 1. */
  readonly processes?: number;
  /** The time within which the processes start, in milliseconds. Default: 0. */
  readonly starts?: number;
  /** Default: 64. */
  readonly maxConcurrency?: number;
}

/** The outcome of a simulation. Times are in milliseconds. */
export interface Result {
  /** The times after which the first and the last process had all its responses. */
  readonly first: number;
  readonly last: number;
  readonly attempts: number;
  readonly throttled: number;
  /** The maximum number of attempts of one call that count: throttled ones don't if another call of the process succeeded meanwhile. */
  readonly mostAttempts: number;
  readonly mostInFlight: number;
}

/**
 * Runs the processes against the service, on a simulated clock. A call that isn't accepted goes to the end of its process's queue
 * immediately. An attempt reaches the service after half of its latency.
 */
export function simulate(scenario: Scenario, seed: number): Result {
  const { latency, jitter = 0.02, calls = 100, processes = 1, starts = 0, maxConcurrency = 64 } = scenario;
  const random = seededRandom(seed * 7919);
  const service = scenario.service(random);
  const agenda = new Agenda();
  const startAt = random() * 1000;
  const ends: number[] = [];
  const counts = { attempts: 0, throttled: 0, mostAttempts: 1, inFlight: 0, mostInFlight: 0 };

  const startProcess = (start: number) => {
    const limiter = new RateLimiter(maxConcurrency, random);
    let left = calls;
    const queue = [{ attempts: 1, left }];
    let wakeAt = Number.NaN;
    const pump = (from: number) => {
      // As in reality, no two calls are sent at exactly the same time.
      for (let now = from; queue.length > 0; now += 0.001) {
        const wait = limiter.wait(now);
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
      counts.attempts++;
      counts.mostInFlight = Math.max(counts.mostInFlight, ++counts.inFlight);
      const taken = latency * (1 - jitter + 2 * jitter * random());
      agenda.add(now + taken / 2, (arrival) => {
        const answer = service(arrival);
        agenda.add(now + taken, (end) => {
          counts.inFlight--;
          const [outcome, retryAfter]: [Outcome, number?] =
            typeof answer === "string" ? [answer] : ["throttled", answer.retryAfter];
          limiter.ended(end, now, outcome, retryAfter);
          if (outcome === "accepted") {
            if (left === calls) {
              queue.push(...Array.from({ length: calls - 1 }, () => ({ attempts: 1, left: calls - 1 })));
            }
            if (--left === 0) {
              ends.push(end - startAt);
            }
          } else {
            counts.throttled += Number(outcome === "throttled");
            const attempts = (call?.attempts ?? 0) + Number(outcome === "failed" || call?.left === left);
            counts.mostAttempts = Math.max(counts.mostAttempts, attempts);
            queue.push({ attempts, left });
          }
          pump(end);
        });
      });
    };
    pump(start);
  };
  for (let process = 0; process < processes; process++) {
    agenda.add(startAt + starts * random(), startProcess);
  }
  agenda.run();
  return { first: Math.min(...ends), last: Math.max(...ends), ...counts };
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
