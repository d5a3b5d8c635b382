// Prints the table of docs/pace.md: the rate limiter with many kinds of simulated services. Deterministic.
import {
  allBut,
  fixedWindow,
  type Scenario,
  simulate,
  slidingWindow,
  tokenBucket,
} from "./simulatedService.js";

const runs = 100;

interface Row extends Scenario {
  readonly name: string;
  /** The minimum time of any client, in milliseconds. */
  readonly ideal: number;
}

function limited(perSecond: number, burst: number, latency: number, more: Partial<Scenario> = {}): Row {
  const { calls = 100, processes = 1 } = more;
  const ideal = ((calls * processes - burst) / perSecond) * 1000 + latency;
  const name = `${perSecond} per second, burst ${burst}`;
  return { name, ideal, service: () => tokenBucket(perSecond, burst), latency, ...more };
}

function unlimited(name: string, latency: number, service: Scenario["service"]): Row {
  return { name, ideal: 6 * latency, service, latency };
}

const crowd = { calls: 10, processes: 20 };
const rows: Row[] = [
  unlimited("no limit", 50, () => () => "accepted"),
  ...[5, 20].map((burst) => limited(20, burst, 10)),
  ...[1, 5, 20, 40].map((burst) => limited(20, burst, 50)),
  { name: "20 in any second", ideal: 5_000, service: () => slidingWindow(20), latency: 50 },
  { name: "20 per clock second", ideal: 5_000, service: () => fixedWindow(20), latency: 50 },
  ...[5, 20].map((burst) => limited(20, burst, 50, crowd)),
  limited(20, 5, 50, { calls: 100, processes: 20 }),
  limited(1, 5, 50),
  ...[5, 20].map((burst) => limited(500, burst, 50, { calls: 1000 })),
  unlimited("throttles 10 % at random", 50, (random) => allBut(() => random() < 0.1, "throttled")),
  unlimited("fails every third call", 50, () => allBut((number) => number % 3 === 0, "failed")),
];

function line(row: Row): string {
  const results = Array.from({ length: runs }, (_, index) => simulate(row, index + 1));
  const sorted = (of: (result: (typeof results)[number]) => number) => results.map(of).sort((a, b) => a - b);
  const times = sorted(({ last }) => last / 1000);
  const throttled = sorted((result) => (100 * result.throttled) / result.attempts);
  const { calls, processes } = row;
  const lists = processes ? `, ${processes} × ${calls} calls` : calls ? `, ${calls} calls` : "";
  const cells = [
    `${row.name}${lists}`,
    `${row.latency} ms`,
    ...[row.ideal / 1000, times[runs / 2], times.at(-1)].map((seconds) => seconds?.toFixed(2)),
    ...[throttled[runs / 2], throttled.at(-1)].map((part) => part?.toFixed(0)),
    sorted(({ mostAttempts }) => mostAttempts).at(-1),
  ];
  return `| ${cells.join(" | ")} |`;
}

console.log("| service | latency | ideal, s | median, s | worst, s | throttled, % | worst, % | attempts |");
console.log("|---|---|--:|--:|--:|--:|--:|--:|");
for (const row of rows) {
  console.log(line(row));
}
