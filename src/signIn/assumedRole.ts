import type { Credentials, CredentialsSource } from "../api/credentials.js";
import { callTimedOut } from "../api/failure.js";
import { originOf } from "../settings/endpoint.js";
import type { RoleSettings } from "../settings/role.js";
import { type SignInContext, signInTimeout } from "./context.js";
import { callSts, readSession, type StsSettings, stsEndpoint } from "./sts.js";

const action = "AssumeRole";

/** The credentials of a role that another identity assumes. */
export async function assumeRole(
  base: CredentialsSource,
  role: RoleSettings,
  sts: StsSettings,
  context: SignInContext,
): Promise<Credentials> {
  const endpoint = stsEndpoint(context.environment, sts, role.roleArn.source);
  // Asked once: the credentials that sign are then those that the result names.
  const key = await base.getCredentials();
  const { providerName, source } = key;
  const call = { action, ramAction: "sts:AssumeRole", endpoint: originOf(endpoint) };
  const answer = await callSts(action, roleParameters(role), endpoint, key, context).catch(
    (error: unknown) => {
      throw error instanceof DOMException && error.name === "TimeoutError"
        ? callTimedOut(call, signInTimeout)
        : error;
    },
  );
  return readSession(
    answer,
    call,
    `role ${role.roleArn.value} (${role.roleArn.source}), assumed with ${source ?? providerName}`,
    `ram_role_arn/${providerName}`,
  );
}

/** What every way of assuming a role tells STS of it. */
export function roleParameters(role: RoleSettings): Record<string, string> {
  return {
    RoleArn: role.roleArn.value,
    RoleSessionName: role.sessionName,
    DurationSeconds: String(role.sessionExpiration),
    ...(role.policy === undefined ? {} : { Policy: role.policy }),
    ...(role.externalId === undefined ? {} : { ExternalId: role.externalId }),
  };
}
