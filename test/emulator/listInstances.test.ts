import assert from "node:assert/strict";
import type { ServiceInstance } from "../../src/emulator/index.js";
import { getSigned, json, send } from "../helpers/http.js";
import { closeAll, start } from "../helpers/running.js";
import { callWithSdk } from "../helpers/sdk.js";

const instances: readonly ServiceInstance[] = [
  {
    InstanceId: "i-1",
    InstanceName: "催收机器人",
    InstanceDescription: "逾期提醒",
    ResourceGroupId: "rg-a",
    OwnerName: "owner",
    CreatorName: "王小明",
    CreationTime: 1578469042851,
    CreatorId: 9223372036854775807n,
    MaxConcurrentConversation: 5,
    IsPreset: false,
    ResourceTags: [
      { Key: "env", Value: "prod" },
      { Key: "部门", Value: "客服部" },
    ],
  },
  {
    InstanceId: "i-2",
    InstanceName: "催收",
    ResourceGroupId: "rg-b",
    ResourceTags: [{ Key: "env", Value: "dev" }],
  },
  {
    InstanceId: "i-3",
    InstanceName: "Survey",
    ResourceGroupId: "rg-a",
    ResourceTags: [{ Key: "env", Value: "" }],
  },
  { InstanceId: "i-4" },
];

function ids(answer: Record<string, unknown>): string[] {
  assert.ok(Array.isArray(answer.Instances));
  return answer.Instances.map(({ InstanceId }) => InstanceId);
}

