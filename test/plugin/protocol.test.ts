import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { status } from "@grpc/grpc-js";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import {
  ConstructRequest,
  GetMappingRequest,
  type GetMappingResponse,
  GetSchemaRequest,
  type GetSchemaResponse,
  type InvokeResponse,
  ProviderHandshakeRequest,
  type ProviderHandshakeResponse,
} from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { packageVersion } from "../../src/common/version.js";
import { startEmulator } from "../../src/emulator/index.js";
import { call, invokeRequest, PluginProcess, settingsOf } from "../helpers/pluginProcess.js";

describe("the plugin's protocol", () => {
  it("handshakes, and returns its version and schema", async () => {
    await using plugin = await PluginProcess.start();
    const { client } = plugin;
    const request = new ProviderHandshakeRequest();
    request.setEngineAddress("127.0.0.1:1");
    const handshake = await call<ProviderHandshakeResponse>((done) => client.handshake(request, done));
    assert.equal(handshake.getAcceptSecrets(), true);
    assert.equal(handshake.getAcceptResources(), true);
    assert.equal(handshake.getAcceptOutputs(), false);
    const info = await call<PluginInfo>((done) => client.getPluginInfo(new Empty(), done));
    assert.equal(info.getVersion(), packageVersion);
    const schema = await call<GetSchemaResponse>((done) => client.getSchema(new GetSchemaRequest(), done));
    const written = JSON.parse(readFileSync("src/plugin/schema.json", "utf8"));
    assert.deepEqual(JSON.parse(schema.getSchema()), { ...written, version: packageVersion });
  });

  it("prints its port and nothing else", async () => {
    await using plugin = await PluginProcess.start({
      args: ["--logtostderr", "-v=9", "--tracing", "x", "127.0.0.1:0"],
    });
    assert.ok(plugin.port > 0);
    await call((done) => plugin.client.getPluginInfo(new Empty(), done));
    assert.equal(plugin.printed, "");
  });

  it("responds to unused methods, rejects unknown ones, and keeps running", async () => {
    await using emulator = await startEmulator({ count: 3 });
    await using plugin = await PluginProcess.start();
    const { client } = plugin;
    const mapping = await call<GetMappingResponse>((done) =>
      client.getMapping(new GetMappingRequest(), done),
    );
    assert.equal(mapping.getProvider(), "");
    await assert.rejects(
      call((done) => client.construct(new ConstructRequest(), done)),
      {
        code: status.UNIMPLEMENTED,
      },
    );
    const schemaOfLater = new GetSchemaRequest();
    schemaOfLater.setVersion(7);
    await assert.rejects(
      call((done) => client.getSchema(schemaOfLater, done)),
      {
        code: status.INVALID_ARGUMENT,
        details: "The outboundbot provider has no schema of version 7, only of version 0.",
      },
    );
    await plugin.configure(settingsOf(emulator.environment));
    for (const name of ["getNothing", "__proto__", "constructor", ""]) {
      await assert.rejects(plugin.invoke(name, {}), {
        code: status.INVALID_ARGUMENT,
        details: `The outboundbot provider has no function outboundbot:index:${name}.`,
      });
    }
    const withoutArgs = await call<InvokeResponse>((done) =>
      client.invoke(invokeRequest("getInstances"), done),
    );
    assert.equal(withoutArgs.getReturn()?.toJavaScript().totalCount, 3);
  });
});
