import type { Credentials, CredentialsSource } from "../api/credentials.js";
import { cloudSso, oauth } from "./browserSessions.js";
import { credentialsIn, type SignInContext } from "./common.js";
import { credentialsFromUri, externalCommand } from "./external.js";
import { instanceRole } from "./metadata.js";
import type { Profile } from "./profile.js";
import { assumeRole, assumeRoleWithOidc } from "./sts.js";

/** Gets the credentials of a profile. `base` is the other identity that assumes its role. */
type Mode = (profile: Profile, context: SignInContext, base?: CredentialsSource) => Promise<Credentials>;

/** Every mode of the command-line client and every type of the SDKs' file. The configuration has the same modes. */
const modes: Readonly<Record<string, Mode>> = {
  AK: keys,
  StsToken: keys,
  RamRoleArn: roleOf(keys),
  ChainableRamRoleArn: (profile, context, base) =>
    assumeRole(base ?? profile.missing("source_profile"), profile, context),
  EcsRamRole: instanceRole,
  RamRoleArnWithRoleName: roleOf(instanceRole),
  OIDC: assumeRoleWithOidc,
  CredentialsURI: credentialsFromUri,
  External: externalCommand,
  CloudSSO: cloudSso,
  OAuth: oauth,
  access_key: keys,
  sts: keys,
  ecs_ram_role: instanceRole,
  ram_role_arn: roleOf(keys),
  oidc_role_arn: assumeRoleWithOidc,
};

/** Returns the mode with this name. */
export function modeNamed(name: string, profile: Profile): Mode {
  const mode = Object.hasOwn(modes, name) ? modes[name] : undefined;
  if (mode === undefined) {
    throw profile.refuse(
      `the mode "${name}" is not supported.`,
      `Use one of ${Object.keys(modes).join(", ")}.`,
    );
  }
  return mode;
}

async function keys(profile: Profile): Promise<Credentials> {
  const fields = {
    access_key_id: profile.required("access_key_id").value,
    access_key_secret: profile.required("access_key_secret").value,
    sts_token: profile.text("sts_token", "security_token"),
  };
  const providerName = fields.sts_token === undefined ? "static_ak" : "static_sts";
  return credentialsIn(fields, profile.source, providerName);
}

/** Returns the mode in which the identity of another mode assumes the role. */
function roleOf(mode: Mode): Mode {
  return (profile, context) => assumeRole({ getCredentials: () => mode(profile, context) }, profile, context);
}
