import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { inspect, isDeepStrictEqual } from "node:util";
import { status } from "@grpc/grpc-js";
import {
  type ResourceProviderClient,
  ResourceProviderService,
} from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import {
  CheckRequest,
  type CheckResponse,
  CreateRequest,
  type CreateResponse,
  type InvokeResponse,
  ListRequest,
  ReadRequest,
  type ReadResponse,
} from "@pulumi/pulumi/proto/provider_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { startEngine } from "../helpers/engineStandIn.js";
import {
  answer,
  assertWithout,
  Dice,
  hostileServer,
  listIn,
  rightList,
  serviceSecrets as secrets,
} from "../helpers/hostile.js";
import { installProject } from "../helpers/installed.js";
import { call, invokeRequest, PluginProcess } from "../helpers/pluginProcess.js";
import { ProviderProcess, sentInputs } from "../helpers/providerProcess.js";

const seconds = Number(process.env.HOSTILE_SECONDS ?? 5);
const firstSeed = Number(process.env.HOSTILE_SEED ?? Date.now() % 1_000_000_000);

/** A hostile service that remembers what it sent since the last seed. */
async function hostileService() {
  let dice = new Dice(0);
  let sent: Buffer[] = [];
  const { origin, close } = await hostileServer((request, socket) =>
    answer(socket, { request, right: rightList, dice, onBody: (body) => sent.push(body) }),
  );
  return {
    [Symbol.dispose]: close,
    settings: {
      accessKey: "LTAIhostileKeyId",
      secretKey: secrets[0] ?? "",
      securityToken: secrets[1] ?? "",
      endpoint: origin,
      maxAttempts: "2",
      callTimeout: "150",
      lookupTimeout: "2000",
    },
    restart: (seed: number) => {
      dice = new Dice(seed);
      sent = [];
    },
    /** Fails unless these are all instances of one response. */
    assertSent: (instances: unknown) =>
      assert.ok(
        sent.some((body) => isDeepStrictEqual(listIn(body), instances)),
        `the service never sent ${inspect(instances, { depth: 4 })}`,
      ),
    sent: () => sent,
  };
}

type Service = Awaited<ReturnType<typeof hostileService>>;

/** Runs with one seed after the other until the time is over. */
async function runs(service: Service, first: number, step: number, run: () => Promise<void>): Promise<void> {
  const end = performance.now() + seconds * 1_000;
  for (let seed = first; performance.now() < end; seed += step) {
    service.restart(seed);
    const startedAt = performance.now();
    await run().catch((failure: unknown) => {
      throw new Error(`HOSTILE_SEED=${seed}: ${inspect(failure)}`);
    });
    assert.ok(performance.now() - startedAt < 60_000, `HOSTILE_SEED=${seed}: it took too long`);
  }
}

function textOf(message: { serializeBinary(): Uint8Array }): string {
  return Buffer.from(message.serializeBinary()).toString("latin1");
}

/** Fails if an error isn't one of this package, which all begin with what failed. */
function assertTyped(error: unknown): void {
  assert.ok(error instanceof Error && "details" in error, inspect(error));
  assert.match(
    String(error.details),
    /^(?:ListInstances at http:\/\/127\.0\.0\.1:\d+ failed: |getInstance: (?:no instance|\d+ instances) found )/,
  );
  assertWithout(secrets, inspect(error, { depth: Infinity, showHidden: true }));
}

function assertMemoryBounded(pid: number | undefined): void {
  const status = `/proc/${pid}/status`;
  if (existsSync(status)) {
    const peak = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(status, "utf8"))?.[1]);
    assert.ok(peak < 700_000, `${peak} kB`);
  }
}

const urn = "urn:pulumi:dev::project::outboundbot:index:InstanceLookup::bots";

/** Lists the instances as the resource `Instance`. */
const listInstances: Request = async (client, { sent }) => {
  const request = new ListRequest();
  request.setToken("outboundbot:index:Instance");
  request.setQuery(Struct.fromJavaScript({}));
  const seen: string[] = [];
  const ids: string[] = [];
  try {
    // A listing has no timeout of its own, and the service may ask it to wait for a minute.
    for await (const response of client.list(request, { deadline: Date.now() + 60_000 })) {
      seen.push(textOf(response));
      ids.push(response.getResult().getId());
    }
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === status.DEADLINE_EXCEEDED) {
      return seen.join("\n");
    }
    throw error;
  }
  const lists = sent().map((body) =>
    listIn(body)
      ?.map(({ id }) => id)
      .sort(),
  );
  assert.ok(
    lists.some((list) => isDeepStrictEqual(list, ids.sort())),
    `the service never sent ${ids}`,
  );
  return seen.join("\n");
};

