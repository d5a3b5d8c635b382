import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { getInstances } from "pulumi-outboundbot";
import { type Emulator, type EmulatorOptions, startEmulator } from "pulumi-outboundbot/emulator";
import { stack } from "./stack";

let created: Record<string, unknown>;

beforeEach(() => {
  created = {};
});

/** Records the resources, and answers the functions of providers with `call`. */
function mock(call: pulumi.runtime.Mocks["call"]): Promise<void> {
  return pulumi.runtime.setMocks({
    newResource: ({ name, inputs: { __provider, ...inputs } }) => {
      created[name] = inputs;
      return { id: `${name}-id`, state: inputs };
    },
    call,
  });
}

describe("the stack, with a mocked lookup", () => {
  it("passes the production bots to the dialer", async () => {
    const calls: unknown[] = [];
    await mock(({ token, inputs }) => {
      calls.push([token, inputs]);
      return { ids: ["bot-1"], instances: [{ id: "bot-1", maxConcurrentConversation: 20 }] };
    });
    const { botIds, lines } = await stack();
    assert.deepEqual(await resolved(botIds), ["bot-1"]);
    assert.equal(await resolved(lines), 20);
    assert.deepEqual(calls, [["outboundbot:index:getInstances", { tags: { env: "prod" } }]]);
  });
});

describe("the stack, with the emulator", () => {
  const instances = [
    bot("bot-reminder", "prod", 20, 2),
    bot("bot-trial", "staging", 5, 3),
    bot("bot-survey", "prod", 30, 1),
  ];
  let emulator: Emulator;

  // Within `call`, the function sends its requests instead of being mocked.
  beforeEach(() => mock(({ inputs }) => getInstances(inputs)));
  afterEach(() => emulator.close());

  /** Starts the emulator on a free port and configures its access key. */
  async function emulate(options: EmulatorOptions): Promise<void> {
    emulator = await startEmulator(options);
    // Configuration takes precedence over environment variables, so your own access keys and endpoints are never used.
    pulumi.runtime.setAllConfig({
      "outboundbot:endpoint": emulator.endpoint,
      "outboundbot:accessKey": emulator.accessKeyId,
      "outboundbot:secretKey": emulator.accessKeySecret,
    });
  }

  it("passes the production bots to the dialer, oldest first", async () => {
    await emulate({ instances });
    const { botIds, lines } = await stack();
    assert.deepEqual(await resolved(botIds), ["bot-survey", "bot-reminder"]);
    assert.equal(await resolved(lines), 50);
    assert.deepEqual(created, { production: { botIds: ["bot-survey", "bot-reminder"], lines: 50 } });
  });

  it("succeeds after two throttled requests", async () => {
    await emulate({ instances, faults: [{ kind: "error", code: "Throttling.User", first: 2 }] });
    const { botIds } = await stack();
    assert.deepEqual(await resolved(botIds), ["bot-survey", "bot-reminder"]);
    assert.deepEqual(emulator.counters.byCode, { "Throttling.User": 2, OK: 1 });
  });

  it("fails and creates nothing if there is no production bot", async () => {
    await emulate({ instances: [bot("bot-trial", "staging", 5, 1)] });
    await assert.rejects(stack(), {
      message: "No bot has the tag env=prod. Add the tag to at least one bot.",
    });
    assert.deepEqual(created, {});
  });

  it("fails with the service's error code if the access key may not list bots", async () => {
    await emulate({ instances, faults: [{ kind: "error", code: "Forbidden.RAM" }] });
    await assert.rejects(stack(), { name: "ServiceError", code: "Forbidden.RAM" });
    assert.deepEqual(created, {});
  });
});

function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

function bot(id: string, env: string, calls: number, age: number) {
  return {
    InstanceId: id,
    InstanceName: id,
    CreationTime: 1_700_000_000_000 + age,
    MaxConcurrentConversation: calls,
    ResourceTags: [{ Key: "env", Value: env }],
  };
}
