import { type Endpoint, originOf, parseEndpoint, resolveNetwork } from "./endpoint.js";
import type { Setting, SettingsReader } from "./reading.js";

/** A way to get credentials, in the form of a profile of the vendor's command-line client. */
export interface SignInSettings {
  /**
   * The mode of the profile. The configuration has two more: `profile` for a profile of a file, by name, and `default` for the
   * default chain of the vendor's tools.
   */
  readonly mode: string;
  /** The source of the profile, as messages name it. */
  readonly source: string;
  /** The fields of the mode, by their names in the command-line client's file. */
  readonly fields: Readonly<Record<string, Setting>>;
  /** The identity that assumes the role of this profile. */
  readonly base?: SignInSettings;
}

/** The environment of the sign-in methods: home directory, STS endpoint and metadata service. */
export interface SignInEnvironment {
  /** The home directory; absent when the environment doesn't name it. */
  readonly home: string | undefined;
  /** The endpoint of STS; absent for the vendor's endpoint. */
  readonly stsEndpoint: Endpoint | undefined;
  /** The region of the STS endpoint; absent for the global endpoint. */
  readonly stsRegion: string | undefined;
  /** Whether STS is reached from inside a VPC. */
  readonly vpc: boolean;
  /** The origin of the metadata service of an ECS instance. */
  readonly metadataOrigin: string;
  /** The variables that are true. */
  readonly on: readonly Switch[];
}

/** The environment variables that turn parts of signing in off. */
const switches = [
  "ALIBABA_CLOUD_ECS_METADATA_DISABLED",
  "ALIBABA_CLOUD_IMDSV1_DISABLED",
  "ALIBABA_CLOUD_CLI_PROFILE_DISABLED",
  "ALIBABA_CLOUD_IGNORE_PROFILE",
  "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS",
] as const;
type Switch = (typeof switches)[number];

/** The vendor's metadata service, at an address that exists only on the instance's own link. */
const metadataOrigin = "http://100.100.100.200";

/** Resolves the environment of the sign-in methods. */
export function resolveSignInEnvironment(reader: SettingsReader): SignInEnvironment {
  const sts = reader.first("stsEndpoint");
  const metadata = reader.variable("OUTBOUNDBOT_METADATA_ENDPOINT");
  return {
    home: reader.variable("HOME", "USERPROFILE")?.value,
    stsEndpoint: sts === undefined ? undefined : parseEndpoint(sts),
    stsRegion: reader.variable("ALIBABA_CLOUD_STS_REGION")?.value,
    vpc: resolveNetwork(reader) === "vpc" || reader.isTrue("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED"),
    metadataOrigin: metadata === undefined ? metadataOrigin : originOf(parseEndpoint(metadata)),
    on: switches.filter((name) => reader.isTrue(name)),
  };
}
