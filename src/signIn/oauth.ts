import type { Credentials } from "../api/credentials.js";

import type { SignInContext } from "./context.js";
import { noCredentials } from "./failure.js";
import { toCredentials } from "./keys.js";
import { cliFile, expandHome } from "./profileFile.js";
import type { Profile } from "./profileModes.js";

/** How long the credentials of one exchange are used before the next. */
const use = 10 * 60_000;

/**
 * The credentials of a browser sign-in that the command-line client made. Left to the vendor's own source, which renews the
 * sign-in and writes it back into the client's file, as the client needs; so it works with that file only, and past proxies.
 */
export async function oauth(
  { file, name, source }: Profile,
  { environment }: SignInContext,
): Promise<Credentials> {
  if (file.path !== expandHome(cliFile, environment.home)) {
    throw noCredentials(`The ${source} signs in by OAuth, which works in ${cliFile} only.`);
  }
  const { CLIProfileCredentialsProvider } = await import("@alicloud/credentials");
  try {
    const provider = CLIProfileCredentialsProvider.builder().withProfileName(name).build();
    const credentials = await provider.getCredentials();
    return {
      ...toCredentials(credentials, source, "oauth"),
      expiration: Date.now() + use,
    };
  } catch {
    // The vendor's message may repeat the whole answer, so only the fact is passed on.
    throw noCredentials(
      `The OAuth sign-in of ${source} gives no credentials: sign in again with the command-line client.`,
    );
  }
}
