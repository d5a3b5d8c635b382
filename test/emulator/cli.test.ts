import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCommandLine } from "../../src/emulator/commandLine.js";
import { toSettings } from "../../src/emulator/options.js";
import { getSigned, json } from "../helpers/http.js";
import { closeAll, start } from "../helpers/running.js";

const cli = join(__dirname, "../../src/emulator/cli.ts");

/** Runs the command-line interface from source. */
function run(...args: string[]) {
  const child = spawn(process.execPath, ["--import", "tsx", cli, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  const ended = once(child, "close").then(([code]: unknown[]) => ({ code, ...output }));
  return { child, ended, output };
}

describe("outboundbot-emulator", () => {
  afterEach(closeAll);

  it("reads every option as a program sets it", () => {
    const faults = [{ kind: "reset", every: 3 }, { kind: "hang" }] as const;
    const options = {
      port: 8080,
      instances: [{ InstanceId: "a", CreatorId: 9007199254740993n }],
      latency: 50,
      pageLimit: 20,
      pageLimitMode: "silent",
      rateLimit: 2.5,
      rateLimitBurst: 7,
      faults,
      accessKeyId: "id",
      accessKeySecret: "s",
      securityToken: "t",
      clockOffset: -5,
    } as const;
    const line =
      "--port 8080 --latency 50 --page-limit 20 --page-limit-mode silent --rate-limit 2.5 --rate-limit-burst 7 " +
      "--access-key-id id --access-key-secret s --security-token t --clock-offset=-5 --log";
    const json = [
      "--instances",
      '[{"InstanceId":"a","CreatorId":9007199254740993}]',
      "--faults",
      JSON.stringify(faults),
    ];
    assert.deepEqual(readCommandLine([...line.split(" "), ...json]), {
      run: "emulator",
      log: true,
      settings: toSettings(options),
    });
    assert.deepEqual(readCommandLine(["--count", "5"]), {
      run: "emulator",
      log: false,
      settings: toSettings({ count: 5 }),
    });
    assert.deepEqual(
      [readCommandLine(["-h"]), readCommandLine(["--version"])],
      [{ run: "help" }, { run: "version" }],
    );
  });

  it("reads JSON from a file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "emulator-"));
    const path = join(folder, "data.json");
    await writeFile(path, '{"Instances":[{"InstanceId":"a"}],"TotalCount":1}');
    const command = readCommandLine(["--instances", `@${path}`]);
    await rm(folder, { recursive: true });
    assert.deepEqual(command, {
      run: "emulator",
      log: false,
      settings: toSettings({ instances: [{ InstanceId: "a" }] }),
    });
  });

  const wrong: readonly [string, RegExp][] = [
    ["--bogus", /^Unknown option '--bogus'\. Run outboundbot-emulator --help to list the options\.$/],
    [
      "--port",
      /^Option '--port <value>' argument missing\. Run outboundbot-emulator --help to list the options\.$/,
    ],
    ["extra", /^Unexpected argument 'extra'\. Run outboundbot-emulator --help to list the options\.$/],
    ["--count many", /^--count must be a whole number from 0 to 100000, got "many"\.$/],
    [
      "--count -1",
      /^Option '--count' argument is ambiguous\. Run outboundbot-emulator --help to list the options\.$/,
    ],
    ["--page-limit-mode loud", /^--page-limit-mode must be one of reported, silent, refused, got "loud"\.$/],
    ["--rate-limit fast", /^--rate-limit must be a number above 0 and up to 1000000, got "fast"\.$/],
    ["--access-key-secret a,b", /^--access-key-secret must be printable ASCII without spaces or commas\.$/],
    ["--faults x", /^--faults: "x" is not valid JSON: /],
    ["--faults @/nowhere.json", /^--faults: "@\/nowhere\.json" can't be read: ENOENT/],
    ['--faults [{"kind":"x"}]', /^--faults\[0\]\.kind must be one of error, response, /],
  ];
  for (const [line, message] of wrong) {
    it(`rejects ${line}`, () =>
      assert.throws(() => readCommandLine(line.split(" ")), { name: "EmulatorOptionError", message }));
  }

  it("prints the settings of a client, serves, logs without secrets, and stops at a signal", async () => {
    const { child, ended, output } = run("--security-token", "it's+/=", "--log", "--count", "3");
    await once(child.stdout, "end");
    const [, endpoint = ""] =
      /^export ALIBABA_CLOUD_ENDPOINT_OUTBOUNDBOT=(http:\/\/127\.0\.0\.1:\d+)$/m.exec(output.stdout) ?? [];
    assert.deepEqual(output.stdout.split("\n").slice(1), [
      "export ALICLOUD_ACCESS_KEY=emulator-access-key-id",
      "export ALICLOUD_SECRET_KEY=emulator-access-key-secret",
      "export ALICLOUD_SECURITY_TOKEN='it'\\''s+/='",
      "export ALIBABA_CLOUD_ACCESS_KEY_ID=emulator-access-key-id",
      "export ALIBABA_CLOUD_ACCESS_KEY_SECRET=emulator-access-key-secret",
      "export ALIBABA_CLOUD_SECURITY_TOKEN='it'\\''s+/='",
      "",
    ]);
    const connection = {
      endpoint,
      accessKeyId: "emulator-access-key-id",
      accessKeySecret: "emulator-access-key-secret",
      securityToken: "it's+/=",
    };
    assert.equal(json(await getSigned(connection)).TotalCount, 3);
    child.kill("SIGTERM");
    const { code, stderr } = await ended;
    assert.equal(code, 0);
    assert.match(
      stderr,
      /^OutboundBot emulator with 3 instances at http:\/\/127\.0\.0\.1:\d+\. To stop it, press Ctrl-C, or run kill \d+ if it runs in the background\.\n/,
    );
    const { time, ...call } = JSON.parse(stderr.split("\n")[1] ?? "");
    assert.ok(Math.abs(Date.now() - time) < 60_000);
    assert.deepEqual(call, {
      action: "ListInstances",
      pageNumber: 1,
      pageSize: 10,
      tags: [],
      accessKeyId: "emulator-access-key-id",
      status: 200,
      code: "OK",
      faults: [],
    });
    assert.doesNotMatch(stderr, /it's|key-secret/);
  });

  it("keeps running if nothing reads its output", async () => {
    const { child, ended } = run("--count", "1");
    child.stdout.destroy();
    const [hint] = await once(child.stderr, "data");
    assert.match(String(hint), /OutboundBot emulator with 1 instance at/);
    child.kill("SIGINT");
    const { code, stderr } = await ended;
    assert.deepEqual([code, stderr.split("\n").length], [0, 2]);
  });

  it("reports an invalid option in one sentence, and exits with 2", async () => {
    const { code, stdout, stderr } = await run("--count", "100001").ended;
    assert.deepEqual(
      { code, stdout, stderr },
      {
        code: 2,
        stdout: "",
        stderr: "outboundbot-emulator: --count must be a whole number from 0 to 100000, got 100001.\n",
      },
    );
  });

  it("reports a port in use in one sentence, and exits with 1", async () => {
    const port = new URL((await start()).endpoint).port;
    const { code, stderr } = await run("--port", port).ended;
    assert.deepEqual(
      [code, stderr],
      [1, `outboundbot-emulator: listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`],
    );
  });

  it("lists every option and kind of fault in --help", async () => {
    const { code, stdout } = await run("--help").ended;
    assert.equal(code, 0);
    for (const word of [
      "--port",
      "--instances",
      "--page-limit",
      "--rate-limit",
      "--clock-offset",
      "empty-page",
      "--faults JSON",
    ]) {
      assert.ok(stdout.includes(word), word);
    }
    assert.ok(stdout.split("\n").every((line) => line.length <= 120));
  });
});