describe("emulator: ListInstances", () => {
  afterEach(closeAll);

  it("returns the service's format, with exact CreatorId and without absent fields", async () => {
    const emulator = await start({ instances });
    const { text, RequestId, ...answer } = await callWithSdk(emulator);
    assert.match(String(RequestId), /^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/);
    assert.match(String(text), /"CreatorId":9223372036854775807[,}]/);
    assert.deepEqual(
      { ...answer, Instances: undefined },
      {
        HttpStatusCode: 200,
        Code: "OK",
        Message: "Success",
        Success: true,
        TotalCount: 4,
        PageNumber: 1,
        PageSize: 10,
        Instances: undefined,
      },
    );
    assert.ok(Array.isArray(answer.Instances));
    assert.deepEqual(answer.Instances[0], { ...instances[0], CreatorId: Number(2n ** 63n) });
    assert.deepEqual(answer.Instances[3], { InstanceId: "i-4" });
  });

  const filters: readonly [string, Record<string, string>, string[]][] = [
    ["one tag", { "Tag.1.Key": "env", "Tag.1.Value": "prod" }, ["i-1"]],
    ["several tags", { "Tag.1.Key": "env", "Tag.2.Key": "部门", "Tag.2.Value": "客服部" }, ["i-1"]],
    ["no instance", { "Tag.1.Key": "env", "Tag.1.Value": "prod", "Tag.2.Key": "none" }, []],
    ["a tag without a value: any value", { "Tag.1.Key": "env" }, ["i-1", "i-2", "i-3"]],
    [
      "a tag with an empty value: any value",
      { "Tag.1.Key": "env", "Tag.1.Value": "" },
      ["i-1", "i-2", "i-3"],
    ],
    ["tags with gaps in their numbers", { "Tag.3.Key": "env", "Tag.3.Value": "dev" }, ["i-2"]],
    ["the whole name", { Name: "催收" }, ["i-2"]],
    ["a resource group", { ResourceGroupId: "rg-a" }, ["i-1", "i-3"]],
    ["all filters", { ResourceGroupId: "rg-a", Name: "Survey", "Tag.1.Key": "env" }, ["i-3"]],
    [
      "empty parameters: all",
      { ResourceGroupId: "", Name: "", PageNumber: "" },
      ["i-1", "i-2", "i-3", "i-4"],
    ],
  ];
  for (const [title, parameters, expected] of filters) {
    it(`selects by ${title}`, async () => {
      const answer = json(await getSigned(await start({ instances }), parameters));
      assert.deepEqual([ids(answer), answer.TotalCount], [expected, expected.length]);
    });
  }

  const refusals: readonly [Record<string, string>, string][] = [
    [{ PageNumber: "0" }, "InvalidParameter.PageNumber"],
    [{ PageNumber: "-1" }, "InvalidParameter.PageNumber"],
    [{ PageNumber: "1.5" }, "InvalidParameter.PageNumber"],
    [{ PageSize: "0" }, "InvalidParameter.PageSize"],
    [{ PageSize: "ten" }, "InvalidParameter.PageSize"],
    [{ "Tag.1.Value": "prod" }, "InvalidParameter.Tag"],
    [{ "Tag.0.Key": "env" }, "InvalidParameter.Tag"],
    [{ Tag: "env" }, "InvalidParameter.Tag"],
    [{ Version: "2025-11-11" }, "InvalidVersion"],
    [{ Action: "" }, "MissingParameter"],
  ];
  for (const [parameters, code] of refusals) {
    it(`rejects ${JSON.stringify(parameters)}`, async () => {
      const answer = await getSigned(await start(), parameters);
      assert.deepEqual([answer.status, json(answer).Code], [400, code]);
      assert.deepEqual(Object.keys(json(answer)), ["RequestId", "HostId", "Code", "Message", "Recommend"]);
    });
  }

  it("rejects any other action or path", async () => {
    const emulator = await start();
    await assert.rejects(callWithSdk(emulator, {}, { action: "DeleteInstance" }), {
      code: "InvalidApi.NotFound",
      statusCode: 404,
    });
    const answer = await getSigned({ ...emulator, endpoint: `${emulator.endpoint}/elsewhere` });
    assert.deepEqual([answer.status, json(answer).Code], [404, "InvalidApi.NotFound"]);
  });

  it("accepts only GET and POST", async () => {
    const { endpoint } = await start();
    const put = await send(endpoint, { method: "PUT" });
    assert.deepEqual([put.status, json(put).Code], [405, "UnsupportedHTTPMethod"]);
    assert.deepEqual((await send(endpoint, { method: "HEAD" })).status, 405);
  });

  describe("pages", () => {
    it("are complete and in order, and empty past the end", async () => {
      const emulator = await start({ count: 25 });
      const pages = await Promise.all(
        [1, 2, 3, 4].map((PageNumber) => callWithSdk(emulator, { PageNumber, PageSize: 10 })),
      );
      assert.deepEqual(
        pages.map(ids).map(({ length }) => length),
        [10, 10, 5, 0],
      );
      assert.deepEqual(
        pages.flatMap(ids),
        emulator.instances.map(({ InstanceId }) => InstanceId),
      );
      assert.deepEqual(
        pages.map(({ TotalCount, PageNumber }) => [TotalCount, PageNumber]),
        [
          [25, 1],
          [25, 2],
          [25, 3],
          [25, 4],
        ],
      );
    });

    it("above a limit are cut, and the response reports it", async () => {
      const emulator = await start({ count: 5, pageLimit: 2, pageLimitMode: "reported" });
      const answer = await callWithSdk(emulator, { PageSize: 100, PageNumber: 3 });
      assert.deepEqual([ids(answer).length, answer.PageSize], [1, 2]);
    });

    it("above a limit are cut, and the response doesn't report it", async () => {
      const emulator = await start({ count: 5, pageLimit: 2, pageLimitMode: "silent" });
      const answer = await callWithSdk(emulator, { PageSize: 100, PageNumber: 2 });
      assert.deepEqual([ids(answer).length, answer.PageSize], [2, 100]);
    });

    it("above a limit are rejected", async () => {
      const emulator = await start({ count: 5, pageLimit: 2, pageLimitMode: "refused" });
      assert.equal(ids(await callWithSdk(emulator, { PageSize: 2 })).length, 2);
      await assert.rejects(callWithSdk(emulator, { PageSize: 3 }), {
        code: "InvalidParameter.PageSize",
        message: /must be at most 2, got 3/,
      });
    });
  });

  it("shows added and removed instances immediately", async () => {
    const emulator = await start({ instances });
    const list = async () => ids(await callWithSdk(emulator, { ResourceGroupId: "rg-a" }));
    assert.deepEqual(await list(), ["i-1", "i-3"]);
    emulator.add({ InstanceId: "i-5", ResourceGroupId: "rg-a" });
    assert.deepEqual([emulator.remove("i-3"), emulator.remove("i-3")], [true, false]);
    assert.deepEqual(await list(), ["i-1", "i-5"]);
    assert.throws(() => emulator.add({ InstanceId: "i-5" }), {
      message: 'InstanceId must be unique, but "i-5" occurs twice.',
    });
  });
});
