import { CallerIdentity } from "../api/callerIdentity.js";
import type { Credentials, CredentialsSource } from "../api/credentials.js";
import { type Call, callOnce, readSuccess } from "../api/failure.js";
import type { Action } from "../api/serviceClient.js";
import { readTextFile } from "../common/textFile.js";
import { isRecord, withoutUndefined } from "../common/values.js";
import { SettingsError } from "../errors/errors.js";
import { type Endpoint, originOf, parseEndpoint } from "../settings/endpoint.js";
import type { SignInEnvironment } from "../settings/signInSettings.js";
import { credentialsIn, noCredentials, parseObject, type SignInContext, signInTimeout } from "./common.js";
import type { Profile } from "./profile.js";

/** The field names of a role's ARN. */
const roleArn = ["ram_role_arn", "role_arn"] as const;

/** Returns the endpoint of STS. General settings take precedence over those of a profile. */
export function stsEndpoint(environment: SignInEnvironment, profile: Profile): Endpoint {
  if (environment.stsEndpoint !== undefined) {
    return environment.stsEndpoint;
  }
  const address = profile.setting("sts_endpoint");
  if (address !== undefined) {
    return parseEndpoint(address);
  }
  const ofProfile = profile.text("enable_vpc");
  const vpc = ofProfile === undefined ? environment.vpc : ofProfile === "true";
  const region = profile.text("sts_region") ?? environment.stsRegion ?? (vpc ? "cn-shanghai" : undefined);
  if (region === undefined) {
    return { protocol: "https", host: "sts.aliyuncs.com" };
  }
  // The region becomes part of a host name, and must not be able to form another host.
  if (!/^[a-z0-9-]+$/.test(region)) {
    throw new SettingsError(
      "InvalidSetting",
      `Invalid STS region from ${profile.source}: must contain only lowercase letters, digits and hyphens.`,
    );
  }
  return { protocol: "https", host: `${vpc ? "sts-vpc" : "sts"}.${region}.aliyuncs.com` };
}

/** Returns the credentials of a role that another identity assumes. */
export async function assumeRole(
  base: CredentialsSource,
  profile: Profile,
  context: SignInContext,
): Promise<Credentials> {
  // Called once, so that the credentials in the result are those that signed.
  let key = await base.getCredentials();
  const identity = {
    getCredentials: async () => key,
    renew: async (rejected: Credentials) => {
      key = (await base.renew?.(rejected)) ?? key;
      return key;
    },
  };
  const { providerName, source = providerName } = key;
  const action = { action: "AssumeRole", query: roleParameters(profile) };
  return session(action, identity, profile, source, `ram_role_arn/${providerName}`, context);
}

/** Returns the credentials of a role for an OIDC token: RRSA in a Kubernetes cluster, or a CI system. */
export async function assumeRoleWithOidc(profile: Profile, context: SignInContext): Promise<Credentials> {
  const { text, source } = readToken(profile, context.environment);
  // The vendor's clients send the token in the URL, which servers and Node's debug log record.
  const form = {
    ...roleParameters(profile),
    OIDCProviderArn: profile.required("oidc_provider_arn").value,
    OIDCToken: text,
  };
  const identity = new CallerIdentity(undefined, source, [text]);
  const action = { action: "AssumeRoleWithOIDC", form };
  return session(action, identity, profile, `the OIDC token of ${source}`, "oidc_role_arn", context);
}

/** Returns the STS parameters that all ways of assuming a role share. */
function roleParameters(profile: Profile): Record<string, string> {
  return withoutUndefined({
    RoleArn: profile.required(...roleArn).value,
    RoleSessionName: profile.text("ram_session_name", "role_session_name") ?? "pulumi-outboundbot",
    DurationSeconds: String(profile.number("expired_seconds", "duration_seconds") || 3600),
    Policy: profile.text("policy"),
    ExternalId: profile.text("external_id"),
  });
}

/** Calls STS, with an identity that is already signed in or unsigned, and reads the credentials of the session. */
async function session(
  action: Omit<Action, "version">,
  identity: CredentialsSource | CallerIdentity,
  profile: Profile,
  assumedWith: string,
  providerName: string,
  { environment, transport, userAgent }: SignInContext,
): Promise<Credentials> {
  const endpoint = stsEndpoint(environment, profile);
  const call: Call = {
    action: action.action,
    endpoint: originOf(endpoint),
    ...(identity instanceof CallerIdentity ? { caller: identity } : { ramAction: "sts:AssumeRole" }),
  };
  const { ServiceClient }: typeof import("../api/serviceClient.js") = require("../api/serviceClient.js");
  const client = new ServiceClient({ endpoint, identity, userAgent, transport });
  const keys = await callOnce(call, signInTimeout, async (signal) => {
    const response = await client.send({ ...action, version: "2015-04-01" }, signal);
    return readSuccess(response, call, (_fields, body) => parseObject(body)?.Credentials);
  });
  const { value, source } = profile.required(...roleArn);
  return credentialsIn(
    isRecord(keys) ? keys : {},
    `role ${value} (${source}), assumed with ${assumedWith}`,
    providerName,
  );
}

/** Reads the token file for each request, because the issuer of the tokens renews it. */
function readToken(profile: Profile, { home }: SignInEnvironment): { text: string; source: string } {
  const given = profile.setting("oidc_token");
  if (given !== undefined) {
    return { text: given.value, source: given.source };
  }
  const { value, source } = profile.required("oidc_token_file", "oidc_token_file_path");
  const { path, text, problem } = readTextFile(value, home);
  if (text === undefined) {
    throw noCredentials(`AssumeRoleWithOIDC failed: the token file ${path} (${source}) ${problem}.`);
  }
  return { text: text.trim(), source };
}
