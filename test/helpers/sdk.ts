import OpenApiClient, { Config, OpenApiRequest, Params } from "@alicloud/openapi-client";
import OpenApiUtil from "@alicloud/openapi-util";
import { RuntimeOptions } from "@alicloud/tea-util";

/** The endpoint and access key of a call. */
export interface Connection {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
}

/** The details of a call. A call with a form isn't signed. */
export interface SdkCall {
  readonly action?: string;
  readonly version?: string;
  readonly method?: string;
  readonly form?: Readonly<Record<string, string>> | undefined;
}

/** Calls ListInstances (or another action) with the vendor's SDK, which signs with ACS3-HMAC-SHA256. */
export async function callWithSdk(
  connection: Connection,
  query: Readonly<Record<string, unknown>> = {},
  { action = "ListInstances", version = "2019-12-26", method = "POST", form }: SdkCall = {},
): Promise<Record<string, unknown>> {
  const { accessKeyId, accessKeySecret, securityToken } = connection;
  const client = new OpenApiClient(
    new Config({
      accessKeyId,
      accessKeySecret,
      ...(securityToken === undefined ? {} : { securityToken }),
      endpoint: new URL(connection.endpoint).host,
      protocol: "HTTP",
    }),
  );
  const params = new Params({
    action,
    version,
    method,
    protocol: "HTTP",
    pathname: "/",
    authType: form === undefined ? "AK" : "Anonymous",
    style: "RPC",
    reqBodyType: "formData",
    bodyType: "string",
  });
  const request = new OpenApiRequest({ query: OpenApiUtil.query(query), body: form });
  const { body } = await client.callApi(params, request, new RuntimeOptions({}));
  return { text: body, ...JSON.parse(String(body)) };
}
