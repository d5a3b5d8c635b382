import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { generateNumbers, generateScripts } from "../../src/emulator/generator.js";
import type { Emulator } from "../../src/emulator/index.js";
import { closeAll, start } from "../helpers/running.js";

const run = promisify(execFile);
const python = process.env.OUTBOUNDBOT_PYTHON ?? "python3";

const listWithPython = `
import json, os
from alibabacloud_outboundbot20191226.client import Client
from alibabacloud_outboundbot20191226.models import ListInstancesRequest, ListInstancesRequestTag
from alibabacloud_tea_openapi.models import Config
client = Client(Config(
    access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
    access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
    security_token=os.environ["ALIBABA_CLOUD_SECURITY_TOKEN"],
    endpoint=os.environ["ALIBABA_CLOUD_ENDPOINT_OUTBOUNDBOT"].split("//")[1], protocol="HTTP"))
found, number = [], 1
while True:
    page = client.list_instances(ListInstancesRequest(
        page_number=number, page_size=50,
        tag=[ListInstancesRequestTag(key="部门", value="客服部"), ListInstancesRequestTag(key="env")])).body
    found += [[instance.instance_id, str(instance.creator_id)] for instance in page.instances]
    number += 1
    if not page.instances: break
print(json.dumps(found))
`;

const listScriptsWithPython = `
import json, os
from alibabacloud_outboundbot20191226.client import Client
from alibabacloud_outboundbot20191226.models import ListOutboundCallNumbersRequest, ListScriptsRequest
from alibabacloud_tea_openapi.models import Config
client = Client(Config(
    access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
    access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
    endpoint=os.environ["ALIBABA_CLOUD_ENDPOINT_OUTBOUNDBOT"].split("//")[1], protocol="HTTP"))
scripts, number = [], 1
while True:
    page = client.list_scripts(ListScriptsRequest(
        instance_id="bot", page_number=number, page_size=2, nlu_engine="Prompts")).body.scripts
    scripts += [[script.script_id, script.script_name, str(script.agent_id), script.create_time] for script in page.list]
    number += 1
    if not page.list: break
numbers = client.list_outbound_call_numbers(
    ListOutboundCallNumbersRequest(instance_id="bot", page_number=1, page_size=100)).body.outbound_call_numbers
print(json.dumps([scripts, page.total_count, [[item.outbound_call_number_id, item.number] for item in numbers.list]]))
`;

/** Returns the IDs that the clients must find, with the exact ID of each creator. */
function expected({ instances }: Emulator): [string, string][] {
  return instances
    .filter(({ ResourceTags = [] }) =>
      ResourceTags.some(({ Key, Value }) => Key === "部门" && Value === "客服部"),
    )
    .map(({ InstanceId, CreatorId }) => [InstanceId, `${CreatorId}`]);
}

/** Returns whether a client is installed; without it, its tests are pending. */
async function runs(command: string, args: readonly string[]): Promise<boolean> {
  return run(command, args, { timeout: 20_000 }).then(
    () => true,
    () => false,
  );
}

describe("emulator: the vendor's own clients", () => {
  afterEach(closeAll);

  it("the Python SDK (alibabacloud_outboundbot20191226, in $OUTBOUNDBOT_PYTHON) lists every page", async function () {
    if (!(await runs(python, ["-c", "import alibabacloud_outboundbot20191226"]))) {
      return this.skip();
    }
    const emulator = await start({ count: 500, securityToken: "token+/=" });
    const environment = { ...process.env, ...emulator.environment, PYTHONUTF8: "1", NO_PROXY: "127.0.0.1" };
    const { stdout } = await run(python, ["-c", listWithPython], { env: environment });
    assert.deepEqual(JSON.parse(stdout), expected(emulator));
  });

  it("the Python SDK lists the scripts and the numbers of an instance", async function () {
    if (!(await runs(python, ["-c", "import alibabacloud_outboundbot20191226"]))) {
      return this.skip();
    }
    const scripts = generateScripts("bot", 31);
    const emulator = await start({ instances: [{ InstanceId: "bot" }], scripts: { bot: scripts } });
    const environment = { ...process.env, ...emulator.environment, PYTHONUTF8: "1", NO_PROXY: "127.0.0.1" };
    const { stdout } = await run(python, ["-c", listScriptsWithPython], { env: environment });
    const prompts = scripts.filter(({ NluEngine }) => NluEngine === "Prompts");
    assert.deepEqual(JSON.parse(stdout), [
      prompts.map(({ ScriptId, ScriptName, agentId, CreateTime }) => [
        ScriptId,
        ScriptName,
        `${agentId}`,
        CreateTime,
      ]),
      prompts.length,
      generateNumbers("bot").map((number) => [number.OutboundCallNumberId, number.Number]),
    ]);
  });

  describe("the command-line client (aliyun, on PATH)", () => {
    for (const method of ["GET", "POST"]) {
      it(`lists every page by ${method}, signed with version 1.0`, async function () {
        if (!(await runs("aliyun", ["version"]))) {
          return this.skip();
        }
        const emulator = await start({ count: 500 });
        const home = await mkdtemp(join(tmpdir(), "aliyun-home-"));
        const environment = { ...process.env, HOME: home, NO_PROXY: "127.0.0.1" };
        const found: [string, string][] = [];
        for (let page = 1, size = 1; size > 0; page++) {
          const args = [
            ...["outboundbot", "ListInstances", "--force", "--insecure", "--region", "cn-shanghai"],
            ...["--endpoint", new URL(emulator.endpoint).host, "--method", method],
            ...["--access-key-id", emulator.accessKeyId, "--access-key-secret", emulator.accessKeySecret],
            ...["--PageNumber", `${page}`, "--PageSize", "50"],
            ...["--Tag.1.Key", "部门", "--Tag.1.Value", "客服部", "--Tag.2.Key", "env"],
          ];
          const { stdout } = await run("aliyun", args, { env: environment });
          const creators = [...stdout.matchAll(/"CreatorId": (\d+)/g)].map(([, digits = ""]) => digits);
          const ids = [...stdout.matchAll(/"InstanceId": "([^"]+)"/g)].map(([, id = ""]) => id);
          found.push(...ids.map((id, index): [string, string] => [id, creators[index] ?? ""]));
          size = ids.length;
        }
        await rm(home, { recursive: true });
        assert.deepEqual(found, expected(emulator));
      });
    }
  });
});
