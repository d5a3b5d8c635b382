import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { mock } from "node:test";
import { root } from "../helpers/child.js";
import { signIn } from "../helpers/signingIn.js";
import { endAll, makeHome } from "../helpers/standIn.js";

/** A program that never ends, traps signals and starts another one like it. Both keep a connection open while they run. */
async function endless() {
  const sockets: Socket[] = [];
  const events = new EventEmitter();
  const server = createServer((socket) => {
    sockets.push(socket.on("error", () => {}));
    events.emit("connection");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = Object(server.address());
  const script = `
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => {});
    require("node:net").connect(${port}, "127.0.0.1").on("error", () => {});
    if (process.argv[2] === undefined) require("node:child_process").spawn(process.execPath, [__filename, "2"]);
  `;
  const home = makeHome({ "program.js": script });
  const profile = {
    name: "p",
    mode: "External",
    process_command: `"${process.execPath}" "${join(home, "program.js")}"`,
  };
  return {
    home: makeHome({ ".aliyun/config.json": { current: "p", profiles: [profile] } }),
    started: async () => {
      while (sockets.length < 2) {
        await once(events, "connection");
      }
    },
    killed: async () => {
      await Promise.all(sockets.map((socket) => socket.closed || once(socket.resume(), "close")));
      server.close();
    },
  };
}

/** Starts a process that signs in with the current profile. */
function signingIn(home: string, before = "", settings: Record<string, string> = {}) {
  const script = `${before}; require("./src/index.ts").getInstances().catch((error) => console.log(error.code))`;
  return spawn(process.execPath, ["--import", "tsx", "--eval", script], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: home, OUTBOUNDBOT_ENDPOINT: "127.0.0.1:1", ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

describe("a credential program that doesn't end", () => {
  afterEach(endAll);

  it("is killed after a minute, with the programs that it started", async () => {
    const { home, started, killed } = await endless();
    const listeners = process.listenerCount("SIGTERM");
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const refused = assert.rejects(
        signIn({ "outboundbot:profile": "p" }, { HOME: home }),
        /failed: process_command ran longer than 60 s\./,
      );
      await started();
      assert.equal(process.listenerCount("SIGTERM"), listeners + 1);
      mock.timers.tick(60_000);
      await refused;
    } finally {
      mock.timers.reset();
    }
    await killed();
  });

  it("is killed when this process ends after the lookup", async () => {
    const { home, started, killed } = await endless();
    const child = signingIn(home, "", { OUTBOUNDBOT_LOOKUP_TIMEOUT: "1000" });
    await started();
    const [[code]] = await Promise.all([once(child.stdout, "data"), once(child, "exit"), killed()]);
    assert.equal(String(code), "LookupTimeout\n");
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`is killed when ${signal} ends this process`, async () => {
      const { home, started, killed } = await endless();
      const child = signingIn(home);
      await started();
      child.kill(signal);
      const [[, endedBy]] = await Promise.all([once(child, "exit"), killed()]);
      assert.equal(endedBy, signal);
    });
  }

  it("doesn't end a process that handles the signal itself", async () => {
    const { home, started, killed } = await endless();
    const child = signingIn(home, 'process.on("SIGTERM", () => console.log("handled"))');
    await started();
    child.kill("SIGTERM");
    const [[handled]] = await Promise.all([once(child.stdout, "data"), killed()]);
    assert.match(String(handled), /^handled\n/);
    await once(child, "exit");
    assert.equal(child.exitCode, 0);
  });
});
