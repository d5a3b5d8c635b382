import { readFile } from "node:fs/promises";
import { Signer } from "../api/callerIdentity.js";
import type { Credentials, OidcToken, RoleSettings } from "../settings/credentialSettings.js";
import { originOf } from "../settings/endpoint.js";
import { roleParameters } from "./assumedRole.js";
import type { SignInContext } from "./context.js";
import { noCredentials } from "./failure.js";
import { callStsUnsigned, readSession, type StsPlace, stsEndpoint } from "./sts.js";

const action = "AssumeRoleWithOIDC";

/** The credentials of a role that an OIDC token stands for: RRSA in a Kubernetes cluster, a CI system. */
export async function assumeRoleWithOidc(
  providerArn: string,
  token: OidcToken,
  role: RoleSettings,
  place: StsPlace,
  context: SignInContext,
): Promise<Credentials> {
  const { text, source } = await readToken(token);
  const endpoint = stsEndpoint(context.places, place, role.roleArn.source);
  const signer = new Signer(undefined, source, [text]);
  const parameters = { ...roleParameters(role), OIDCProviderArn: providerArn, OIDCToken: text };
  const answer = await callStsUnsigned(action, parameters, endpoint, signer, context);
  return readSession(
    answer,
    { action, endpoint: originOf(endpoint), signer },
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
