// Makes the provider's settings in the schema, from the table of settings.
import { type SettingKey, settingKeys } from "../../src/settings/settingKeys.js";
import type { ObjectShape, Property, SchemaType } from "./typeReader.js";

type Setting = Property & { readonly secret?: true };

const text = { type: "string" } as const;

/** The JSON objects among the settings. */
export const settingTypes: Readonly<Record<string, ObjectShape & { description: string }>> = {
  "outboundbot:index:AssumeRole": {
    description: "A RAM role to assume.",
    properties: {
      roleArn: { ...text, description: "The ARN of the role. Default: `ALIBABA_CLOUD_ROLE_ARN`." },
      sessionName: { ...text, description: "The name of the session. Default: `pulumi-outboundbot`." },
      policy: { ...text, description: "A RAM policy that further restricts the session, as JSON." },
      sessionExpiration: {
        type: "integer",
        description: "The duration of the session, in seconds, from 900 to 43200. Default: 3600.",
      },
      externalId: { ...text, description: "The external ID that the role's trust policy requires." },
    },
    required: [],
  },
  "outboundbot:index:AssumeRoleWithOidc": {
    description:
      "A RAM role to assume with an OIDC token. Fields that are left out come from the environment.",
    properties: {
      oidcProviderArn: {
        ...text,
        description: "The ARN of the OIDC provider. Default: `ALIBABA_CLOUD_OIDC_PROVIDER_ARN`.",
      },
      oidcTokenFile: {
        ...text,
        description:
          "The path of the file that contains the token. Default: `ALIBABA_CLOUD_OIDC_TOKEN_FILE`.",
      },
      oidcToken: { ...text, description: "The token itself, instead of a file." },
      roleArn: { ...text, description: "The ARN of the role. Default: `ALIBABA_CLOUD_ROLE_ARN`." },
      roleSessionName: { ...text, description: "The name of the session. Default: `pulumi-outboundbot`." },
      policy: { ...text, description: "A RAM policy that further restricts the session, as JSON." },
      sessionExpiration: {
        type: "integer",
        description: "The duration of the session, in seconds, from 900 to 43200. Default: 3600.",
      },
    },
    required: [],
  },
};

const objectTokens: Readonly<Record<string, string>> = {
  assumeRole: "outboundbot:index:AssumeRole",
  assumeRoleWithOidc: "outboundbot:index:AssumeRoleWithOidc",
};

/** Returns every setting. Leaves out the environment, because an SDK's defaults would be stored in the state. */
export function settings(): Record<string, Setting> {
  return Object.fromEntries(
    Object.entries<SettingKey>(settingKeys).map(([name, key]): [string, Setting] => [
      name,
      {
        ...typeOf(name, key),
        description: `${key.description} Accepts ${key.accepts}. Default: ${variables(key)}${key.default}.`,
        ...(key.secret ? { secret: true } : {}),
      },
    ]),
  );
}

function variables({ environment }: SettingKey): string {
  return environment.map((name) => `\`${name}\`, else `).join("");
}

function typeOf(name: string, { type }: SettingKey): SchemaType {
  switch (type) {
    case "text":
    case "choice":
      return text;
    case "whole number":
      return { type: "integer" };
    case "number":
      return { type: "number" };
    case "JSON object":
      return { $ref: `#/types/${objectTokens[name] ?? ""}` };
  }
}
