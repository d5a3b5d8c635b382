import type { Credentials } from "../api/credentials.js";
import { httpCall } from "../api/httpCall.js";
import type { HttpResponse } from "../api/httpResponse.js";
import { ConnectionError } from "../errors/errors.js";
import { noCredentials, readKeys, type SignInContext } from "./common.js";

/** The metadata service is on the instance's own link: it responds immediately or doesn't exist. */
const presenceTimeout = 1_000;
const answerTimeout = 5_000;
const tokenLife = "21600";
const roles = "/latest/meta-data/ram/security-credentials/";

/**
 * Returns the credentials of the role of the ECS instance. The vendor's library waits a second for each of up to three requests
 * where there is no metadata service, so it isn't used.
 *
 * @param roleName the role; by default, the role that the instance has.
 */
export async function instanceRole(
  roleName: string | undefined,
  source: string,
  context: SignInContext,
): Promise<Credentials> {
  const { metadataDisabled, metadataOrigin } = context.environment;
  if (metadataDisabled) {
    throw noCredentials(`Sign-in with ${source} failed: ALIBABA_CLOUD_ECS_METADATA_DISABLED is true.`);
  }
  const token = await metadataToken(context);
  const name = roleName ?? (await onlyRole(token, context));
  const response = await ask(
    "GET",
    `${roles}${encodeURIComponent(name)}`,
    tokenHeader(token),
    answerTimeout,
    context,
  );
  if (response.statusCode === 404) {
    throw noCredentials(`Sign-in with ${source} failed: the ECS instance has no role "${name}".`);
  }
  return readKeys(response, `the metadata service at ${metadataOrigin}`, source, "ecs_ram_role");
}

/** Requests a token for version 2 of the metadata service. Returns `undefined` where only version 1 is supported. */
async function metadataToken(context: SignInContext): Promise<string | undefined> {
  const headers = { "x-aliyun-ecs-metadata-token-ttl-seconds": tokenLife };
  const response = await ask("PUT", "/latest/api/token", headers, presenceTimeout, context).catch(absent);
  const token = response.takeText().trim();
  if (response.statusCode === 200 && /^[\x21-\x7e]+$/.test(token)) {
    return token;
  }
  if (context.environment.metadataV1Disabled) {
    throw noCredentials(
      `Reading a token from the metadata service at ${context.environment.metadataOrigin} failed: status ${response.statusCode}. ALIBABA_CLOUD_IMDSV1_DISABLED forbids requests without a token.`,
    );
  }
  return undefined;
}

/** Throws an error that isn't retried, because each attempt would wait for a service that this machine doesn't have. */
function absent(error: unknown): never {
  if (!ConnectionError.isInstance(error)) {
    throw error;
  }
  throw noCredentials(
    `Reading credentials from the metadata service at ${error.endpoint} failed: ${error.code}. This machine is not an ECS instance, or its metadata service is disabled.`,
  );
}

async function onlyRole(token: string | undefined, context: SignInContext): Promise<string> {
  const response = await ask("GET", roles, tokenHeader(token), answerTimeout, context);
  const name = response.takeText().trim();
  if (response.statusCode !== 200 || !/^[\w.-]+$/.test(name)) {
    throw noCredentials(
      `Reading the role from the metadata service at ${context.environment.metadataOrigin} failed: the ECS instance has no role (status ${response.statusCode}).`,
    );
  }
  return name;
}

function tokenHeader(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { "x-aliyun-ecs-metadata-token": token };
}

function ask(
  method: "GET" | "PUT",
  path: string,
  headers: Record<string, string>,
  timeout: number,
  { environment, transport }: SignInContext,
): Promise<HttpResponse> {
  return httpCall({
    transport,
    // A proxy would reach its own metadata service, with another role.
    direct: true,
    method,
    url: new URL(path, environment.metadataOrigin),
    headers,
    timeout,
    action: "Reading the metadata service",
  });
}
