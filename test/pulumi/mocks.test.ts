import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { Emulator } from "../../src/emulator/index.js";
import {
  getInstance,
  getInstanceOutput,
  getInstances,
  getInstancesOutput,
  getOutboundCallNumbers,
  getOutboundCallNumbersOutput,
  getScript,
  getScriptOutput,
  getScripts,
  getScriptsOutput,
  ServiceError,
} from "../../src/index.js";
import { holdOpen } from "../../src/pulumi/program.js";
import { use } from "../helpers/client.js";
import { forbidden } from "../helpers/faults.js";
import { settle, withoutMonitor } from "../helpers/outputs.js";
import { closeAll, start } from "../helpers/running.js";

describe("functions under Pulumi's mocks", () => {
  let emulator: Emulator;
  let calls: unknown[];
  const result = { id: "1", ids: ["a"] };

  async function mock(call: pulumi.runtime.Mocks["call"]): Promise<void> {
    calls = [];
    await pulumi.runtime.setMocks({ newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call });
    use(emulator);
  }

  beforeEach(async () => {
    emulator = await start({ count: 3 });
    await mock(({ token, inputs }) => {
      calls.push([token, inputs]);
      return result;
    });
  });
  afterEach(closeAll);
  after(withoutMonitor);

  const args = { instanceId: "b", nameRegex: "x" };
  const numbers = { instanceId: "b" };
  const functions: [
    name: string,
    args: object,
    direct: () => Promise<object>,
    output: () => pulumi.Output<object>,
  ][] = [
    [
      "getInstances",
      { tags: { env: "prod" } },
      () => getInstances({ tags: { env: "prod" } }),
      () => getInstancesOutput({ tags: { env: pulumi.output("prod") } }),
    ],
    [
      "getInstance",
      { name: "x" },
      () => getInstance({ name: "x" }),
      () => getInstanceOutput({ name: pulumi.output("x") }),
    ],
    ["getScripts", args, () => getScripts(args), () => getScriptsOutput(args)],
    ["getScript", args, () => getScript(args), () => getScriptOutput(args)],
    [
      "getOutboundCallNumbers",
      numbers,
      () => getOutboundCallNumbers(numbers),
      () => getOutboundCallNumbersOutput(numbers),
    ],
  ];
  for (const [name, sent, direct, output] of functions) {
    it(`are answered by call: ${name} and its Output form`, async () => {
      assert.deepEqual(await direct(), result);
      assert.deepEqual(await settle(output()), { known: true, secret: false, value: result });
      const call = [`outboundbot:index:${name}`, sent];
      assert.deepEqual(calls, [call, call]);
      assert.equal(emulator.counters.calls, 0);
    });
  }

  it("fail with the error of call", async () => {
    await mock(() => {
      throw new RangeError("planted");
    });
    await assert.rejects(getInstances(), RangeError);
    await assert.rejects(settle(getInstancesOutput()), RangeError);
  });

  it("look up for real within call", async () => {
    await mock(({ inputs }) => getInstances(inputs));
    assert.equal((await getInstances()).totalCount, 3);
    assert.equal((await settle(getInstancesOutput({ pageSize: 2 }).totalCount)).value, 3);
    emulator.setFaults(forbidden);
    await assert.rejects(getInstances(), ServiceError.isInstance);
  });

  it("hold the program open until what waits for the result has run", async () => {
    const events: string[] = [];
    let finish = () => {};
    const found = holdOpen(
      () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
    );
    const declared = found.then(async () => {
      for (let turn = 0; turn < 50; turn++) {
        await Promise.resolve();
      }
      events.push("declared");
    });
    const ended = pulumi.runtime.disconnect().then(() => events.push("ended"));
    finish();
    await Promise.all([declared, ended]);
    assert.deepEqual(events, ["declared", "ended"]);
  });
});
