// npm run bench: measures getInstances and a plain loop on the vendor's SDK against the emulator in its own process, prints the
// figures, and writes docs/benchmarks.md and docs/benchmarks.svg.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { npm, root, run } from "../scripts/tools.mjs";
import { chart } from "./chart.mjs";
import { manyProcesses } from "./manyProcesses.mjs";
import { previews } from "./preview.mjs";

await run(process.execPath, `${root}/scripts/build.mjs`);

const rows = [];
const add = (what, ours, plain, note) => {
  rows.push({ what, ours, plain, note });
  console.log(`${what}: ${ours}; plain loop ${plain}; ${note}`);
};

const first = await firstLookups(15);
add(
  "first lookup of a process, import included",
  `${first.ours.toFixed(0)} ms`,
  `${first.plain.toFixed(0)} ms, import and one call`,
  `${(first.ours / first.plain).toFixed(2)} times that, with @pulumi/pulumi already loaded; ${(first.ours / first.alone).toFixed(2)} times the ${first.alone.toFixed(0)} ms with the version of tea-util that the client pins`,
);

await withEmulator({ count: 50, latency: 0 }, async (environment) => {
  const { results } = await child(["plugin", "5"], environment);
  const { milliseconds } = results.sort((a, b) => a.milliseconds - b.milliseconds)[2];
  add("plugin, from its start to the first Invoke response", `${milliseconds.toFixed(0)} ms`, "none", "");
  const previewed = await previews(7, environment);
  if (previewed === undefined) {
    console.log("No pulumi on PATH: the previews are left out.");
    return;
  }
  const { empty, ...kinds } = Object.fromEntries(
    Object.entries(previewed).map(([kind, times]) => [kind, median(times)]),
  );
  for (const [kind, what] of [
    ["function", "preview with getInstancesOutput"],
    ["alone", "the same program without its own import of @pulumi/pulumi"],
    ["resource", "preview with an InstanceLookup"],
    ["plugin", "preview with the plugin's function"],
  ]) {
    const more = Math.round((kinds[kind] / empty - 1) * 100);
    add(
      what,
      ms({ milliseconds: kinds[kind] }),
      `${ms({ milliseconds: empty })}, empty program`,
      `${Math.abs(more)} % ${more < 0 ? "less" : "more"}`,
    );
  }
});

const [many, manyPlain] = await sideBySide({ count: 10_000, latency: 50 }, 4);
const ratio = manyPlain.milliseconds / many.milliseconds;
add("10,000 instances, 50 ms per call", ms(many), ms(manyPlain), `${ratio.toFixed(1)} times faster`);

const [one, onePlain] = await sideBySide({ count: 50, latency: 50 }, 20);
add(
  "one page, 50 ms per call",
  ms(one),
  ms(onePlain),
  `${(one.milliseconds / onePlain.milliseconds).toFixed(2)} times a bare call`,
);

const [cpu, cpuPlain] = await sideBySide({ count: 10_000, latency: 5 }, 6);
add(
  "CPU time per page",
  ms({ milliseconds: cpu.cpu / 100 }),
  ms({ milliseconds: cpuPlain.cpu / 100 }),
  `${(cpu.cpu / cpuPlain.cpu).toFixed(2)} times the loop`,
);

const cpuParts = await withEmulator({ count: 10_000, latency: 5 }, async (environment) => {
  const { results } = await child(["profile", "1"], environment);
  return results[0].value.map(({ kind, share }) => `${kind} ${Math.round(share * 100)} %`).join(", ");
});
console.log(`CPU time per page: ${cpuParts}`);

for (const [what, kind] of [
  ["100 concurrent identical lookups, 10 pages each", "identical"],
  ["100 concurrent different lookups", "different"],
]) {
  await withEmulator({ count: 1_000, latency: 50 }, async (environment, calls) => {
    const { results } = await child([kind, "2"], environment);
    add(what, ms(results.at(-1)), "not measured", `${(await calls()) / 2} calls`);
  });
}

