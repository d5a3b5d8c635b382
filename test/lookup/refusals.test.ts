import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentError, getInstance, getInstances, listInstances } from "../../src/index.js";
import { failureOf, startHere } from "../helpers/lookup.js";
import { collect } from "../helpers/pagedList.js";
import { closeAll } from "../helpers/running.js";

// Uses the real SDK over HTTP against the emulator. Proves nothing about undocumented behavior of the service.
describe("lookup", () => {
  afterEach(closeAll);

  describe("rejects before any request", () => {
    it("an explicit provider, with the alternative", async () => {
      const emulator = await startHere();
      const provider = Object.create(pulumi.ProviderResource.prototype);
      for (const refused of [getInstances({}, { provider }), getInstance({}, { provider })]) {
        const error = await failureOf(refused);
        assert.ok(ArgumentError.isInstance(error), String(error));
        assert.deepEqual(
          error.problems.map(({ property }) => property),
          ["opts.provider"],
        );
        assert.match(error.message, /use the arguments region, endpoint and profile/);
      }
      assert.equal(emulator.counters.calls, 0);
    });

    it("Outputs among plain arguments, at any depth", async () => {
      const emulator = await startHere();
      const output = pulumi.output("a");
      const args: object = { name: output, tags: { "a b": output, c: "d" }, ids: ["a", output] };
      const iterate = () => collect(listInstances(args));
      for (const refused of [getInstances(args), getInstance(args), iterate()]) {
        const error = await failureOf(refused);
        assert.ok(ArgumentError.isInstance(error), String(error));
        assert.deepEqual(
          error.problems.map(({ property }) => property),
          ["name", 'tags["a b"]', "ids[1]"],
        );
        assert.match(error.message, /use the Output form/);
      }
      assert.equal(emulator.counters.calls, 0);
    });

    it("all invalid arguments at once, for each function", async () => {
      const emulator = await startHere();
      const args: object = { tag: {}, ids: "a" };
      for (const [called, refused] of [
        ["getInstances", getInstances(args)],
        ["getInstance", getInstance(args)],
        ["listInstances", collect(listInstances(args))],
      ] as const) {
        const error = await failureOf(refused);
        assert.ok(ArgumentError.isInstance(error), String(error));
        assert.equal(error.problems.length, 2);
        assert.match(error.message, new RegExp(`^${called}: invalid arguments \\(2 problems\\)`));
      }
      assert.equal(emulator.counters.calls, 0);
    });

    it("arguments that contain themselves", async () => {
      const args: Record<string, unknown> = {};
      args.tags = args;
      assert.ok(ArgumentError.isInstance(await failureOf(getInstances(args))));
    });
  });
});
