import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { readCommandLine } from "../../src/emulator/cliOptions.js";
import { parseFault } from "../../src/emulator/index.js";
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

describe("outboundbot-emulator", function () {
  this.timeout(20_000);
  afterEach(closeAll);

  it("reads every option", () => {
    const line =
      "--port 8080 --count 5 --latency 50 --page-limit 20:silent --rate-limit 2.5:7 --fault reset@every:3 --fault hang " +
      "--name-match fuzzy --key-id id --secret s --security-token t --clock-offset=-5 --log";
    assert.deepEqual(readCommandLine(line.split(" ")), {
      run: "emulator",
      log: true,
      options: {
        port: 8080,
        count: 5,
        latency: 50,
        pageLimit: { size: 20, mode: "silent" },
        rateLimit: { callsPerSecond: 2.5, burst: 7 },
        faults: [parseFault("reset@every:3"), parseFault("hang")],
        nameMatch: "fuzzy",
        accessKeyId: "id",
        accessKeySecret: "s",
        securityToken: "t",
        clockOffset: -5,
      },
    });
    assert.deepEqual(readCommandLine(["--data", "f.json"]), {
      run: "emulator",
      log: false,
      options: { dataFile: "f.json" },
    });
    assert.deepEqual(readCommandLine([]), { run: "emulator", log: false, options: {} });
    assert.deepEqual(
      [readCommandLine(["-h"]), readCommandLine(["--version"])],
      [{ run: "help" }, { run: "version" }],
    );
  });

  const wrong: readonly [string, RegExp][] = [
    ["--bogus", /^Unknown option '--bogus'\. Run outboundbot-emulator --help to list the options\.$/],
    [
      "--port",
      /^Option '--port <value>' argument missing\. Run outboundbot-emulator --help to list the options\.$/,
    ],
    ["extra", /^Unexpected argument 'extra'\. Run outboundbot-emulator --help to list the options\.$/],
    ["--count many", /^--count must be a number, got "many"\.$/],
    [
      "--count -1",
      /^Option '--count' argument is ambiguous\. Run outboundbot-emulator --help to list the options\.$/,
    ],
    ["--page-limit 5:loud", /^--page-limit must be N, N:reported, N:silent or N:refused, got "5:loud"\.$/],
    ["--rate-limit fast", /^--rate-limit must be calls per second, as N or N:BURST, got "fast"\.$/],
    ["--name-match near", /^--name-match must be exact or fuzzy, got "near"\.$/],
    ["--fault x", /^Invalid fault "x": the kind must be one of throttling, /],
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
    assert.match(stderr, /Z ListInstances page=1 size=10 status=200 code=OK key=emulator-access-key-id\n$/);
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
        stderr: "outboundbot-emulator: count must be a whole number from 0 to 100000, got 100001.\n",
      },
    );
  });

  it("reports a port in use in one sentence, and exits with 1", async () => {
    const port = new URL((await start()).endpoint).port;
    const { code, stderr } = await run("--port", port).ended;
    assert.deepEqual(
      [code, stderr],
      [
        1,
        `outboundbot-emulator: Listening on 127.0.0.1:${port} failed: the port is in use. Choose another port, or 0 for a free one.\n`,
      ],
    );
  });

  it("lists every option and kind of fault in --help", async () => {
    const { code, stdout } = await run("--help").ended;
    assert.equal(code, 0);
    for (const word of [
      "--port",
      "--data",
      "--page-limit",
      "--rate-limit",
      "--clock-offset",
      "total-wrong:N",
      "every:N+K",
    ]) {
      assert.ok(stdout.includes(word), word);
    }
    assert.ok(stdout.split("\n").every((line) => line.length <= 120));
  });
});
