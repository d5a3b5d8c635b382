import { status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import {
  ConfigureResponse,
  GetMappingResponse,
  GetMappingsResponse,
  GetSchemaResponse,
  ProviderHandshakeResponse,
} from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { packageVersion } from "../common/version.js";
import { containsUnknown } from "../resource/unknown.js";
import { checkConfig, diffConfig } from "./checkConfig.js";
import {
  checkInstance,
  diffInstance,
  instanceType,
  readInstance,
  refuseCreate,
  refuseUpdate,
} from "./instanceResource.js";
import { invoke } from "./invoke.js";
import { list } from "./list.js";
import { checkLookup, createLookup, diffLookup, readLookup, typeOf, updateLookup } from "./lookupResource.js";
import type { Providers } from "./providers.js";
import schema from "./schema.json";
import { settingsSources, stackSettings, toStrings } from "./settings.js";
import { StatusError, unary } from "./unary.js";
import { decode } from "./values.js";

/** Returns the methods of the protocol. Any other method is unimplemented. */
export function service(providers: Providers): UntypedServiceImplementation {
  const methods = {
    handshake: unary((request, { peer }) => {
      providers.at(peer).engine.moveTo(request.getEngineAddress());
      const response = new ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      response.setAcceptResources(true);
      return response;
    }),
    attach: unary((request, { peer }) => {
      providers.at(peer).engine.moveTo(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary(() => {
      const info = new PluginInfo();
      info.setVersion(packageVersion);
      return info;
    }),
    getSchema: unary((request) => {
      if (request.getVersion() !== 0) {
        throw new StatusError(
          status.INVALID_ARGUMENT,
          `The outboundbot provider has no schema of version ${request.getVersion()}, only of version 0.`,
        );
      }
      const response = new GetSchemaResponse();
      response.setSchema(JSON.stringify({ ...schema, version: packageVersion }));
      return response;
    }),
    // No Terraform provider maps to this one. An empty response tells the engine so without an error.
    getMapping: unary(() => new GetMappingResponse()),
    getMappings: unary(() => new GetMappingsResponse()),
    checkConfig: unary(checkConfig),
    diffConfig: unary(diffConfig),
    configure: unary((request, { peer }) => {
      const { values } = decode(request.getArgs());
      // The engine doesn't send requests to a provider with unknown settings, but other callers may.
      if (!containsUnknown(values)) {
        const sources = settingsSources(toStrings(values), stackSettings(process.env), process.env);
        providers.at(peer).configure(sources);
      }
      const response = new ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setAcceptresources(true);
      response.setSupportspreview(true);
      return response;
    }),
    invoke: unary((request, origin) => invoke(request, origin, providers.configuredAt(origin.peer))),
    check: unary((request, origin) =>
      isInstance(request)
        ? checkInstance(request)
        : checkLookup(request, origin, providers.configuredAt(origin.peer)),
    ),
    diff: unary((request) => (isInstance(request) ? diffInstance() : diffLookup(request))),
    create: unary((request) => (isInstance(request) ? refuseCreate() : createLookup(request))),
    read: unary((request, origin) =>
      (isInstance(request) ? readInstance : readLookup)(request, origin, providers.configuredAt(origin.peer)),
    ),
    update: unary((request) => (isInstance(request) ? refuseUpdate() : updateLookup(request))),
    // A lookup has nothing outside the state, and the stack doesn't own a bot.
    delete: unary(() => new Empty()),
    cancel: unary((_request, { peer }) => {
      providers.configuredAt(peer).cancel();
      return new Empty();
    }),
  } satisfies Partial<IResourceProviderServer>;
  // The stubs and types of SDKs before 3.233 don't have this method, so it isn't served there.
  return { ...methods, list: list((peer) => providers.configuredAt(peer)) };
}

function isInstance(request: { getUrn(): string }): boolean {
  return typeOf(request.getUrn()) === instanceType;
}
