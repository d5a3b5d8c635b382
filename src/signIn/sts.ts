import { readFile } from "node:fs/promises";
import { CallerIdentity } from "../api/callerIdentity.js";
import type { Credentials, CredentialsSource } from "../api/credentials.js";
import { type Call, callTimedOut, readSuccess } from "../api/failure.js";
import type { HttpResponse } from "../api/httpResponse.js";
import type { Action } from "../api/serviceClient.js";
import { withDeadline } from "../common/deadline.js";
import { isRecord } from "../common/values.js";
import { SettingsError } from "../errors/errors.js";
import type { SignInEnvironment } from "../settings/credentials.js";
import { type Endpoint, originOf, parseEndpoint } from "../settings/endpoint.js";
import type { OidcToken, RoleSettings } from "../settings/role.js";
import { recordRequest } from "../tracing/trace.js";
import { credentialsIn, noCredentials, parseObject, type SignInContext, signInTimeout } from "./common.js";

const version = "2015-04-01";

/** The STS settings of a profile. General settings take precedence. */
export interface StsSettings {
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly vpc?: boolean | undefined;
}

/** Returns the endpoint of STS. */
export function stsEndpoint(environment: SignInEnvironment, sts: StsSettings, source: string): Endpoint {
  if (environment.stsEndpoint !== undefined) {
    return environment.stsEndpoint;
  }
  if (sts.endpoint !== undefined) {
    return parseEndpoint({ value: sts.endpoint, key: "sts_endpoint", source });
  }
  const vpc = sts.vpc ?? environment.vpc;
  const region = sts.region ?? environment.stsRegion ?? (vpc ? "cn-shanghai" : undefined);
  if (region === undefined) {
    return { protocol: "https", host: "sts.aliyuncs.com" };
  }
  // The region becomes part of a host name, and must not be able to form another host.
  if (!/^[a-z0-9-]+$/.test(region)) {
    throw new SettingsError(
      "InvalidSetting",
      `Invalid STS region from ${source}: must contain only lowercase letters, digits and hyphens.`,
    );
  }
  return { protocol: "https", host: `${vpc ? "sts-vpc" : "sts"}.${region}.aliyuncs.com` };
}

/** Calls STS with an identity that is already signed in, or unsigned with a token in the form. */
function callSts(
  call: Call,
  parameters: Pick<Action, "query" | "form">,
  endpoint: Endpoint,
  identity: CredentialsSource | CallerIdentity,
  { transport, userAgent }: SignInContext,
): Promise<HttpResponse> {
  const { ServiceClient }: typeof import("../api/serviceClient.js") = require("../api/serviceClient.js");
  const client = new ServiceClient({ endpoint, identity, userAgent, transport });
  const { action } = call;
  return recordRequest("POST", call.endpoint, () =>
    withDeadline(
      signInTimeout,
      () => callTimedOut(call, signInTimeout),
      undefined,
      (signal) => client.send({ action, version, ...parameters }, signal),
    ),
  );
}

/** Reads the credentials of a session. */
function readSession(response: HttpResponse, call: Call, source: string, providerName: string): Credentials {
  const body = response.takeText();
  readSuccess(response, body, call);
  const keys = parseObject(body)?.Credentials;
  return credentialsIn(isRecord(keys) ? keys : {}, source, providerName);
}

/** Returns the credentials of a role that another identity assumes. */
export async function assumeRole(
  base: CredentialsSource,
  role: RoleSettings,
  sts: StsSettings,
  context: SignInContext,
): Promise<Credentials> {
  const endpoint = stsEndpoint(context.environment, sts, role.roleArn.source);
  // Called once, so that the credentials in the result are those that signed.
  const key = await base.getCredentials();
  const { providerName, source } = key;
  const call = { action: "AssumeRole", ramAction: "sts:AssumeRole", endpoint: originOf(endpoint) };
  const identity = { getCredentials: async () => key };
  const response = await callSts(call, { query: roleParameters(role) }, endpoint, identity, context);
  return readSession(
    response,
    call,
    `role ${role.roleArn.value} (${role.roleArn.source}), assumed with ${source ?? providerName}`,
    `ram_role_arn/${providerName}`,
  );
}

/** Returns the STS parameters that all ways of assuming a role share. */
function roleParameters(role: RoleSettings): Record<string, string> {
  return {
    RoleArn: role.roleArn.value,
    RoleSessionName: role.sessionName,
    DurationSeconds: String(role.sessionExpiration),
    ...(role.policy === undefined ? {} : { Policy: role.policy }),
    ...(role.externalId === undefined ? {} : { ExternalId: role.externalId }),
  };
}

/** Returns the credentials of a role for an OIDC token: RRSA in a Kubernetes cluster, or a CI system. */
export async function assumeRoleWithOidc(
  providerArn: string,
  token: OidcToken,
  role: RoleSettings,
  sts: StsSettings,
  context: SignInContext,
): Promise<Credentials> {
  const { text, source } = await readToken(token);
  const endpoint = stsEndpoint(context.environment, sts, role.roleArn.source);
  const caller = new CallerIdentity(undefined, source, [text]);
  const call = { action: "AssumeRoleWithOIDC", endpoint: originOf(endpoint), caller };
  // The vendor's clients send the token in the URL, which servers and Node's debug log record.
  const form = { ...roleParameters(role), OIDCProviderArn: providerArn, OIDCToken: text };
  const response = await callSts(call, { form }, endpoint, caller, context);
  return readSession(
    response,
    call,
    `role ${role.roleArn.value} (${role.roleArn.source}), assumed with the OIDC token of ${source}`,
    "oidc_role_arn",
  );
}

/** Reads the token file for each request, because the issuer of the tokens renews it. */
async function readToken({ file, text }: OidcToken): Promise<{ text: string; source: string }> {
  if (file === undefined) {
    return { text: text.value, source: text.source };
  }
  const content = await readFile(file.value, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw noCredentials(
      `AssumeRoleWithOIDC failed: the token file ${file.value} (${file.source}) can't be read (${error.code ?? "unknown reason"}).`,
    );
  });
  if (content.trim() === "") {
    throw noCredentials(`AssumeRoleWithOIDC failed: the token file ${file.value} (${file.source}) is empty.`);
  }
  return { text: content.trim(), source: file.source };
}
