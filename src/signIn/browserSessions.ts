import { CallerIdentity } from "../api/callerIdentity.js";
import type { Credentials } from "../api/credentials.js";
import { httpCall } from "../api/httpCall.js";
import { registerSecret } from "../common/redact.js";
import { isRecord, withoutUndefined } from "../common/values.js";
import { originOf, parseEndpoint } from "../settings/endpoint.js";
import { credentialsIn, readFields, type SignInContext, signInTimeout } from "./common.js";
import type { Profile } from "./profile.js";
import { StoredProfile, storeInProfile } from "./profileFile.js";

const signInAgain = "Sign in again with the Alibaba Cloud CLI.";

/** Returns the credentials of a CloudSSO access token, while the sign-in of the command-line client is valid. */
export async function cloudSso(profile: Profile, context: SignInContext): Promise<Credentials> {
  const accessToken = profile.required("access_token").value;
  if (profile.number("cloud_sso_access_token_expire") <= now()) {
    throw profile.refuse("the CloudSSO session has expired.", signInAgain);
  }
  const signInUrl = profile.required("cloud_sso_sign_in_url");
  if (!URL.canParse(signInUrl.value)) {
    throw profile.refuse("cloud_sso_sign_in_url is not a URL.");
  }
  const endpoint = parseEndpoint({ ...signInUrl, value: new URL(signInUrl.value).origin });
  const body = {
    AccountId: profile.required("cloud_sso_account_id").value,
    AccessConfigurationId: profile.required("cloud_sso_access_config").value,
  };
  const url = new URL("/cloud-credentials", originOf(endpoint));
  const { CloudCredential } = await post(
    "CloudSSO",
    url,
    accessToken,
    JSON.stringify(body),
    profile,
    context,
  );
  return credentialsIn(isRecord(CloudCredential) ? CloudCredential : {}, profile.source, "cloud_sso");
}

/** The vendor's servers for browser sign-ins, and the ID of the command-line client there, by `oauth_site_type`. */
const oauthSites = new Map([
  ["CN", { origin: "https://oauth.aliyun.com", clientId: "4038181954557748008" }],
  ["INTL", { origin: "https://oauth.alibabacloud.com", clientId: "4103531455503354461" }],
]);

/** The remaining life below which an access token is renewed, in seconds, as in the vendor's tools. */
const shortestLife = 1200;

/**
 * Returns the credentials of a browser sign-in of the command-line client. Renews a sign-in that is about to expire. The vendor's
 * library ignores proxies, doesn't bound responses, and loses a renewed sign-in if the next request fails.
 */
export async function oauth(profile: Profile, context: SignInContext): Promise<Credentials> {
  const site = oauthSites.get(profile.required("oauth_site_type").value.toUpperCase());
  if (site === undefined) {
    throw profile.refuse("oauth_site_type is not CN or INTL.");
  }
  const isValid = profile.number("oauth_access_token_expire") - now() > shortestLife;
  const accessToken =
    isValid || profile.text("oauth_refresh_token") === undefined
      ? token(profile.text("oauth_access_token"), profile)
      : await renew(profile, site, context);
  const url = new URL("/v1/exchange", site.origin);
  return credentialsIn(await post("OAuth", url, accessToken, "", profile, context), profile.source, "oauth");
}

/** Exchanges the refresh token for new tokens, and stores them where the command-line client expects them. */
async function renew(
  profile: Profile,
  { origin, clientId }: { readonly origin: string; readonly clientId: string },
  context: SignInContext,
): Promise<string> {
  const refreshToken = token(profile.text("oauth_refresh_token"), profile);
  const body = new URLSearchParams({
    grant_type: "refresh_token",
    refresh_token: refreshToken,
    client_id: clientId,
    Timestamp: new Date().toISOString().replace(/\.\d+/, ""),
  }).toString();
  const fields = await post("OAuth", new URL("/v1/token", origin), undefined, body, profile, context);
  const accessToken = token(fields.access_token, profile);
  const nextToken = token(fields.refresh_token, profile);
  const life = typeof fields.expires_in === "number" && fields.expires_in > 0 ? fields.expires_in : 3600;
  // A file that can't be written doesn't make these credentials wrong.
  const changes = {
    oauth_access_token: accessToken,
    oauth_refresh_token: nextToken,
    oauth_access_token_expire: Math.floor(now() + life),
  };
  if (profile instanceof StoredProfile) {
    await storeInProfile(profile, changes).catch(() => {});
  }
  return accessToken;
}

function now(): number {
  return Date.now() / 1000;
}

/** Checks a token of a session: it must fit into a header. */
function token(value: unknown, profile: Profile): string {
  if (typeof value !== "string" || !/^[\x21-\x7e]+$/.test(value)) {
    throw profile.refuse("the OAuth session has no valid token.", signInAgain);
  }
  registerSecret(value);
  return value;
}

/** Sends a request of a session, with its token in the header or in the body, and returns the fields of the response. */
async function post(
  server: string,
  url: URL,
  bearer: string | undefined,
  body: string,
  { source }: Profile,
  { transport }: SignInContext,
): Promise<Record<string, unknown>> {
  const headers = withoutUndefined({
    accept: "application/json",
    "content-type": bearer === undefined ? "application/x-www-form-urlencoded" : "application/json",
    authorization: bearer && `Bearer ${bearer}`,
  });
  const action = `Reading credentials from ${server}`;
  const caller = new CallerIdentity(undefined, source, [bearer]);
  const response = await httpCall({
    transport,
    method: "POST",
    url,
    headers,
    body,
    timeout: signInTimeout,
    action,
    caller,
  });
  return readFields(response, `${server} at ${url.origin} (${source})`, signInAgain);
}
