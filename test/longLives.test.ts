import assert from "node:assert/strict";
import { startEmulator } from "../src/emulator/index.js";
import { environment, run } from "./helpers/child.js";

/** `LONG_LIVES=10000 npx mocha test/longLives.test.ts` runs the full test and prints its figures. */
const count = Number(process.env.LONG_LIVES ?? 400);

/** Prints only its figures, as the last line before it ends. */
const measuring = `
  import { runInNewContext } from "node:vm";
  import { setFlagsFromString } from "node:v8";
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc");
  const warnings = [];
  process.on("warning", ({ name }) => warnings.push(name));
  const heap = async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    gc();
    return process.memoryUsage().heapUsed;
  };
  const count = ${count};
  /** Returns the growth of the heap per call after warm-up, in bytes. */
  const growth = async (work) => {
    const warm = Math.ceil(count / 5);
    for (let number = 0; number < warm; number++) {
      await work(number);
    }
    const before = await heap();
    for (let number = warm; number < count; number++) {
      await work(number);
    }
    return ((await heap()) - before) / (count - warm);
  };
  const print = (figures) => console.log(JSON.stringify({ ...figures, warnings }));
`;

const lookups = `${measuring}
  import lookup from "./src/index.ts";
  const args = (number) => ({
    tags: number % 2 === 0 ? { env: "prod" } : {},
    nameRegex: "^|" + number,
    pageSize: 1 + (number % 100),
  });
  const perCall = await growth((number) => lookup.getInstances(args(number)));
  const before = await heap();
  const atOnce = Math.ceil(count / 10);
  await Promise.all(Array.from({ length: atOnce }, (_, number) => lookup.getInstances(args(number))));
  print({ perCall, afterAll: (await heap()) - before });
`;

const invokes = `${measuring}
  import { credentials } from "@grpc/grpc-js";
  import grpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
  import messages from "@pulumi/pulumi/proto/provider_pb.js";
  import structs from "google-protobuf/google/protobuf/struct_pb.js";
  import plugin from "./src/plugin/pluginServer.ts";
  const { Struct } = structs;
  const { port, close } = await plugin.servePlugin(undefined);
  const connect = () =>
    new grpc.ResourceProviderClient("127.0.0.1:" + port, credentials.createInsecure(), {
      "grpc.use_local_subchannel_pool": 1,
    });
  const call = (client, method, request) =>
    new Promise((resolve, reject) => {
      client[method](request, (error, response) => (error === null ? resolve(response) : reject(error)));
    });
  const connectConfigured = async () => {
    const client = connect();
    await call(client, "configure", new messages.ConfigureRequest());
    return client;
  };
  const client = await connectConfigured();
  const invoke = async (number) => {
    const request = new messages.InvokeRequest();
    request.setTok("outboundbot:index:getInstances");
    request.setArgs(Struct.fromJavaScript({ nameRegex: "^|" + number, pageSize: 1 + (number % 100) }));
    // Every tenth call uses a connection of its own, which is then closed.
    const own = number % 10 === 0 ? await connectConfigured() : client;
    await call(own, "invoke", request);
    if (own !== client) {
      own.close();
    }
  };
  const perCall = await growth(invoke);
  client.close();
  close();
  print({ perCall });
`;

/** Allows for loading and compiling, plus a little per call, in bytes. */
const allowed = 3_000_000 / count + 300;

interface Figures {
  readonly perCall: number;
  readonly afterAll?: number;
  readonly warnings: readonly string[];
}

describe("long-running processes", function () {
  this.timeout(60_000 + count * 100);

  /** Returns the figures that a program prints. The program must then end immediately. */
  async function live(program: string): Promise<Figures> {
    await using emulator = await startEmulator({ count: 5 });
    const args = ["--import", "tsx", "--input-type=module", "--eval", program];
    const ended = await run(process.execPath, args, {
      env: environment(emulator.environment),
      timeout: 50_000 + count * 100,
    });
    assert.equal(ended.status, 0, ended.stderr);
    assert.doesNotMatch(ended.stderr, /warning|leak/i);
    assert.ok(ended.lingered < 3_000, `the process lived on for ${ended.lingered} ms`);
    if (process.env.LONG_LIVES !== undefined) {
      process.stdout.write(`${ended.stdout}`);
    }
    return JSON.parse(ended.stdout);
  }

  it("lookups in one process, sequential and concurrent, leak no memory, listeners or sockets", async () => {
    const { perCall, afterAll, warnings } = await live(lookups);
    assert.ok(perCall < allowed, `${perCall} bytes a lookup`);
    assert.ok((afterAll ?? Infinity) < 3_000_000, `${afterAll} bytes after all at once`);
    assert.deepEqual(warnings, []);
  });

  it("a plugin with changing peers leaks no memory or listeners", async () => {
    const { perCall, warnings } = await live(invokes);
    assert.ok(perCall < allowed, `${perCall} bytes an Invoke`);
    assert.deepEqual(warnings, []);
  });
});
