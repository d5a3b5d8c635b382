import { setTimeout as delay } from "node:timers/promises";
import { CallerIdentity } from "../api/callerIdentity.js";
import type { Credentials } from "../api/credentials.js";
import { httpCall } from "../api/httpCall.js";
import { isRecord, withoutUndefined } from "../common/values.js";
import { originOf, parseEndpoint } from "../settings/endpoint.js";
import { credentialsIn, readFields, type SignInContext, signInTimeout } from "./common.js";
import type { Profile } from "./profile.js";
import { StoredProfile, storeInProfile } from "./profileFile.js";

const signInAgain = "Sign in again with the Alibaba Cloud CLI.";

/** Returns the credentials of a CloudSSO access token, while the sign-in of the command-line client is valid. */
export async function cloudSso(profile: Profile, context: SignInContext): Promise<Credentials> {
  const accessToken = token(profile.required("access_token").value, profile);
  if (profile.number("cloud_sso_access_token_expire") <= now()) {
    profile.fail("the CloudSSO session has expired.", signInAgain);
  }
  const signInUrl = profile.required("cloud_sso_sign_in_url");
  if (!URL.canParse(signInUrl.value)) {
    profile.fail("cloud_sso_sign_in_url is not a URL.");
  }
  const endpoint = parseEndpoint({ ...signInUrl, value: new URL(signInUrl.value).origin });
  const url = new URL("/cloud-credentials", originOf(endpoint));
  const body = JSON.stringify({
    AccountId: profile.required("cloud_sso_account_id").value,
    AccessConfigurationId: profile.required("cloud_sso_access_config").value,
  });
  const { CloudCredential } = await post("CloudSSO", url, accessToken, body, profile, context);
  return credentialsIn(isRecord(CloudCredential) ? CloudCredential : {}, profile.source, "cloud_sso");
}

/** The vendor's servers for browser sign-ins, and the ID of the command-line client there, by `oauth_site_type`. */
const oauthSites = new Map([
  ["CN", { origin: "https://oauth.aliyun.com", clientId: "4038181954557748008" }],
  ["INTL", { origin: "https://oauth.alibabacloud.com", clientId: "4103531455503354461" }],
]);

/** The remaining life below which an access token is renewed, in seconds, as in the vendor's tools. */
const shortestLife = 1200;
/** The times to wait before reading a file again that another process may be about to write, in milliseconds. */
const waitsForOther = [0, 500];

/**
 * Returns the credentials of a browser sign-in of the command-line client. Renews a sign-in that is about to expire. The vendor's
 * library ignores proxies, doesn't bound responses, and loses a renewed sign-in if the next request fails.
 */
export async function oauth(profile: Profile, context: SignInContext): Promise<Credentials> {
  const site = oauthSites.get(profile.required("oauth_site_type").value.toUpperCase());
  if (site === undefined) {
    profile.fail("oauth_site_type is not CN or INTL.");
  }
  let accessToken = profile.text("oauth_access_token");
  const refreshToken = profile.text("oauth_refresh_token");
  if (refreshToken !== undefined && profile.number("oauth_access_token_expire") - now() <= shortestLife) {
    try {
      accessToken = await renew(token(refreshToken, profile), site, profile, context);
    } catch (error) {
      for (const wait of waitsForOther) {
        await delay(wait);
        const current = profile instanceof StoredProfile ? profile.readAgain() : undefined;
        if (current !== undefined && current.text("oauth_refresh_token") !== refreshToken) {
          return oauth(current, context);
        }
      }
      throw error;
    }
  }
  const url = new URL("/v1/exchange", site.origin);
  const keys = await post("OAuth", url, token(accessToken, profile), "", profile, context);
  return credentialsIn(keys, profile.source, "oauth");
}

/** Exchanges the refresh token for new tokens, and stores them where the command-line client expects them. */
async function renew(
  refreshToken: string,
  { origin, clientId }: { readonly origin: string; readonly clientId: string },
  profile: Profile,
  context: SignInContext,
): Promise<string> {
  const body = new URLSearchParams({
    grant_type: "refresh_token",
    refresh_token: refreshToken,
    client_id: clientId,
    Timestamp: new Date().toISOString().replace(/\.\d+/, ""),
  }).toString();
  const fields = await post("OAuth", new URL("/v1/token", origin), undefined, body, profile, context);
  const accessToken = token(fields.access_token, profile);
  const changes = {
    oauth_access_token: accessToken,
    oauth_refresh_token: token(fields.refresh_token, profile),
    oauth_access_token_expire: Math.floor(now() + (Number(fields.expires_in) || 3600)),
  };
  const problem = profile instanceof StoredProfile ? await storeInProfile(profile, changes) : undefined;
  if (problem !== undefined) {
    // This doesn't make the credentials wrong.
    context.warn(
      `The renewed session of ${profile.source} can't be stored: the file ${problem}. The next sign-in with it will fail. Make the file writable, and sign in again with the Alibaba Cloud CLI.`,
    );
  }
  return accessToken;
}

function now(): number {
  return Date.now() / 1000;
}

/** Checks a token of a session: it must fit into a header. */
function token(value: unknown, profile: Profile): string {
  if (typeof value !== "string" || !/^[\x21-\x7e]+$/.test(value)) {
    profile.fail("the session has no valid token.", signInAgain);
  }
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
  const request = { transport, method: "POST", url, headers, body, action, caller } as const;
  const response = await httpCall({ ...request, timeout: signInTimeout });
  return readFields(response, `${server} at ${url.origin} (${source})`, signInAgain);
}
