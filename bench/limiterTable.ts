import { RateLimiter } from "../src/limiter/rateLimiter.js";
import {
  allBut,
  fixedWindow,
  jitter,
  type Outcome,
  type Service,
  seededRandom,
  simulate,
  slidingWindow,
  tokenBucket,
} from "./simulatedService.js";

const runs = 100;
const calls = 100;

/** The limiter with one kind of service. */
export interface Row {
  readonly name: string;
  readonly latency: number;
  /** The minimum time of any client, in milliseconds. */
  readonly ideal: number;
  readonly service: (random: () => number) => Service;
  readonly calls?: number;
  readonly jitter?: number;
  readonly processes?: number;
  /** The time within which the processes start, in milliseconds. */
  readonly starts?: number;
}

function bucket(perSecond: number, burst: number, latency: number, more: Partial<Row> = {}): Row {
  const ideal = (((more.calls ?? calls) * (more.processes ?? 1) - burst) / perSecond) * 1000 + latency;
  const name = `${perSecond} per second, burst ${burst}`;
  return { name, latency, ideal, service: () => tokenBucket(perSecond, burst), ...more };
}

function windows(perSecond: number, latency: number, more: Partial<Row> = {}): Row[] {
  const ideal = (((more.calls ?? calls) * (more.processes ?? 1)) / perSecond) * 1000;
  return [
    { name: `${perSecond} in any second`, latency, ideal, service: () => slidingWindow(perSecond), ...more },
    { name: `${perSecond} per clock second`, latency, ideal, service: () => fixedWindow(perSecond), ...more },
  ];
}

function unlimited(name: string, latency: number, service: Row["service"], waits = 0): Row {
  return { name, latency, ideal: 5 * latency + waits, service };
}

export const rows: readonly Row[] = [
  ...[10, 50].map((latency) => unlimited("no limit", latency, () => () => "accepted")),
  ...[10, 50].flatMap((latency) => [
    ...[5, 20, 1].map((burst) => bucket(20, burst, latency)),
    ...windows(20, latency),
  ]),
  ...[5, 20].map((burst) => bucket(20, burst, 50, { jitter: 0.1 })),
  ...[0, 2_000].flatMap((starts) =>
    [10, 50].flatMap((latency) => [
      ...[5, 20].map((burst) => bucket(20, burst, latency, { calls: 10, processes: 20, starts })),
      ...windows(20, latency, { calls: 10, processes: 20, starts }),
    ]),
  ),
  bucket(20, 5, 50, { calls: 10, processes: 3 }),
  bucket(20, 5, 50, { calls: 100, processes: 20 }),
  ...[1, 5, 50].map((perSecond) => bucket(perSecond, 5, 50)),
  ...[100, 500].flatMap((perSecond) => [5, 20].map((burst) => bucket(perSecond, burst, 50, { calls: 1000 }))),
  ...[10, 40].map((after) =>
    bucket(20, 5, 50, {
      name: `20, after 25 s ${after} per second`,
      calls: 1000,
      ideal: 25_000 + (500 / after) * 1000,
      service: () => tokenBucket((now) => (now < 26_000 ? 20 : after), 5),
    }),
  ),
  ...[10, 50].flatMap((latency) => [
    {
      ...unlimited("throttles the 1st call", latency, () => allBut((number) => number === 1, "throttled")),
      calls: 10,
      ideal: 3 * latency,
    },
    unlimited("throttles the 4th call", latency, () => allBut((number) => number === 4, "throttled")),
    unlimited(
      "throttles the 4th call for 1 s",
      latency,
      () => allBut((n) => n === 4, { retryAfter: 1000 }),
      1000,
    ),
    unlimited("throttles every third call", latency, () => allBut((number) => number % 3 === 0, "throttled")),
    ...[0.04, 0.1, 0.3].map((part) =>
      unlimited(`throttles ${part * 100}% at random`, latency, (random) =>
        allBut(() => random() < part, "throttled"),
      ),
    ),
    unlimited("fails every third call", latency, () => allBut((number) => number % 3 === 0, "failed")),
  ]),
];

function run(row: Row, seed: number): { first: number; last: number; outcome: Outcome } {
  const random = seededRandom(seed);
  const startAt = random() * 1000;
  const clients = Array.from({ length: row.processes ?? 1 }, () => ({
    limiter: new RateLimiter(64, random),
    calls: row.calls ?? calls,
    startAt: startAt + (row.starts ?? 0) * random(),
  }));
  const latency = jitter(row.latency, row.jitter ?? 0.02, random);
  const outcome = simulate(row.service(random), latency, clients, startAt);
  const times = outcome.finishedAt.map((time) => time - startAt);
  return { first: Math.min(...times), last: Math.max(...times), outcome };
}

export const head = [
  "| service | latency | ideal, s | median, s | worst, s | throttled, median | worst | attempts | first, s |",
  "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
];

/** Returns the service and its latency, the first columns of the table. */
export function subject({ name, latency, jitter: part, calls: count, processes, starts }: Row): string {
  const lists =
    processes === undefined
      ? count === undefined
        ? ""
        : `, ${count} calls`
      : `, ${processes} × ${count} calls`;
  const spread = starts ? `, started within ${starts / 1000} s` : "";
  return `| ${name}${lists}${spread} | ${latency} ms${part ? ` ±${part * 100}%` : ""} |`;
}

/** Returns the table line of a row; deterministic. */
export function line(row: Row): string {
  const results = Array.from({ length: runs }, (_, seed) => run(row, 7919 * (seed + 1)));
  const sorted = (of: (result: (typeof results)[number]) => number) => results.map(of).sort((a, b) => a - b);
  const times = sorted(({ last }) => last / 1000);
  const wasted = sorted(({ outcome }) => outcome.wasted);
  const attempts = sorted(({ outcome }) => outcome.mostAttempts).at(-1);
  const first =
    row.processes === undefined ? "" : sorted((result) => result.first / 1000)[runs / 2]?.toFixed(2);
  const figures = [row.ideal / 1000, times[runs / 2], times.at(-1)].map((time) => time?.toFixed(2));
  return `${subject(row)} ${figures.join(" | ")} | ${wasted[runs / 2]} | ${wasted.at(-1)} | ${attempts} | ${first} |`;
}
