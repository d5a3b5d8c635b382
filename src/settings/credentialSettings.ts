import type { Endpoint } from "./endpoint.js";

/** What a request is signed with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Of temporary credentials only. */
  readonly securityToken?: string | undefined;
  /** The kind of source, as the vendor's SDK names it in the header `x-acs-credentials-provider`. */
  readonly providerName: string;
  /** Where they came from, in words that a user finds it by. */
  readonly source?: string | undefined;
  /** When they expire, in milliseconds since the epoch; absent when they do not, or do not say. */
  readonly expiration?: number | undefined;
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

/** A role to assume. */
export interface RoleSettings {
  readonly roleArn: Setting;
  readonly sessionName: string;
  /** A RAM policy that narrows the session further, as JSON. */
  readonly policy: string | undefined;
  /** In seconds. */
  readonly sessionExpiration: number;
  readonly externalId: string | undefined;
}

/** How to sign in. */
export type CredentialSettings =
  | {
      readonly kind: "static";
      readonly accessKeyId: Setting;
      readonly accessKeySecret: Setting;
      readonly securityToken: Setting | undefined;
    }
  /** Without a name, the file's current profile; without a file, the vendor's own files in the home directory. */
  | { readonly kind: "profile"; readonly name: Setting | undefined; readonly file: Setting | undefined }
  /** An OIDC token, given or in a file, is exchanged for a role's credentials. */
  | {
      readonly kind: "oidc";
      readonly providerArn: string;
      readonly token: OidcToken;
      readonly role: RoleSettings;
    }
  /** The role of the ECS instance that this runs on. */
  | { readonly kind: "instanceRole"; readonly name: Setting }
  | { readonly kind: "uri"; readonly uri: Setting }
  | { readonly kind: "assumedRole"; readonly base: CredentialSettings; readonly role: RoleSettings }
  /** What the vendor's tools fall back on. `notSet` says what was looked for before. */
  | { readonly kind: "default"; readonly notSet: readonly string[] };

export type OidcToken =
  | { readonly file: Setting; readonly text?: undefined }
  | { readonly text: Setting; readonly file?: undefined };

/** What signing in needs to know of this machine, whatever the way. */
export interface SignInPlaces {
  /** The home directory; absent when the environment does not name it. */
  readonly home: string | undefined;
  /** The address of STS; absent for the vendor's own. */
  readonly stsEndpoint: Endpoint | undefined;
  /** Which of the vendor's own addresses of STS; absent for the global one. */
  readonly stsRegion: string | undefined;
  /** Whether STS is reached from inside a VPC. */
  readonly vpc: boolean;
  /** The address of the metadata service of an ECS instance. */
  readonly metadataOrigin: string;
  /** Whether the metadata service must not be asked. */
  readonly metadataDisabled: boolean;
  /** Whether the metadata service must not be asked without a token. */
  readonly metadataV1Disabled: boolean;
  /** Whether the vendor's command-line client's file is left out of the default chain. */
  readonly cliProfileDisabled: boolean;
}
