import type { Credentials } from "../api/credentials.js";
import { OutboundBotError } from "../errors/errors.js";

import type { SignInContext } from "./context.js";
import { noCredentials } from "./failure.js";
import { instanceRole } from "./metadata.js";
import { cliFile, expandHome, readProfileFile, sdkFile } from "./profileFile.js";
import { signInWithProfile } from "./profileModes.js";

interface Step {
  readonly name: string;
  readonly signIn: () => Promise<Credentials>;
}

/**
 * What the vendor's tools fall back on when nothing says how to sign in: the current profile of the command-line client, the
 * default profile of the SDKs' file, the role of the ECS instance. A step that served once is the only one from then on, so
 * that a later failure cannot quietly lead to another account.
 *
 * @param notSet what was looked for before, for the error.
 */
export function defaultChain(notSet: readonly string[], context: SignInContext): () => Promise<Credentials> {
  let served: Step | undefined;
  return async () => {
    if (served !== undefined) {
      return served.signIn();
    }
    const problems = [...notSet];
    for (const step of steps(context)) {
      try {
        const credentials = await step.signIn();
        served = step;
        return credentials;
      } catch (error) {
        if (!OutboundBotError.isInstance(error)) {
          throw error;
        }
        problems.push(`${step.name}: ${error.reason}`);
      }
    }
    throw noCredentials(
      `No credentials were found. What was tried:\n${problems.map((problem) => `  - ${problem}`).join("\n")}\nWhat to do: run "pulumi config set --secret outboundbot:accessKey" and the same for outboundbot:secretKey, or set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or name a profile with outboundbot:profile.`,
    );
  };
}

function steps(context: SignInContext): Step[] {
  const { home, cliProfileDisabled } = context.environment;
  return [
    {
      name: "the command-line client's profile",
      signIn: () =>
        cliProfileDisabled
          ? Promise.reject(noCredentials("ALIBABA_CLOUD_CLI_PROFILE_DISABLED is true."))
          : currentProfile(expandHome(cliFile, home), context),
    },
    {
      name: "the SDKs' profile",
      signIn: () => currentProfile(expandHome(sdkFile, home), context),
    },
    {
      name: "the ECS instance's role",
      signIn: () => instanceRole(undefined, "the ECS instance's role", context),
    },
  ];
}

async function currentProfile(path: string, context: SignInContext): Promise<Credentials> {
  const file = await readProfileFile(path);
  if (!file.profiles.has(file.current)) {
    throw noCredentials(`${path} has no profile "${file.current}".`);
  }
  return signInWithProfile(file, file.current, context);
}
