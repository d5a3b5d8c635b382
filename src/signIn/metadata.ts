import type { Answer } from "../api/answer.js";
import type { Credentials } from "../api/credentials.js";
import { httpCall } from "../api/httpCall.js";
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
    throw noCredentials(
      `The metadata service was not asked for ${source}: ALIBABA_CLOUD_ECS_METADATA_DISABLED is true.`,
    );
  }
  const token = await metadataToken(context);
  const name = roleName ?? (await onlyRole(token, context));
  const answer = await ask(
    "GET",
    `${roles}${encodeURIComponent(name)}`,
    tokenHeader(token),
    answerTimeout,
    context,
  );
  if (answer.statusCode === 404) {
    throw noCredentials(`The ECS instance has no role "${name}" (${source}).`);
  }
  return readKeys(answer, `The metadata service at ${metadataOrigin}`, source, "ecs_ram_role");
}

/** Requests a token for version 2 of the metadata service. Returns `undefined` where only version 1 is supported. */
async function metadataToken(context: SignInContext): Promise<string | undefined> {
  const headers = { "x-aliyun-ecs-metadata-token-ttl-seconds": tokenLife };
  const answer = await ask("PUT", "/latest/api/token", headers, presenceTimeout, context).catch(absent);
  const token = answer.text().trim();
  if (answer.statusCode === 200 && /^[\x21-\x7e]+$/.test(token)) {
    return token;
  }
  if (context.environment.metadataV1Disabled) {
    throw noCredentials(
      `The metadata service at ${context.environment.metadataOrigin} gave no token (status ${answer.statusCode}), and ALIBABA_CLOUD_IMDSV1_DISABLED forbids to ask without one.`,
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
    `The metadata service at ${error.endpoint} does not answer (${error.code}): this is not an ECS instance, or its metadata service is turned off.`,
  );
}

async function onlyRole(token: string | undefined, context: SignInContext): Promise<string> {
  const answer = await ask("GET", roles, tokenHeader(token), answerTimeout, context);
  const name = answer.text().trim();
  if (answer.statusCode !== 200 || !/^[\w.-]+$/.test(name)) {
    throw noCredentials(
      `The metadata service at ${context.environment.metadataOrigin} names no role of this instance (status ${answer.statusCode}).`,
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
): Promise<Answer> {
  return httpCall({
    transport,
    // A proxy would reach its own metadata service, with another role.
    direct: true,
    method,
    url: new URL(path, environment.metadataOrigin),
    headers,
    timeout,
    action: "Asking the metadata service",
  });
}
