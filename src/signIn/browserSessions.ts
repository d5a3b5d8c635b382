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

const signInAgain = "Sign in again with the Alibaba Cloud CLI.";

/** Returns the credentials of a CloudSSO access token, while the sign-in of the command-line client is valid. */
export async function cloudSso(
  { required, fields, source }: Profile,
  { transport }: SignInContext,
): Promise<Credentials> {
  const accessToken = required("access_token");
  if (Number(fields.cloud_sso_access_token_expire ?? 0) * 1000 <= Date.now()) {
    throw noCredentials(`Sign-in with ${source} failed: the CloudSSO session has expired.`, signInAgain);
  }
  const signInUrl = required("cloud_sso_sign_in_url");
  if (!URL.canParse(signInUrl)) {
    throw noCredentials(`Sign-in with ${source} failed: cloud_sso_sign_in_url is not a URL.`);
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
    action: "Reading credentials from CloudSSO",
    caller: new CallerIdentity(undefined, source, [accessToken]),
  });
  const keys = parseObject(answer.text())?.CloudCredential;
  if (answer.statusCode !== 200 || !isRecord(keys)) {
    throw noCredentials(
      `Sign-in with ${source} failed: CloudSSO at ${url.origin} returned no credentials (status ${answer.statusCode}).`,
      signInAgain,
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
    throw noCredentials(`Sign-in with ${source} failed: OAuth profiles work only in ${cliFile}.`);
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
      `Sign-in with ${source} failed: the OAuth session returned no credentials.`,
      signInAgain,
    );
  }
}
