import { readFile } from "node:fs/promises";
import { CallerIdentity } from "../api/callerIdentity.js";
import type { Credentials } from "../api/credentials.js";
import { originOf } from "../settings/endpoint.js";
import type { OidcToken, RoleSettings } from "../settings/role.js";
import { roleParameters } from "./assumedRole.js";
import type { SignInContext } from "./context.js";
import { noCredentials } from "./failure.js";
import { callStsUnsigned, readSession, type StsSettings, stsEndpoint } from "./sts.js";

const action = "AssumeRoleWithOIDC";

/** The credentials of a role that an OIDC token stands for: RRSA in a Kubernetes cluster, a CI system. */
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
  const parameters = { ...roleParameters(role), OIDCProviderArn: providerArn, OIDCToken: text };
  const answer = await callStsUnsigned(action, parameters, endpoint, caller, context);
  return readSession(
    answer,
    { action, endpoint: originOf(endpoint), caller },
    `role ${role.roleArn.value} (${role.roleArn.source}), assumed with the OIDC token of ${source}`,
    "oidc_role_arn",
  );
}

/** Read anew each time: whoever issues the tokens renews the file. */
async function readToken({ file, text }: OidcToken): Promise<{ text: string; source: string }> {
  if (file === undefined) {
    return { text: text.value, source: text.source };
  }
  const content = await readFile(file.value, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw noCredentials(
      `The OIDC token file "${file.value}" (${file.source}) cannot be read: ${error.code ?? "unknown reason"}.`,
    );
  });
  if (content.trim() === "") {
    throw noCredentials(`The OIDC token file "${file.value}" (${file.source}) is empty.`);
  }
  return { text: content.trim(), source: file.source };
}
