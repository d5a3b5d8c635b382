import type { Credentials } from "../api/credentials.js";
import { httpCall } from "../api/httpCall.js";
import type { HttpResponse } from "../api/httpResponse.js";
import { ConnectionError } from "../errors/errors.js";
import { credentialsIn, noCredentials, quoted, readFields, type SignInContext } from "./common.js";
import type { Profile } from "./profile.js";

/** The metadata service is on the instance's own link: it responds immediately or doesn't exist. */
const presenceTimeout = 1_000;
const answerTimeout = 5_000;
const tokenLife = "21600";
const roles = "/latest/meta-data/ram/security-credentials/";

/**
 * Returns the credentials of the role of the ECS instance: the role that the profile names, or the only one. The vendor's library
 * waits a second for each of up to three requests where there is no metadata service, so it isn't used.
 */
export async function instanceRole(profile: Profile, context: SignInContext): Promise<Credentials> {
  const { on, metadataOrigin } = context.environment;
  if (on.includes("ALIBABA_CLOUD_ECS_METADATA_DISABLED")) {
    profile.fail("ALIBABA_CLOUD_ECS_METADATA_DISABLED is true.");
  }
  const token = await metadataToken(context);
  const get = async (path: string): Promise<HttpResponse> => {
    if (token !== undefined) {
      const headers = { "x-aliyun-ecs-metadata-token": token };
      const response = await ask("GET", path, headers, answerTimeout, context);
      if ([200, 404].includes(response.statusCode) || on.includes("ALIBABA_CLOUD_IMDSV1_DISABLED")) {
        return response;
      }
    }
    return ask("GET", path, {}, answerTimeout, context);
  };
  const name = profile.text("ram_role_name", "role_name") ?? onlyRole(await get(roles), profile, context);
  const response = await get(`${roles}${encodeURIComponent(name)}`);
  if (response.statusCode === 404) {
    profile.fail(`the ECS instance has no role ${quoted(name)}.`);
  }
  const fields = readFields(response, `the metadata service at ${metadataOrigin}`);
  return credentialsIn(fields, profile.source, "ecs_ram_role");
}

/** Requests a token for version 2 of the metadata service. Returns `undefined` where only version 1 is supported. */
async function metadataToken(context: SignInContext): Promise<string | undefined> {
  const { metadataOrigin, on } = context.environment;
  const headers = { "x-aliyun-ecs-metadata-token-ttl-seconds": tokenLife };
  const response = await ask("PUT", "/latest/api/token", headers, presenceTimeout, context).catch(absent);
  const token = response.takeText().trim();
  if (response.statusCode === 200 && /^[\x21-\x7e]+$/.test(token)) {
    return token;
  }
  if (on.includes("ALIBABA_CLOUD_IMDSV1_DISABLED")) {
    throw noCredentials(
      `Reading a token from the metadata service at ${metadataOrigin} failed: status ${response.statusCode}. ALIBABA_CLOUD_IMDSV1_DISABLED forbids requests without a token.`,
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

function onlyRole(response: HttpResponse, profile: Profile, { environment }: SignInContext): string {
  const { statusCode } = response;
  const name = response.takeText().trim();
  if (statusCode === 404 || (statusCode === 200 && name === "")) {
    profile.fail("the ECS instance has no role.");
  }
  if (statusCode !== 200 || !/^[\w.-]+$/.test(name)) {
    const problem = statusCode === 200 ? "the response is not the name of a role" : `status ${statusCode}`;
    throw noCredentials(
      `Reading the role from the metadata service at ${environment.metadataOrigin} failed: ${problem}.`,
    );
  }
  return name;
}

/** Sends a request past any proxy, which would reach its own metadata service, with another role. */
function ask(
  method: "GET" | "PUT",
  path: string,
  headers: Record<string, string>,
  timeout: number,
  { environment, transport }: SignInContext,
): Promise<HttpResponse> {
  const url = new URL(path, environment.metadataOrigin);
  const action = "Reading the metadata service";
  return httpCall({ transport, direct: true, method, url, headers, timeout, action });
}
