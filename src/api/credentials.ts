import { SettingsError } from "./errors.js";

/** What a request is signed with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Of temporary credentials only. */
  readonly securityToken?: string | undefined;
  /** The kind of source, as the vendor's SDK names it in the header `x-acs-credentials-provider`. */
  readonly providerName: string;
}

/** Gives the credentials for the next request; those that expire are renewed in time. */
export interface CredentialsSource {
  getCredentials(): Promise<Credentials>;
}

/** A setting's value, and where it came from in words that a user finds it by. */
export interface Setting {
  readonly value: string;
  readonly source: string;
}

/** How to sign in. */
export type CredentialSettings =
  | {
      readonly kind: "static";
      readonly accessKeyId: Setting;
      readonly accessKeySecret: Setting;
      readonly securityToken: Setting | undefined;
    }
  | { readonly kind: "profile"; readonly name: Setting }
  | { readonly kind: "none"; readonly problem: string };

/**
 * Where the credentials of a lookup come from.
 *
 * @throws SettingsError `NoCredentials` when nothing says how to sign in.
 */
export async function openCredentials(settings: CredentialSettings): Promise<CredentialsSource> {
  switch (settings.kind) {
    case "static":
      return staticCredentials({
        accessKeyId: settings.accessKeyId.value,
        accessKeySecret: settings.accessKeySecret.value,
        securityToken: settings.securityToken?.value,
        providerName: settings.securityToken === undefined ? "static_ak" : "static_sts",
      });
    case "profile":
      return profileCredentials(settings.name);
    case "none":
      throw new SettingsError("NoCredentials", settings.problem);
  }
}

function staticCredentials(credentials: Credentials): CredentialsSource {
  return { getCredentials: async () => credentials };
}

async function profileCredentials(name: Setting): Promise<CredentialsSource> {
  const { CLIProfileCredentialsProvider } = await import("@alicloud/credentials");
  const provider = CLIProfileCredentialsProvider.builder().withProfileName(name.value).build();
  return {
    getCredentials: async () => {
      // The vendor's message may repeat the file, secrets included, so only the fact is passed on.
      const credentials = await provider.getCredentials().catch(() => undefined);
      const { accessKeyId, accessKeySecret, securityToken } = credentials ?? {};
      if (!accessKeyId || !accessKeySecret) {
        throw new SettingsError(
          "NoCredentials",
          `The profile "${name.value}" (from ${name.source}) gives no credentials: it is missing in ~/.aliyun/config.json, or that file cannot be read.`,
        );
      }
      return {
        accessKeyId,
        accessKeySecret,
        securityToken: securityToken || undefined,
        providerName: "cli_profile",
      };
    },
  };
}