/** What an engine asks of the plugin, and what a correct answer holds. */
const requests: readonly [Request, ...Request[]] = [
  async (client, { assertSent }) => {
    const response = await call<InvokeResponse>((done) =>
      client.invoke(invokeRequest("getInstances", {}), done),
    );
    const { instances } = Object(response.getReturn()?.toJavaScript());
    assertSent(instances);
    return textOf(response);
  },
  async (client, { sent }) => {
    const response = await call<InvokeResponse>((done) =>
      client.invoke(invokeRequest("getInstance", { ids: ["bot-1"] }), done),
    );
    const found = response.getReturn()?.toJavaScript();
    assert.ok(sent().some((body) => listIn(body)?.some((instance) => isDeepStrictEqual(instance, found))));
    return textOf(response);
  },
  // The stubs of an SDK before 3.233 have no `List`.
  ...("list" in ResourceProviderService ? [listInstances] : []),
  async (client, { assertSent }) => {
    const check = new CheckRequest();
    check.setUrn(urn);
    check.setNews(Struct.fromJavaScript({}));
    const checked = await call<CheckResponse>((done) => client.check(check, done));
    const failures = checked.getFailuresList();
    if (failures.length > 0) {
      assert.deepEqual(
        failures.map((failure) => failure.getProperty()),
        [""],
      );
      assert.match(failures[0]?.getReason() ?? "", /^ListInstances at /);
      return textOf(checked);
    }
    const create = new CreateRequest();
    create.setUrn(urn);
    create.setProperties(checked.getInputs());
    const created = await call<CreateResponse>((done) => client.create(create, done));
    const { instances } = Object(created.getProperties()?.toJavaScript());
    assertSent(instances);
    const read = new ReadRequest();
    read.setUrn(urn);
    read.setId(created.getId());
    read.setProperties(created.getProperties());
    const again = await call<ReadResponse>((done) => client.read(read, done));
    assertSent(Object(again.getProperties()?.toJavaScript()).instances);
    return [checked, created, again].map(textOf).join("\n");
  },
];

type Request = (client: ResourceProviderClient, service: Service) => Promise<string>;

describe("a hostile service", function () {
  this.timeout(seconds * 2_000 + 60_000);

  it(`gets no secret out of the plugin, in ${seconds} s of runs from seed ${firstSeed} on`, async () => {
    await using engine = await startEngine();
    const abreast = 3;
    await Promise.all(
      Array.from({ length: abreast }, async (_, index) => {
        using service = await hostileService();
        // An engine starts one process for each provider.
        await using plugin = await PluginProcess.start({
          args: [engine.address],
          environment: { PULUMI_CONFIG: "{}" },
        });
        await plugin.configure(service.settings);
        let next = firstSeed + index;
        await runs(service, next, abreast, async () => {
          const request = new Dice(next ^ 0x5bd1e995).pick(requests);
          next += abreast;
          assertWithout(secrets, await request(plugin.client, service).catch(assertFailure));
        });
        assert.equal(plugin.printed, "");
        assertMemoryBounded(plugin.child.pid);
      }),
    );
    assertWithout(secrets, JSON.stringify(engine.messages));
  });

  it(`gets no secret into a state of the dynamic provider, in ${seconds} s of runs from seed ${firstSeed} on`, async () => {
    await using project = await installProject("npm");
    const sent = await sentInputs(project.folder, {});
    const abreast = 3;
    await Promise.all(
      Array.from({ length: abreast }, async (_, index) => {
        using service = await hostileService();
        const config = Object.fromEntries(
          Object.entries(service.settings).map(([key, value]) => [`outboundbot:${key}`, value]),
        );
        await using running = await ProviderProcess.start(project.folder, { config });
        await runs(service, firstSeed + index, abreast, async () => {
          const checked = await running.check({}, sent);
          assertWithout(secrets, JSON.stringify(checked));
          if (checked.failures.length > 0) {
            assert.match(checked.failures[0]?.reason ?? "", /^ListInstances at /);
            return;
          }
          const { id, outs } = await running.create(checked.inputs);
          service.assertSent(instances(outs));
          assertWithout(secrets, JSON.stringify(outs));
          const read = await running.read(id, outs).catch(assertTyped);
          if (read !== undefined) {
            service.assertSent(instances(read.props));
            assertWithout(secrets, JSON.stringify(read));
          }
        });
        assertWithout(secrets, running.printed);
        assertMemoryBounded(running.pid);
      }),
    );
  });
});

/** Returns what a failure shows, after checking it. */
function assertFailure(error: unknown): string {
  if (error instanceof assert.AssertionError) {
    throw error;
  }
  assertTyped(error);
  return "";
}

function instances({ instances }: Readonly<Record<string, unknown>>): unknown[] {
  assert.ok(Array.isArray(instances));
  return instances;
}
