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

const runs = 30;
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

function windows(perSecond: number, latency: number): Row[] {
  const ideal = (calls / perSecond) * 1000;
  return [
    { name: `${perSecond} in any second`, latency, ideal, service: () => slidingWindow(perSecond) },
    { name: `${perSecond} per clock second`, latency, ideal, service: () => fixedWindow(perSecond) },
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
  ...[10, 50].map((latency) =>
    bucket(20, 5, latency, {
      name: "20 per second, burst 5, 20 processes of 10 calls",
      calls: 10,
      processes: 20,
    }),
  ),
  ...[5, 20].map((burst) =>
    bucket(20, burst, 50, {
      name: `20 per second, burst ${burst}, 20 processes of 10 calls that start within 2 s`,
      calls: 10,
      processes: 20,
      starts: 2_000,
    }),
  ),
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

function run(row: Row, seed: number): { time: number; outcome: Outcome } {
  const random = seededRandom(seed);
  const startAt = random() * 1000;
  const clients = Array.from({ length: row.processes ?? 1 }, () => ({
    limiter: new RateLimiter(64, random),
    calls: row.calls ?? calls,
    startAt: startAt + (row.starts === undefined ? 0 : row.starts * random()),
  }));
  const latency = jitter(row.latency, row.jitter ?? 0.02, random);
  const outcome = simulate(row.service(random), latency, clients, startAt);
  return { time: Math.max(...outcome.finishedAt) - startAt, outcome };
}

export const head = [
  "| service | latency | ideal, s | median, s | worst, s | throttled, median | worst | attempts per call |",
  "|---|--:|--:|--:|--:|--:|--:|--:|",
];

/** Returns the service and its latency, the first columns of the table. */
export function subject(row: Row): string {
  const latency = `${row.latency} ms${row.jitter ? ` ±${row.jitter * 100}%` : ""}`;
  const name = row.calls === undefined || row.processes ? row.name : `${row.name}, ${row.calls} calls`;
  return `| ${name} | ${latency} |`;
}

/** Returns the table line of a row; deterministic. */
export function line(row: Row): string {
  const results = Array.from({ length: runs }, (_, seed) => run(row, 7919 * (seed + 1)));
  const times = results.map(({ time }) => time / 1000).sort((a, b) => a - b);
  const wasted = results.map(({ outcome }) => outcome.wasted).sort((a, b) => a - b);
  const tries = Math.max(...results.map(({ outcome }) => outcome.mostTries));
  const figures = [row.ideal / 1000, times[runs / 2], times.at(-1)].map((time) => time?.toFixed(2));
  return `${subject(row)} ${figures.join(" | ")} | ${wasted[runs / 2]} | ${wasted.at(-1)} | ${tries} |`;
}
