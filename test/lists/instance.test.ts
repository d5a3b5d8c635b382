import assert from "node:assert/strict";
import { UnreadableField } from "../../src/api/reader.js";
import { instances } from "../../src/lists/instances.js";
import { reader } from "../helpers/wire.js";

describe("toItem", () => {
  it("adds the ID under its other name, and an empty name and empty tags where the service returned none", () => {
    assert.deepEqual(instances.toItem({ id: "a", isPreset: true }), {
      id: "a",
      instanceId: "a",
      instanceName: "",
      isPreset: true,
      tags: {},
    });
    const complete = { id: "a", instanceName: "bot", tags: { env: "prod" } };
    assert.deepEqual(instances.toItem(complete), { ...complete, instanceId: "a" });
  });
});

describe("readInstance", () => {
  const read = (json: string) => instances.readItem(reader(json));

  it("reads every documented field", () => {
    const json = `{
      "InstanceId": "12f2d4c0-aaaa", "InstanceName": "催收", "InstanceDescription": "d", "CreationTime": 1578469042851,
      "CreatorId": 9223372036854775807, "CreatorName": "c", "OwnerName": "o", "ResourceGroupId": "rg-1",
      "MaxConcurrentConversation": 10, "IsPreset": false,
      "ResourceTags": [{"Key": "env", "Value": "prod"}, {"Key": "部门", "Value": ""}]
    }`;
    assert.deepEqual(read(json), {
      id: "12f2d4c0-aaaa",
      instanceName: "催收",
      instanceDescription: "d",
      creationTime: 1578469042851,
      creatorId: "9223372036854775807",
      creatorName: "c",
      ownerName: "o",
      resourceGroupId: "rg-1",
      maxConcurrentConversation: 10,
      isPreset: false,
      tags: { env: "prod", 部门: "" },
    });
  });

  it("leaves out a field that is missing or null", () => {
    assert.deepEqual(Object.keys(read('{"InstanceId": "a"}')), ["id"]);
    const nulls =
      '{"InstanceId": "a", "InstanceName": null, "InstanceDescription": null, "CreationTime": null, "CreatorId": null, "CreatorName": null, "OwnerName": null, "ResourceGroupId": null, "MaxConcurrentConversation": null, "IsPreset": null, "ResourceTags": null}';
    assert.deepEqual(Object.keys(read(nulls)), ["id"]);
  });

  it("keeps empty, zero and false values", () => {
    assert.deepEqual(
      read(
        '{"InstanceId": "a", "InstanceName": "", "CreationTime": 0, "CreatorId": 0, "MaxConcurrentConversation": 0, "IsPreset": false, "ResourceTags": []}',
      ),
      {
        id: "a",
        instanceName: "",
        creationTime: 0,
        creatorId: "0",
        maxConcurrentConversation: 0,
        isPreset: false,
        tags: {},
      },
    );
  });

  it("reads numbers and booleans in quotes", () => {
    assert.deepEqual(
      read(
        '{"InstanceId": "a", "CreationTime": "1578469042851", "CreatorId": "9007199254740993", "MaxConcurrentConversation": "10", "IsPreset": "true"}',
      ),
      {
        id: "a",
        creationTime: 1578469042851,
        creatorId: "9007199254740993",
        maxConcurrentConversation: 10,
        isPreset: true,
      },
    );
  });

  it("leaves out a tag without a key, and reads a number as the value of a tag", () => {
    const wire = reader(
      '{"InstanceId": "a", "ResourceTags": [{"Key": "", "Value": "x"}, {"Key": null}, {"Value": "y"}, {"Key": "n", "Value": 7}]}',
    );
    assert.deepEqual(instances.readItem(wire), { id: "a", tags: { n: "7" } });
    assert.deepEqual(
      wire.warnings,
      [0, 1, 2].map((index) => `ResourceTags[${index}].Key is empty (omitted)`),
    );
  });

  it("treats an empty number or boolean as absent", () => {
    const wire = '{"InstanceId": "a", "MaxConcurrentConversation": "", "CreatorId": "", "IsPreset": ""}';
    assert.deepEqual(read(wire), { id: "a" });
  });

  it("copies documented fields only, without keys of older response formats", () => {
    const instance = read(
      '{"InstanceId": "a", "NluProfile": {"AccessKey": "LTAI-x", "SecretKey": "hush"}, "SecretKey": "hush", "ResourceTags": [{"Key": "k", "Value": "v", "Secret": "hush"}]}',
    );
    assert.deepEqual(instance, { id: "a", tags: { k: "v" } });
  });

  it("reads tags named like inherited properties", () => {
    const { tags = {} } = read(
      '{"InstanceId": "a", "ResourceTags": [{"Key": "__proto__", "Value": "x"}, {"Key": "toString"}]}',
    );
    assert.deepEqual(Object.entries(tags), [
      ["__proto__", "x"],
      ["toString", ""],
    ]);
  });

  const unreadable: Record<string, string> = {
    '{"InstanceName": "a"}': "InstanceId is not a non-empty string",
    '{"InstanceId": ""}': "InstanceId is not a non-empty string",
    '{"InstanceId": 7}': "InstanceId is not a string",
    '{"InstanceId": "a", "InstanceName": 7}': "InstanceName is not a string",
    '{"InstanceId": "a", "InstanceDescription": {}}': "InstanceDescription is not a string",
    '{"InstanceId": "a", "OwnerName": []}': "OwnerName is not a string",
    '{"InstanceId": "a", "CreationTime": "soon"}': "CreationTime is not a whole number",
    '{"InstanceId": "a", "CreationTime": 1.5}': "CreationTime is not a whole number",
    '{"InstanceId": "a", "CreationTime": "90071992547409930"}':
      "CreationTime is not a whole number up to 2^53",
    '{"InstanceId": "a", "CreatorId": 1.5}': "CreatorId is not a whole number",
    '{"InstanceId": "a", "CreatorId": 1e30}': "CreatorId is not a whole number",
    '{"InstanceId": "a", "CreatorId": true}': "CreatorId is not a whole number",
    '{"InstanceId": "a", "IsPreset": 1}': "IsPreset is not true or false",
    '{"InstanceId": "a", "IsPreset": "yes"}': "IsPreset is not true or false",
    '{"InstanceId": "a", "ResourceTags": {"env": "prod"}}': "ResourceTags is not a list",
    '{"InstanceId": "a", "ResourceTags": ["env"]}': "ResourceTags[0] is not an object",
    '{"InstanceId": "a", "ResourceTags": [{"Key": "a"}, {"Key": {}}]}': "ResourceTags[1].Key is not a string",
    '{"InstanceId": "a", "ResourceTags": [{"Key": "a", "Value": true}]}':
      "ResourceTags[0].Value is not a string",
    '{"InstanceId": "a", "ResourceTags": [{"Key": "a", "Value": 90071992547409930}]}':
      "ResourceTags[0].Value is not a string",
  };
  for (const [json, message] of Object.entries(unreadable)) {
    it(`rejects ${json}`, () => assert.throws(() => read(json), { constructor: UnreadableField, message }));
  }
});
