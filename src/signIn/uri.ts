import type { Credentials } from "../api/credentials.js";
import { httpCall } from "../api/httpCall.js";
import type { Setting } from "../settings/reading.js";

import { readKeys } from "./answer.js";
import { type SignInContext, signInTimeout } from "./context.js";
import { noCredentials } from "./failure.js";

/** Credentials that a local service of the user hands out at an address. */
export async function credentialsFromUri(uri: Setting, { transport }: SignInContext): Promise<Credentials> {
  const url = URL.canParse(uri.value) ? new URL(uri.value) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw noCredentials(`The credentials URI (${uri.source}) is not an http or https URL.`, "InvalidSetting");
  }
  const answer = await httpCall({
    dispatcher: transport.to(url),
    proxies: transport.proxies,
    method: "GET",
    url,
    headers: signInOf(url),
    timeout: signInTimeout,
    action: `Asking the credentials URI (${uri.source})`,
  });
  // Its path and query may be what keeps others from asking, so only the host is shown.
  return readKeys(answer, `The credentials URI at ${url.origin}`, uri.source, "credential_uri");
}

function signInOf({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") {
    return {};
  }
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}
