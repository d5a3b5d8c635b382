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
import { settingsSources, stackSettings, toTexts } from "./settings.js";
import { StatusError, unary } from "./unary.js";
import { decode } from "./values.js";

/** The methods of the protocol, one beside the other. Those that are left out are answered as unimplemented. */
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
    // Nothing of a Terraform provider has its place here. An engine that asks is told so rather than refused.
    getMapping: unary(() => new GetMappingResponse()),
    getMappings: unary(() => new GetMappingsResponse()),
    checkConfig: unary(checkConfig),
    diffConfig: unary(diffConfig),
    configure: unary((request, { peer }) => {
      const { values } = decode(request.getArgs());
      // The engine keeps a provider whose settings are not known yet to itself; another caller may not.
      if (!containsUnknown(values)) {
        const sources = settingsSources(toTexts(values), stackSettings(process.env), process.env);
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
    // Nothing outside the state belongs to a lookup, and a bot is not the stack's to delete.
    delete: unary(() => new Empty()),
    cancel: unary((_request, { peer }) => {
      providers.configuredAt(peer).cancel();
      return new Empty();
    }),
  } satisfies Partial<IResourceProviderServer>;
  // The stubs and types of SDKs before 3.233 lack it, and then nothing serves it.
  return { ...methods, list: list((peer) => providers.configuredAt(peer)) };
}

function isInstance(request: { getUrn(): string }): boolean {
  return typeOf(request.getUrn()) === instanceType;
}
