import { CallerIdentity } from "../api/callerIdentity.js";
import type { Credentials } from "../api/credentials.js";
import { httpCall } from "../api/httpCall.js";
import { isRecord } from "../common/values.js";

import { originOf, parseEndpoint } from "../settings/endpoint.js";
import { credentialsIn, parseObject } from "./answer.js";
import { type SignInContext, signInTimeout } from "./context.js";
import { noCredentials } from "./failure.js";
import type { Profile } from "./profileModes.js";

/** The credentials that an access token of CloudSSO is worth, while the sign-in that the command-line client made lasts. */
export async function cloudSso(
  { required, fields, source }: Profile,
  { transport }: SignInContext,
): Promise<Credentials> {
  const accessToken = required("access_token");
  if (Number(fields.cloud_sso_access_token_expire ?? 0) * 1000 <= Date.now()) {
    throw noCredentials(
      `The CloudSSO sign-in of ${source} has expired: sign in again with the command-line client.`,
    );
  }
  const signInUrl = required("cloud_sso_sign_in_url");
  if (!URL.canParse(signInUrl)) {
    throw noCredentials(`The cloud_sso_sign_in_url of ${source} is not a URL.`);
  }
  const url = new URL(
    "/cloud-credentials",
    originOf(parseEndpoint({ value: new URL(signInUrl).origin, key: "cloud_sso_sign_in_url", source })),
  );
  const answer = await httpCall({
    dispatcher: transport.to(url),
    proxies: transport.proxies,
    method: "POST",
    url,
    headers: {
      accept: "application/json",
      "content-type": "application/json",
      authorization: `Bearer ${accessToken}`,
    },
    body: JSON.stringify({
      AccountId: required("cloud_sso_account_id"),
      AccessConfigurationId: required("cloud_sso_access_config"),
    }),
    timeout: signInTimeout,
    action: "Asking CloudSSO",
    caller: new CallerIdentity(undefined, source, [accessToken]),
  });
  const keys = parseObject(answer.body)?.CloudCredential;
  if (answer.statusCode !== 200 || !isRecord(keys)) {
    throw noCredentials(
      `CloudSSO at ${url.origin} gave no credentials (status ${answer.statusCode}, ${source}).`,
    );
  }
  return credentialsIn(keys, source, "cloud_sso");
}
