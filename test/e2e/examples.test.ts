import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import type { ServiceInstance } from "../../src/emulator/index.js";
import { startAccounts } from "../helpers/accounts.js";
import { assertBuilt } from "../helpers/built.js";
import { needsEngine, whyPending } from "../helpers/engine.js";
import { hasHost } from "../helpers/languages.js";
import { Project } from "../helpers/project.js";
import { closeAll, start } from "../helpers/running.js";

function bot(id: string, tags: Readonly<Record<string, string>>, age: number): ServiceInstance {
  return {
    InstanceId: id,
    InstanceName: `Name of ${id}`,
    CreationTime: 1_700_000_000_000 + age,
    MaxConcurrentConversation: 10 * age,
    ResourceTags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  };
}

describe(`the other examples on a real engine${whyPending}`, function () {
  this.timeout(180_000);
  let project: Project | undefined;

  before(function () {
    needsEngine.call(this);
    assertBuilt();
  });
  afterEach(async () => {
    project?.remove();
    project = undefined;
    await closeAll();
  });

  async function stack(
    example: string,
    service: { readonly environment: Readonly<Record<string, string>> },
  ): Promise<Project> {
    project = new Project(example, service);
    await project.succeed("stack", "init", "test");
    return project;
  }

  async function outputs(project: Project): Promise<unknown> {
    return JSON.parse(await project.succeed("stack", "output", "--json"));
  }

  it("bot-component keeps each bot under its component, and shows a replaced one", async () => {
    const emulator = await start({
      instances: [
        bot("bot-survey", { purpose: "survey" }, 1),
        bot("bot-reminder", { purpose: "reminder" }, 2),
      ],
    });
    const project = await stack("bot-component", emulator);
    assert.match(await project.succeed("preview"), /\+ 5 to create/);
    await project.succeed("up", "--yes", "--skip-preview");
    assert.deepEqual(await outputs(project), {
      surveyBot: { id: "bot-survey", name: "Name of bot-survey" },
      reminderBot: { id: "bot-reminder", name: "Name of bot-reminder" },
    });
    interface Exported {
      readonly deployment: {
        readonly resources: readonly {
          readonly type: string;
          readonly urn: string;
          readonly outputs: unknown;
        }[];
      };
    }
    const { deployment }: Exported = JSON.parse(await project.succeed("stack", "export"));
    assert.deepEqual(
      deployment.resources
        .filter(({ type }) => type === "example:index:Bot")
        .map(({ urn, outputs }) => [urn.split("::").at(-1), outputs])
        .sort(),
      [
        ["reminder", { botId: "bot-reminder", botName: "Name of bot-reminder" }],
        ["survey", { botId: "bot-survey", botName: "Name of bot-survey" }],
      ],
    );
    await project.succeed("up", "--yes", "--skip-preview", "--expect-no-changes");

    emulator.remove("bot-survey");
    emulator.add(bot("bot-new", { purpose: "survey" }, 3));
    const preview = await project.succeed("preview", "--diff");
    assert.match(preview, /~ ids +: \[\s+~ \[0\]: "bot-survey" => "bot-new"/);
    assert.match(preview, /~ 1 to update/);

    emulator.add(bot("bot-third", { purpose: "survey" }, 4));
    const { status, stdout, stderr } = await project.run("preview");
    assert.notEqual(status, 0);
    assert.match(stdout + stderr, /2 instances found with tags \{"purpose":"survey"\}, expected one:/);
    assert.doesNotMatch(stdout + stderr, /^\s*at .*:\d+:\d+\)?$/m);
    await project.succeed("destroy", "--yes");
  });

  it("several-accounts merges the bots of two accounts", async () => {
    await using accounts = await startAccounts();
    const project = await stack("several-accounts", accounts);
    await project.succeed("up", "--yes", "--skip-preview");
    const care = [
      { account: "care", id: "bot-reminder", name: "Name of bot-reminder" },
      { account: "care", id: "bot-hotline", name: "Name of bot-hotline" },
    ];
    const sales = [{ account: "sales", id: "bot-offer", name: "Name of bot-offer" }];
    assert.deepEqual(await outputs(project), {
      bots: [...care, ...sales],
      capacity: { care: 30, sales: 40 },
    });
    await project.succeed("config", "set", "--path", "profiles[0]", "sales");
    await project.succeed("up", "--yes", "--skip-preview");
    assert.deepEqual(await outputs(project), { bots: sales, capacity: { sales: 40 } });
    await project.succeed("destroy", "--yes");
  });

  it("bun runs under Bun", async function () {
    if (!hasHost("bun") || spawnSync("bun", ["--version"]).status !== 0) {
      this.skip();
    }
    const emulator = await start({
      instances: [
        bot("bot-1", { env: "prod", team: "care" }, 1),
        bot("bot-2", { env: "prod", team: "sales" }, 2),
        bot("bot-3", { env: "prod", team: "care" }, 3),
      ],
    });
    const project = await stack("bun", emulator);
    await project.succeed("preview");
    await project.succeed("up", "--yes", "--skip-preview");
    assert.deepEqual(await outputs(project), { ids: ["bot-1", "bot-3"], capacity: 40 });
    await project.succeed("up", "--yes", "--skip-preview", "--expect-no-changes");
    await project.succeed("destroy", "--yes");
  });

  it("the stack of unit-testing deploys what its unit tests expect", async () => {
    const emulator = await start({
      instances: [
        bot("bot-1", { env: "prod" }, 1),
        bot("bot-2", { env: "staging" }, 2),
        bot("bot-3", { env: "prod" }, 3),
      ],
    });
    const project = await stack("unit-testing", emulator);
    await project.succeed("up", "--yes", "--skip-preview");
    assert.deepEqual(await outputs(project), { botIds: ["bot-1", "bot-3"], lines: 40 });
    emulator.remove("bot-1");
    emulator.remove("bot-3");
    const { status, stdout, stderr } = await project.run("preview");
    assert.notEqual(status, 0);
    assert.match(stdout + stderr, /No bot has the tag env=prod\. Add the tag to at least one bot\./);
    assert.doesNotMatch(stdout + stderr, /^\s*at .*:\d+:\d+\)?$/m);
    await project.succeed("destroy", "--yes");
  });
});
