import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { getInstances, SettingsError } from "../../src/index.js";
import type { GetInstancesArgs } from "../../src/lists/instances.js";
import { runProgram } from "../helpers/child.js";
import { failureOf, startHere } from "../helpers/lookup.js";
import { closeAll, start } from "../helpers/running.js";

// Uses the real SDK over HTTP against the emulator. Proves nothing about undocumented behavior of the service.
describe("lookup", () => {
  afterEach(closeAll);

  describe("settings", () => {
    it("come from arguments, then outboundbot:, then alicloud:, then the environment", async () => {
      const emulator = await start({ accessKeyId: "right", accessKeySecret: "some-secret" });
      const { endpoint } = emulator;
      const signedAs = async (config: Record<string, string>, args: GetInstancesArgs = {}) => {
        pulumi.runtime.setAllConfig(config);
        await getInstances(args).catch(() => undefined);
        return emulator.calls.at(-1)?.accessKeyId;
      };
      const key = (namespace: string, id: string) => ({
        [`${namespace}:accessKey`]: id,
        [`${namespace}:secretKey`]: "some-secret",
      });
      const nowhere = { "outboundbot:endpoint": "http://127.0.0.1:1" };
      assert.equal(await signedAs({ ...key("outboundbot", "right"), ...nowhere }, { endpoint }), "right");
      const here = { "outboundbot:endpoint": endpoint };
      assert.equal(
        await signedAs({ ...here, ...key("outboundbot", "one"), ...key("alicloud", "two") }),
        "one",
      );
      assert.equal(await signedAs({ ...here, ...key("alicloud", "two") }), "two");
    });

    // Runs in its own process, with the test's environment from the start.
    it("come from environment variables in the order of @pulumi/alicloud", async () => {
      const emulator = await start();
      const { status, stdout, stderr } = await runProgram(
        `for (const names of [[], ["ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY"], ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"]]) {
           for (const name of names) delete process.env[name];
           await getInstances().catch((error) => console.log(error.name, error.code));
         }
         process.env.OUTBOUNDBOT_ENDPOINT = process.env.ALIBABA_CLOUD_ENDPOINT_OUTBOUNDBOT;
         delete process.env.ALIBABA_CLOUD_ENDPOINT_OUTBOUNDBOT;
         process.env.ALIBABACLOUD_ACCESS_KEY_ID = "four";
         await getInstances().catch(() => {});
         delete process.env.ALIBABACLOUD_ACCESS_KEY_ID;
         await getInstances().catch((error) => console.log(error.name, error.code));`,
        {
          ALIBABA_CLOUD_ENDPOINT_OUTBOUNDBOT: emulator.endpoint,
          OUTBOUNDBOT_ENDPOINT: "http://127.0.0.1:1",
          ALICLOUD_ACCESS_KEY: "one",
          ALICLOUD_SECRET_KEY: "some-secret",
          ALIBABA_CLOUD_ACCESS_KEY_ID: "two",
          ALIBABA_CLOUD_ACCESS_KEY_SECRET: "some-secret",
          ALIBABACLOUD_ACCESS_KEY_ID: "three",
          ALIBABACLOUD_ACCESS_KEY_SECRET: "some-secret",
        },
      );
      assert.equal(status, 0, stderr);
      assert.deepEqual(
        emulator.calls.map(({ accessKeyId }) => accessKeyId),
        ["one", "two", "three", "four"],
      );
      const refused = "ServiceError InvalidAccessKeyId.NotFound";
      assert.deepEqual(stdout.trim().split("\n"), [
        refused,
        refused,
        refused,
        "SettingsError IncompleteCredentials",
      ]);
    });

    it("sign with a security token if one is set", async () => {
      const emulator = await startHere({ securityToken: "token", count: 3 });
      assert.equal((await getInstances()).ids.length, 3);
      assert.equal(emulator.counters.calls, 1);
    });

    it("reject a region where the service isn't available", async () => {
      const emulator = await startHere();
      pulumi.runtime.setAllConfig({ "alicloud:accessKey": "a", "alicloud:secretKey": "some-secret" });
      const error = await failureOf(getInstances({ region: "cn-hangzhou" }));
      assert.ok(SettingsError.isInstance(error), String(error));
      assert.equal(error.code, "UnknownRegion");
      assert.equal(emulator.counters.calls, 0);
    });
  });
});
