import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceInstance } from "../../src/emulator/index.js";
import { listInstances } from "../../src/index.js";
import { instanceLookup } from "../../src/lookup/functions.js";
import { configOf } from "../helpers/client.js";
import { failureOf, startHere } from "../helpers/lookup.js";
import { closeAll, start } from "../helpers/running.js";

/** The engine's unknown values and Pulumi's signatures, copied from its sources instead of the code under test. */
const texts = [
  pulumi.runtime.unknownValue,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  pulumi.runtime.specialSigKey,
  pulumi.runtime.specialSecretSig,
  pulumi.runtime.specialAssetSig,
  pulumi.runtime.specialArchiveSig,
  pulumi.runtime.specialResourceSig,
  pulumi.runtime.specialOutputValueSig,
];

async function find(instances: ServiceInstance[], args: object = {}) {
  const config = configOf(await start({ instances }));
  const warnings: string[] = [];
  const { instances: found } = await instanceLookup.all("getInstances", args, {
    sources: { config: (key) => config[key], environment: { OUTBOUNDBOT_MAX_ATTEMPTS: "1" } },
    warn: (warning) => void warnings.push(warning),
    progress: () => {},
  });
  return { found, warnings };
}

describe("a text that Pulumi interprets", () => {
  afterEach(closeAll);

  for (const text of texts) {
    it(`is left out of an instance, with a warning: ${text}`, async () => {
      const { found, warnings } = await find([
        {
          InstanceId: "bot-1",
          InstanceName: text,
          InstanceDescription: text,
          CreatorName: text,
          OwnerName: text,
          ResourceGroupId: text,
          ResourceTags: [
            { Key: "env", Value: "prod" },
            { Key: "odd", Value: text },
            { Key: text, Value: "c44067f5952c0a294b673a41bacd8c17" },
            { Key: "path", Value: "/etc/passwd" },
          ],
        },
      ]);
      assert.deepEqual(found[0]?.tags, { env: "prod", path: "/etc/passwd" });
      assert.equal(JSON.stringify(found).includes(text), false);
      assert.equal(warnings.length, 1);
      assert.ok(warnings[0]?.includes(`in instance "bot-1", Instances[0].InstanceName is ${text} (omitted)`));
      assert.match(warnings[0] ?? "", /; and 2 more\. /);
    });

    it(`is rejected as an ID: ${text}`, async () => {
      const failure = await failureOf(find([{ InstanceId: text }]));
      assert.match(
        failure.message,
        new RegExp(`Instances\\[0\\].InstanceId is ${text}, a value that Pulumi reserves`),
      );
    });
  }

  it("is detected in JSON escapes too", async () => {
    const escaped = [...pulumi.runtime.specialSigKey]
      .map((c) => `\\u00${c.charCodeAt(0).toString(16)}`)
      .join("");
    const { reader } = await import("../helpers/wire.js");
    assert.deepEqual(reader(`{"t": [{"Key": "${escaped}"}, {"Key": "a"}]}`).tags("t"), { a: "" });
  });

  it("doesn't match as a tag that was left out", async () => {
    const tags = [{ Key: "env", Value: pulumi.runtime.unknownValue }];
    const { found } = await find([{ InstanceId: "a", ResourceTags: tags }], { tags: { env: "" } });
    assert.deepEqual(found, []);
  });

  it("causes one short warning for a long list", async () => {
    const instances = Array.from({ length: 300 }, (_, index) => ({
      InstanceId: `${index}-${"x".repeat(300)}`,
      InstanceName: pulumi.runtime.unknownValue,
    }));
    const { warnings } = await find(instances);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /; and 295 more\. /);
    assert.ok((warnings[0]?.length ?? 0) < 1_300, `${warnings[0]?.length}`);
  });

  it("is left out of a stream, which warns at its end or when its reader leaves", async () => {
    await startHere({
      instances: [{ InstanceId: "a", OwnerName: pulumi.runtime.unknownValue }, { InstanceId: "b" }],
    });
    const warnings: string[] = [];
    const { warn } = pulumi.log;
    Object.assign(pulumi.log, { warn: (message: string) => void warnings.push(message) });
    try {
      for await (const { ownerName } of listInstances()) {
        assert.equal(ownerName, undefined);
        break;
      }
    } finally {
      Object.assign(pulumi.log, { warn });
    }
    assert.match(warnings.join(), /OwnerName is 04da6b54/);
  });
});

describe("__proto__", () => {
  afterEach(closeAll);

  it("is kept as the key of a tag, with a warning, because programs in JavaScript lose it", async () => {
    const { found, warnings } = await find([
      { InstanceId: "a", InstanceName: "__proto__", ResourceTags: [{ Key: "__proto__", Value: "v" }] },
    ]);
    assert.deepEqual(Object.entries(found[0]?.tags ?? {}), [["__proto__", "v"]]);
    assert.equal(found[0]?.instanceName, "__proto__");
    assert.match(warnings.join(), /ResourceTags\[0\]\.Key is __proto__, which Pulumi's Node.js SDK drops/);
  });

  it("is rejected as an ID", async () => {
    const failure = await failureOf(find([{ InstanceId: "__proto__" }]));
    assert.match(failure.message, /the ID of one of the instances is __proto__/);
  });
});
