import { CallerIdentity } from "../api/callerIdentity.js";
import type { Credentials } from "../api/credentials.js";
import { httpCall } from "../api/httpCall.js";
import { isRecord } from "../common/values.js";
import { originOf, parseEndpoint } from "../settings/endpoint.js";
import {
  credentialsIn,
  noCredentials,
  parseObject,
  type SignInContext,
  signInTimeout,
  toCredentials,
} from "./common.js";

import { cliFile, expandHome, type Profile } from "./profiles.js";

/** Returns the credentials of a CloudSSO access token, while the sign-in of the command-line client is valid. */
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
    transport,
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
  const keys = parseObject(answer.text())?.CloudCredential;
  if (answer.statusCode !== 200 || !isRecord(keys)) {
    throw noCredentials(
      `CloudSSO at ${url.origin} gave no credentials (status ${answer.statusCode}, ${source}).`,
    );
  }
  return credentialsIn(keys, source, "cloud_sso");
}

/** The time for which exchanged credentials are used, in milliseconds. */
const use = 10 * 60_000;

/**
 * Returns the credentials of a browser sign-in of the command-line client. The vendor's library renews the sign-in and writes it
 * back to the client's file, as the client expects. It supports only that file, and ignores proxies.
 */
export async function oauth(
  { file, name, source }: Profile,
  { environment }: SignInContext,
): Promise<Credentials> {
  if (file.path !== expandHome(cliFile, environment.home)) {
    throw noCredentials(`The ${source} signs in by OAuth, which works in ${cliFile} only.`);
  }
  const {
    CLIProfileCredentialsProvider,
  }: typeof import("@alicloud/credentials") = require("@alicloud/credentials");
  try {
    const provider = CLIProfileCredentialsProvider.builder().withProfileName(name).build();
    const credentials = await provider.getCredentials();
    return {
      ...toCredentials(credentials, source, "oauth"),
      expiration: Date.now() + use,
    };
  } catch {
    // The vendor's message may repeat the whole response, so it isn't shown.
    throw noCredentials(
      `The OAuth sign-in of ${source} gives no credentials: sign in again with the command-line client.`,
    );
  }
}
