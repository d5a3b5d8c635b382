// One measurement in its own process: node bench/measure.mjs WHAT COUNT [WARM]. Prints a line of JSON.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import { profiled } from "./profile.mjs";

const require = createRequire(import.meta.url);
const [what, times = "1"] = process.argv.slice(2);

const measurements = {
  async loop() {
    const { plainLoop } = await import("./plainLoop.mjs");
    const list = plainLoop(process.env);
    return measure(async () => (await list()).length);
  },
  async lookup() {
    const { getInstances } = require("pulumi-outboundbot");
    return measure(async () => (await getInstances()).ids.length);
  },
  /** Measures the CPU time of lookups by kind of work, after a lookup that loads the modules. */
  async profile() {
    const { getInstances } = require("pulumi-outboundbot");
    await getInstances();
    return measure(() =>
      profiled(async () => {
        for (let lookup = 0; lookup < 20; lookup++) {
          await getInstances();
        }
      }),
    );
  },
  /** Looks up once a byte arrives on standard input, so that processes start together, however long each takes to load. */
  async lookupOnSignal() {
    const { getInstances } = require("pulumi-outboundbot");
    console.log("ready");
    await once(process.stdin, "data");
    process.stdin.pause();
    return measure(async () => (await getInstances()).ids.length);
  },
  async stream() {
    const { listInstances } = require("pulumi-outboundbot");
    return measure(async () => {
      let count = 0;
      for await (const _ of listInstances()) {
        count++;
      }
      return count;
    });
  },
  async identical() {
    const { getInstances } = require("pulumi-outboundbot");
    return measure(async () => (await Promise.all(Array.from({ length: 100 }, () => getInstances()))).length);
  },
  async different() {
    const { getInstances } = require("pulumi-outboundbot");
    const lookup = (_, index) =>
      getInstances({ pageSize: index + 1, tags: { team: "care" }, name: `bot ${index}` });
    return measure(async () => (await Promise.all(Array.from({ length: 100 }, lookup))).length);
  },
  /** Imports the package and runs one lookup, with Pulumi's SDK already loaded. */
  async first() {
    require("@pulumi/pulumi");
    return measure(async () => (await require("pulumi-outboundbot").getInstances()).ids.length);
  },
  /** Loads the vendor's client from the folder VENDOR and makes one call. */
  async firstPlain() {
    require("@pulumi/pulumi");
    const { plainLoop } = await import("./plainLoop.mjs");
    return measure(async () => (await plainLoop(process.env, process.env.VENDOR)()).length);
  },
  /** Measures from the start of the plugin process to its first response to an Invoke. */
  async plugin() {
    const { credentials } = require("@grpc/grpc-js");
    const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb.js");
    const { ConfigureRequest, InvokeRequest } = require("@pulumi/pulumi/proto/provider_pb.js");
    return measure(async () => {
      const plugin = spawn(process.execPath, ["dist/plugin/cli.js"], { stdio: ["pipe", "pipe", "inherit"] });
      const [port] = await once(plugin.stdout, "data");
      const client = new ResourceProviderClient(`127.0.0.1:${Number(port)}`, credentials.createInsecure());
      const call = (method, request) =>
        new Promise((resolve, reject) => {
          client[method](request, (error, response) => (error === null ? resolve(response) : reject(error)));
        });
      await call("configure", new ConfigureRequest());
      const request = new InvokeRequest();
      request.setTok("outboundbot:index:getInstances");
      const response = await call("invoke", request);
      client.close();
      plugin.kill();
      return response.getReturn().toJavaScript().ids.length;
    });
  },
  async importPulumi() {
    return measure(async () => Object.keys(require("@pulumi/pulumi")).length);
  },
  async importOwn() {
    return measure(async () => Object.keys(require("pulumi-outboundbot")).length);
  },
  async importBoth() {
    require("@pulumi/pulumi");
    return measure(async () => Object.keys(require("pulumi-outboundbot")).length);
  },
};

async function measure(run) {
  const results = [];
  for (let time = 0; time < Number(times); time++) {
    const cpuBefore = process.cpuUsage();
    const startedAt = performance.now();
    let value;
    try {
      value = await run();
    } catch (error) {
      value = error.code ?? error.name;
    }
    const milliseconds = performance.now() - startedAt;
    const { user, system } = process.cpuUsage(cpuBefore);
    results.push({ value, milliseconds, cpu: (user + system) / 1000 });
  }
  return results;
}

const results = await measurements[what]();
console.log(JSON.stringify({ results, peakMemory: process.resourceUsage().maxRSS / 1024 }));
