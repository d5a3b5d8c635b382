import assert from "node:assert/strict";
import type { Credentials, CredentialsSource } from "../../src/api/credentials.js";
import { Transport } from "../../src/api/transport.js";
import type { ConnectionArgs } from "../../src/settings/reading.js";

import { resolveSettings } from "../../src/settings/settings.js";
import { openCredentials } from "../../src/signIn/openCredentials.js";
import { makeHome, type Received, type Reply, type StandIn, standIn } from "./standIn.js";

export type Values = Readonly<Record<string, string>>;

/** Opens the credentials source of these settings, without this machine's own settings. */
export function openSource(
  config: Values,
  environment: Values,
  where: ConnectionArgs = {},
  warn: (message: string) => void = assert.fail,
): CredentialsSource {
  const sources = {
    config: (key: string) => config[key],
    environment: { HOME: makeHome(), ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true", ...environment },
  };
  const settings = resolveSettings(where, sources);
  return openCredentials(settings.credentials, {
    environment: settings.signIn,
    transport: new Transport(settings.transport, 8),
    userAgent: "test",
    warn,
  });
}

export async function signIn(
  config: Values,
  environment: Values = {},
  where: ConnectionArgs = {},
  warn?: (message: string) => void,
): Promise<Credentials> {
  return openSource(config, environment, where, warn).getCredentials();
}

export const sessionKeys = {
  AccessKeyId: "STS.sessionKeyId12",
  AccessKeySecret: "sessionSecret-planted",
  SecurityToken: "sessionToken-planted",
};

/** Returns the time in one hour, in the vendor's format. */
export function anHourOn(): string {
  return new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, "");
}

export function stsAnswer(keys = sessionKeys): Reply {
  return { body: { RequestId: "1", Credentials: { ...keys, Expiration: anHourOn() } } };
}

/** An STS on loopback that gives a session to every caller. */
export function stsStandIn(
  answer: (request: Received) => Reply | undefined = () => stsAnswer(),
): Promise<StandIn> {
  return standIn(answer);
}

/** A metadata service: version 2, for an instance with the role `instance-role`. */
export function metadataStandIn(
  overrides: (request: Received) => Reply | undefined = () => undefined,
): Promise<StandIn> {
  const roles = "/latest/meta-data/ram/security-credentials/";
  return standIn((request) => {
    const override = overrides(request);
    if (override !== undefined) {
      return override;
    }
    if (request.method === "PUT") {
      return { body: "metadata-token" };
    }
    if (request.headers["x-aliyun-ecs-metadata-token"] !== "metadata-token") {
      return { status: 403, body: "" };
    }
    if (request.path === roles) {
      return { body: "instance-role\n" };
    }
    if (request.path !== `${roles}instance-role`) {
      return { status: 404, body: "" };
    }
    return { body: { Code: "Success", ...sessionKeys, Expiration: anHourOn() } };
  });
}