await withEmulator({ count: 10_000, latency: 50, rateLimit: 20 }, async (environment, calls) => {
  const { results } = await child(["lookup", "1"], environment);
  const wasted = (await calls()) - 101;
  const ideal = ((101 - 20) / 20) * 1000 + 50;
  const plain = await withEmulator(
    { count: 10_000, latency: 10, rateLimit: 20 },
    async (other) => (await child(["loop", "1"], other)).results[0],
  );
  const failed = typeof plain.value === "string" ? `fails with ${plain.value}` : ms(plain);
  add(
    "limit of 20 calls per second, 100 pages",
    ms(results[0]),
    `${failed} (10 ms per call)`,
    `${(results[0].milliseconds / ideal).toFixed(2)} times the ideal time, ${wasted} calls throttled`,
  );
});

const crowd = await manyProcesses({ processes: 20, count: 1_000, latency: 50, perSecond: 20, burst: 5 });
add(
  "20 concurrent processes of 10 pages, limit of 20 calls per second",
  `the last ends after ${(crowd.last / crowd.ideal).toFixed(2)} times the ideal time`,
  "not measured",
  `the first after ${(crowd.first / crowd.ideal).toFixed(2)}; ${Math.round(100 * crowd.throttled)} % of the calls throttled`,
);

const imports = async (what) =>
  median(
    (await Promise.all([1, 2, 3].map(() => child([what], {})))).map(({ results }) => results[0].milliseconds),
  );
add(
  "import",
  `${(await imports("importOwn")).toFixed(0)} ms`,
  `${(await imports("importPulumi")).toFixed(0)} ms, @pulumi/pulumi alone`,
  `${(await imports("importBoth")).toFixed(0)} ms if @pulumi/pulumi is already loaded`,
);

for (const [what, kind] of [
  ["peak memory, 100,000 instances gathered", "lookup"],
  ["peak memory, 100,000 instances streamed", "stream"],
]) {
  await withEmulator({ count: 100_000, latency: 0 }, async (environment) => {
    const { peakMemory, results } = await child([kind, "1"], environment);
    const plain = await child(["loop", "1"], environment);
    add(
      what,
      `${peakMemory.toFixed(0)} MiB in ${ms(results[0])}`,
      `${plain.peakMemory.toFixed(0)} MiB, IDs only`,
      `${results[0].value} instances`,
    );
  });
}

const series = { ours: [], plain: [] };
for (const count of [100, 1_000, 2_500, 5_000, 10_000, 20_000]) {
  const [ours, plain] = await sideBySide({ count, latency: 50 }, 2);
  series.ours.push([count, ours.milliseconds]);
  series.plain.push([count, plain.milliseconds]);
  console.log(`${count} instances: ${ms(ours)}; plain loop ${ms(plain)}`);
}

writeFileSync(`${root}/docs/benchmarks.svg`, chart({ ...series, first }));
writeFileSync(`${root}/docs/benchmarks.md`, page());
console.log("Written to docs/benchmarks.md and docs/benchmarks.svg.");

/**
 * Measures a first lookup and a first call of the vendor's client, alternating; returns the medians. The client is in a new folder
 * of its own, as npm installs it with the newest tea-util (`plain`), or alone (`alone`).
 */
async function firstLookups(times) {
  const client = ["@alicloud/openapi-client@0.4.15", "@alicloud/openapi-util"];
  const plain = installed([...client, "@alicloud/tea-util"]);
  const alone = installed(client);
  try {
    return await withEmulator({ count: 50, latency: 0 }, async (environment) => {
      const measured = { ours: [], plain: [], alone: [] };
      const from = (folder) => child(["firstPlain"], { ...environment, VENDOR: `${pathToFileURL(folder)}/` });
      for (let time = 0; time < times; time++) {
        for (const [kind, { results }] of [
          ["ours", await child(["first"], environment)],
          ["plain", await from(plain)],
          ["alone", await from(alone)],
        ]) {
          measured[kind].push(results[0].milliseconds);
        }
      }
      return Object.fromEntries(Object.entries(measured).map(([kind, all]) => [kind, median(all)]));
    });
  } finally {
    rmSync(plain, { recursive: true });
    rmSync(alone, { recursive: true });
  }
}

