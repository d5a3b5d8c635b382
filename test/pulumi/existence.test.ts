import assert from "node:assert/strict";
import {
  Client,
  credentials,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceError,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import { BinaryReader, BinaryWriter } from "google-protobuf";
import { exist } from "../../src/pulumi/existence.js";

/** The response of an engine: bytes, or an error code. */
type Answer = (writer: BinaryWriter) => void;

/** The field with the engine's features. */
const featuresField = 8;
const unknownField = 3;
const dependsOnField = 13;
const gatesCalls = 14;

describe("existence of resources, according to the engine", () => {
  const open: (() => void)[] = [];
  afterEach(() => {
    for (const close of open.splice(0)) {
      close();
    }
  });

  /** Starts an engine with these responses, and returns its requests too. */
  async function engine(answers: Readonly<Record<string, Answer | status>>) {
    const received: string[][] = [];
    const server = new Server();
    for (const [method, answer] of Object.entries(answers)) {
      const bytes = (message: Buffer) => message;
      server.register<Buffer, Buffer>(
        `/pulumirpc.ResourceMonitor/${method}`,
        ({ request }: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) => {
          received.push(textsOf(request, dependsOnField));
          if (typeof answer === "number") {
            callback({ code: answer, details: "refused" });
            return;
          }
          const writer = new BinaryWriter();
          answer(writer);
          callback(null, Buffer.from(writer.getResultBuffer()));
        },
        bytes,
        bytes,
        "unary",
      );
    }
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    const monitor = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    open.push(() => {
      monitor.close();
      server.forceShutdown();
    });
    return { monitor, received };
  }

  function textsOf(message: Uint8Array, field: number): string[] {
    const texts: string[] = [];
    const reader = new BinaryReader(message);
    while (reader.nextField()) {
      if (reader.getFieldNumber() === field) {
        texts.push(reader.readString());
      } else {
        reader.skipField();
      }
    }
    return texts;
  }

  const gating: Answer = (writer) => {
    writer.writeString(1, "project");
    writer.writePackedEnum(featuresField, [0, 12, gatesCalls, 300]);
  };
  const resolved: Answer = (writer) => writer.writeBytes(1, new Uint8Array([10, 0]));
  const unresolved: Answer = (writer) => writer.writeBool(unknownField, true);

  it("sends every URN, and reads a result as yes", async () => {
    const { monitor, received } = await engine({ GetDeploymentInfo: gating, Invoke: resolved });
    assert.equal(await exist(monitor, ["urn:1", "urn:2"]), true);
    assert.deepEqual(received, [[], ["urn:1", "urn:2"]]);
  });

  it("reads an unknown result as no", async () => {
    const { monitor } = await engine({ GetDeploymentInfo: gating, Invoke: unresolved });
    assert.equal(await exist(monitor, ["urn:1"]), false);
  });

  const unpacked: Answer = (writer) => writer.writeEnum(featuresField, gatesCalls);
  const withoutFeature: Answer = (writer) => writer.writePackedEnum(featuresField, [0, 1, 12]);
  for (const [what, info, answer] of [
    ["that lists its features one by one", unpacked, true],
    ["without the feature", withoutFeature, undefined],
    ["that lists no features", () => {}, undefined],
    ["that doesn't support the request", status.UNIMPLEMENTED, undefined],
  ] as const) {
    it(`queries an engine ${what}`, async () => {
      const { monitor } = await engine({ GetDeploymentInfo: info, Invoke: resolved });
      assert.equal(await exist(monitor, ["urn:1"]), answer);
    });
  }

  it("is silent when the deployment is over", async () => {
    for (const code of [status.UNAVAILABLE, status.CANCELLED]) {
      for (const over of ["GetDeploymentInfo", "Invoke"]) {
        const { monitor } = await engine({ GetDeploymentInfo: gating, Invoke: resolved, [over]: code });
        assert.equal(await exist(monitor, ["urn:1"]), false);
      }
    }
  });

  it("fails with any other error of the engine", async () => {
    for (const failing of ["GetDeploymentInfo", "Invoke"]) {
      const { monitor } = await engine({
        GetDeploymentInfo: gating,
        Invoke: resolved,
        [failing]: status.INTERNAL,
      });
      await assert.rejects(exist(monitor, ["urn:1"]), ({ code }: ServiceError) => code === status.INTERNAL);
    }
  });
});
