import type { WhereArgs } from "../lookup/arguments.js";
import type { SignInPlaces } from "./credentialSettings.js";
import {
  defaultRegion,
  type Endpoint,
  type Network,
  networks,
  originOf,
  parseEndpoint,
  regionEndpoint,
} from "./endpoint.js";
import { invalid, type SettingsReader } from "./reading.js";
import { settingKeys } from "./settingKeys.js";

/** The metadata service of the vendor's instances: an address that exists on an instance's own link only. */
const metadataOrigin = "http://100.100.100.200";

/** Where the service is reached. */
export function resolveEndpoint(where: WhereArgs, reader: SettingsReader): Endpoint {
  if (where.endpoint !== undefined) {
    return parseEndpoint(where.endpoint, "argument endpoint");
  }
  const endpoint = reader.first("endpoint");
  if (endpoint !== undefined) {
    return parseEndpoint(endpoint.value, endpoint.source);
  }
  const network = resolveNetwork(reader);
  if (where.region !== undefined) {
    return regionEndpoint(where.region, "argument region", network);
  }
  const region = reader.first("region");
  return regionEndpoint(region?.value ?? defaultRegion, region?.source ?? "the default", network);
}

/** What signing in needs to know of this machine and its network. */
export function resolvePlaces(reader: SettingsReader): SignInPlaces {
  const sts = reader.first("stsEndpoint");
  const metadata = reader.variable("OUTBOUNDBOT_METADATA_ENDPOINT");
  return {
    home: reader.variable("HOME", "USERPROFILE")?.value,
    stsEndpoint: sts === undefined ? undefined : parseEndpoint(sts.value, sts.source),
    stsRegion: reader.variable("ALIBABA_CLOUD_STS_REGION")?.value,
    vpc: resolveNetwork(reader) === "vpc" || reader.isTrue("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED"),
    metadataOrigin:
      metadata === undefined ? metadataOrigin : originOf(parseEndpoint(metadata.value, metadata.source)),
    metadataDisabled: reader.isTrue("ALIBABA_CLOUD_ECS_METADATA_DISABLED"),
    metadataV1Disabled: reader.isTrue("ALIBABA_CLOUD_IMDSV1_DISABLED"),
    cliProfileDisabled: reader.isTrue("ALIBABA_CLOUD_CLI_PROFILE_DISABLED"),
  };
}

function resolveNetwork(reader: SettingsReader): Network {
  const setting = reader.first("network");
  const network = networks.find((candidate) => candidate === (setting?.value ?? "public"));
  if (network === undefined) {
    throw invalid(setting ?? { value: "", source: "network" }, settingKeys.network.takes);
  }
  return network;
}
