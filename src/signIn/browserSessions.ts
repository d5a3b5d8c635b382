import { CallerIdentity } from "../api/callerIdentity.js";
import type { Credentials } from "../api/credentials.js";
import { httpCall } from "../api/httpCall.js";
import { registerSecret } from "../common/redact.js";
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

import { type Profile, storeInProfile } from "./profiles.js";

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
  const response = await httpCall({
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
  const keys = parseObject(response.takeText())?.CloudCredential;
  if (response.statusCode !== 200 || !isRecord(keys)) {
    throw noCredentials(
      `Sign-in with ${source} failed: CloudSSO at ${url.origin} returned no credentials (status ${response.statusCode}).`,
      signInAgain,
    );
  }
  return credentialsIn(keys, source, "cloud_sso");
}

/** The vendor's servers for browser sign-ins, and the ID of the command-line client there, by `oauth_site_type`. */
const oauthSites: ReadonlyMap<string, OAuthSite> = new Map([
  ["CN", { origin: "https://oauth.aliyun.com", clientId: "4038181954557748008" }],
  ["INTL", { origin: "https://oauth.alibabacloud.com", clientId: "4103531455503354461" }],
]);

interface OAuthSite {
  readonly origin: string;
  readonly clientId: string;
}

/** The remaining life below which an access token is renewed, in seconds, as in the vendor's tools. */
const shortestLife = 1200;

/**
 * Returns the credentials of a browser sign-in of the command-line client. Renews a sign-in that is about to expire. The vendor's
 * library ignores proxies, doesn't bound responses, and loses a renewed sign-in if the next request fails.
 */
export async function oauth(profile: Profile, context: SignInContext): Promise<Credentials> {
  const { source, text, required, fields } = profile;
  const site = oauthSites.get(required("oauth_site_type").toUpperCase());
  if (site === undefined) {
    throw noCredentials(`Sign-in with ${source} failed: oauth_site_type is not CN or INTL.`);
  }
  const isValid = Number(fields.oauth_access_token_expire) - now() > shortestLife;
  const accessToken =
    isValid || text("oauth_refresh_token") === undefined
      ? token(text("oauth_access_token"), source)
      : await renew(profile, site, context);
  const keys = await askOAuth("exchange", site, accessToken, profile, context, {
    headers: { "content-type": "application/json", authorization: `Bearer ${accessToken}` },
  });
  const { accessKeyId, accessKeySecret, securityToken, expiration } = keys;
  return toCredentials({ accessKeyId, accessKeySecret, securityToken, expiration }, source, "oauth");
}

/** Exchanges the refresh token for new tokens, and stores them where the command-line client expects them. */
async function renew(profile: Profile, site: OAuthSite, context: SignInContext): Promise<string> {
  const { source, text } = profile;
  const refreshToken = token(text("oauth_refresh_token"), source);
  const fields = await askOAuth("token", site, refreshToken, profile, context, {
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: "refresh_token",
      refresh_token: refreshToken,
      client_id: site.clientId,
      Timestamp: new Date().toISOString().replace(/\.\d+/, ""),
    }).toString(),
  });
  const accessToken = token(fields.access_token, source);
  const nextToken = token(fields.refresh_token, source);
  const life = typeof fields.expires_in === "number" && fields.expires_in > 0 ? fields.expires_in : 3600;
  // A file that can't be written doesn't make these credentials wrong.
  await storeInProfile(profile, {
    oauth_access_token: accessToken,
    oauth_refresh_token: nextToken,
    oauth_access_token_expire: Math.floor(now() + life),
  }).catch(() => {});
  return accessToken;
}

function now(): number {
  return Date.now() / 1000;
}

/** Checks a token of a session: it must fit into a header. */
function token(value: unknown, source: string): string {
  if (typeof value !== "string" || !/^[\x21-\x7e]+$/.test(value)) {
    throw noCredentials(`Sign-in with ${source} failed: the OAuth session has no valid token.`, signInAgain);
  }
  registerSecret(value);
  return value;
}

async function askOAuth(
  path: "token" | "exchange",
  { origin }: OAuthSite,
  secret: string,
  { source }: Profile,
  { transport }: SignInContext,
  request: { readonly headers: Record<string, string>; readonly body?: string },
): Promise<Record<string, unknown>> {
  const response = await httpCall({
    transport,
    method: "POST",
    url: new URL(`/v1/${path}`, origin),
    timeout: signInTimeout,
    action: "Reading credentials from OAuth",
    caller: new CallerIdentity(undefined, source, [secret]),
    ...request,
  });
  const fields = parseObject(response.takeText());
  if (response.statusCode !== 200 || fields === undefined) {
    throw noCredentials(
      `Sign-in with ${source} failed: OAuth at ${origin} returned no ${path === "token" ? "tokens" : "credentials"} (status ${response.statusCode}).`,
      signInAgain,
    );
  }
  return fields;
}