/** Installs packages into a new folder. */
function installed(packages) {
  const folder = mkdtempSync(join(tmpdir(), "outboundbot-bench-"));
  const [command, ...args] = npm;
  execFileSync(command, [...args, "install", "--no-audit", "--no-fund", "--prefix", folder, ...packages]);
  return folder;
}

/**
 * Measures the lookup and the loop against the same emulator, each `times` times in its own process; returns the medians without
 * the first run.
 */
async function sideBySide(options, times) {
  return withEmulator(options, async (environment) => {
    const measured = [];
    for (const [kind, repeats] of [
      ["lookup", times],
      ["loop", 2],
    ]) {
      const { results } = await child([kind, String(repeats)], environment);
      const warm = results.slice(1);
      measured.push({
        milliseconds: median(warm.map((result) => result.milliseconds)),
        cpu: median(warm.map((result) => result.cpu)),
      });
    }
    return measured;
  });
}

async function withEmulator({ count, latency, rateLimit }, use) {
  const args = [
    "--count",
    String(count),
    "--latency",
    String(latency),
    "--log",
    ...(rateLimit ? ["--rate-limit", String(rateLimit), "--rate-limit-burst", String(rateLimit)] : []),
  ];
  const emulator = spawn(process.execPath, [`${root}/dist/emulator/cli.js`, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let calls = 0;
  createInterface({ input: emulator.stderr }).on("line", (line) => {
    calls += line.includes("ListInstances") ? 1 : 0;
  });
  try {
    const environment = {};
    for await (const line of createInterface({ input: emulator.stdout })) {
      const [, name, value] = /^export (\w+)=(.*)$/.exec(line) ?? [];
      environment[name] = value;
    }
    return await use(environment, async () => {
      // Waits for the log of the last calls.
      await new Promise((resolve) => setTimeout(resolve, 200));
      return calls;
    });
  } finally {
    emulator.kill();
  }
}

function child(args, environment) {
  return new Promise((resolve, reject) => {
    const started = spawn(process.execPath, [`${root}/bench/measure.mjs`, ...args], {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    started.stdout.on("data", (chunk) => {
      output += chunk;
    });
    started.once("error", reject);
    started.once("exit", () => resolve(JSON.parse(output.trim().split("\n").at(-1))));
  });
}

function page() {
  const table = rows
    .map(({ what, ours, plain, note }) => `| ${what} | ${ours} | ${plain} | ${note} |`)
    .join("\n");
  return `# Benchmarks

How fast is a lookup compared with a plain loop over the vendor's SDK? This page is for users who want to know what the package costs, and for
contributors who change its speed. The plain loop, \`bench/plainLoop.mjs\`, reads one page after another with \`@alicloud/openapi-client\`.

\`npm run bench\` wrote this page on Node ${process.version}, ${cpus().length} processors (${process.platform} ${process.arch}). The emulator ran on the same machine, in its
own process. On another machine, the times differ, but the ratios should be similar. Times are medians without the first run of a process; in the rows on
the rate limit and on memory, they are first runs.

| what | getInstances | plain loop | |
|---|---|---|---|
${table}

![Time to list instances at 50 ms per call, by number of instances](benchmarks.svg)

A list of more than one page takes at least two round trips, because the first page returns the total. A long list takes a third, because at
most 64 calls are in flight. The first long list of a process takes six: the number of concurrent calls grows each round trip until the service
throttles ([pace.md](pace.md)).

The CPU time of a page consists of: ${cpuParts}.

A preview with an \`InstanceLookup\` takes longer because the SDK starts a provider process, which loads \`@pulumi/pulumi\` again, for every program with a
dynamic resource. The plugin is also a process, but it loads only the protocol from the SDK. A preview with \`getInstancesOutput\` starts no process. A
program that leaves the import of \`@pulumi/pulumi\` to the package starts faster, because the package imports only parts of it.
`;
}

function ms({ milliseconds }) {
  return milliseconds < 10 ? `${milliseconds.toFixed(2)} ms` : `${Math.round(milliseconds)} ms`;
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
