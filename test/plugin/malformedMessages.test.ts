import assert from "node:assert/strict";
import { type MethodDefinition, status } from "@grpc/grpc-js";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { CheckRequest, ReadRequest } from "@pulumi/pulumi/proto/provider_pb.js";
import fc from "fast-check";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { packageVersion } from "../../src/common/version.js";
import { call, invokeRequest, PluginProcess, secret } from "../helpers/pluginProcess.js";

const asIs = (bytes: Buffer) => bytes;
const methods = Object.values<MethodDefinition<unknown, unknown>>(ResourceProviderService);
/** A bound on the work of one message, far above that of the longest message here. */
const longest = 60_000;

/** Sends a message to a method. Returns the status, or `OK`. */
function send({ client }: PluginProcess, path: string, bytes: Buffer): Promise<status> {
  return new Promise((resolve) => {
    const deadline = Date.now() + longest;
    client.makeUnaryRequest(path, asIs, asIs, bytes, { deadline }, (error) =>
      resolve(error?.code ?? status.OK),
    );
  });
}

/** Returns a message of 30,000 nested values that are all in field 2, 3 and 4. */
function nested(): Buffer {
  let value = Buffer.from("0800", "hex");
  const field = (tag: number, bytes: Buffer) => {
    const lengths: number[] = [];
    for (let rest = bytes.length; rest > 0 || lengths.length === 0; rest >>>= 7) {
      lengths.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    }
    return Buffer.concat([Buffer.from([tag, ...lengths]), bytes]);
  };
  for (let depth = 0; depth < 3_000; depth++) {
    value = field(0x32, field(0x0a, value));
  }
  const struct = field(0x0a, field(0x12, value));
  return Buffer.concat([0x12, 0x1a, 0x22].map((tag) => field(tag, struct)));
}

describe("malformed messages to the plugin", () => {
  it("end every method at once, and leave it running", async () => {
    await using plugin = await PluginProcess.start();
    const messages = [
      ...["ffffffffffffffff0a", "5afeb09e920972c1cfa08c", "12ffffffff0f", "7a80808080808080808001", "0b", ""],
      ...["12001a002200", "0a0012001a00", "120212001a0212002202120032021200"].map((part) =>
        part.repeat(40_000),
      ),
    ].map((hex) => Buffer.from(hex, "hex"));
    for (const { path } of methods) {
      for (const bytes of [...messages, nested()]) {
        const code = await send(plugin, path, bytes);
        assert.notEqual(code, status.DEADLINE_EXCEEDED, path);
        assert.notEqual(code, status.UNAVAILABLE, path);
      }
    }
    for (const [name, hex] of [
      ["Construct", "5afeb09e920972c1cfa08c"],
      ["NoSuchMethod", ""],
    ] as const) {
      const path = `/pulumirpc.ResourceProvider/${name}`;
      assert.equal(await send(plugin, path, Buffer.from(hex, "hex")), status.UNIMPLEMENTED);
    }
    const handshake = "/pulumirpc.ResourceProvider/Handshake";
    assert.equal(await send(plugin, handshake, Buffer.from("12ffffffff0f", "hex")), status.INVALID_ARGUMENT);
    assert.equal(await send(plugin, "/pulumirpc.ResourceProvider/Invoke", nested()), status.INVALID_ARGUMENT);
    const info = await call<PluginInfo>((done) => plugin.client.getPluginInfo(new Empty(), done));
    assert.equal(info.getVersion(), packageVersion);
    assert.equal(plugin.printed, "");
  }).timeout(longest * 6);

  it("don't end a method when they are random or mutated", async () => {
    await using plugin = await PluginProcess.start();
    const check = new CheckRequest();
    check.setUrn("urn:pulumi:dev::project::outboundbot:index:InstanceLookup::bots");
    check.setNews(Struct.fromJavaScript({ tags: { env: secret("prod") }, onlyIds: ["a", null, 1.5, true] }));
    const read = new ReadRequest();
    read.setProperties(check.getNews());
    const valid = [check, read, invokeRequest("getInstances", { tags: { a: [{}] } })].map((message) =>
      Buffer.from(message.serializeBinary()),
    );
    const mutated = fc
      .record({
        bytes: fc.constantFrom(...valid),
        changes: fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { minLength: 1, maxLength: 5 }),
        cut: fc.nat(200),
      })
      .map(({ bytes, changes, cut }) => {
        const copy = Buffer.from(bytes);
        for (const [position, byte] of changes) {
          copy[position % copy.length] = byte;
        }
        return copy.subarray(0, copy.length - (cut < 20 ? cut : 0));
      });
    const random = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
    const path = fc.constantFrom(...methods.map((method) => method.path));
    await fc.assert(
      fc.asyncProperty(path, fc.oneof(mutated, random), async (method, bytes) => {
        const code = await send(plugin, method, bytes);
        assert.ok(![status.DEADLINE_EXCEEDED, status.UNAVAILABLE].includes(code), status[code]);
      }),
      { numRuns: 1_000 },
    );
  }).timeout(longest * 6);
});
