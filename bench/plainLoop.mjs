// The loop that a user would write: one page after another with the vendor's SDK.
import { createRequire } from "node:module";

const pageSize = 100;

/**
 * Loads the vendor's client.
 *
 * @param folder the file URL of a folder from which the client is loaded.
 * @returns a function that lists all instances and returns their IDs.
 */
export function plainLoop(environment, folder = import.meta.url) {
  const require = createRequire(folder);
  const { default: Client, Config, OpenApiRequest, Params } = require("@alicloud/openapi-client");
  const openApiUtil = require("@alicloud/openapi-util");
  const teaUtil = require("@alicloud/tea-util");
  const endpoint = new URL(environment.ALIBABA_CLOUD_ENDPOINT_OUTBOUNDBOT);
  const client = new Client(
    new Config({
      accessKeyId: environment.ALIBABA_CLOUD_ACCESS_KEY_ID,
      accessKeySecret: environment.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
      endpoint: endpoint.host,
      protocol: "http",
    }),
  );
  const params = new Params({
    action: "ListInstances",
    version: "2019-12-26",
    protocol: "HTTP",
    pathname: "/",
    method: "POST",
    authType: "AK",
    style: "RPC",
    reqBodyType: "formData",
    bodyType: "json",
  });
  return async () => {
    const ids = [];
    for (let PageNumber = 1; ; PageNumber++) {
      const query = openApiUtil.default.query({ PageNumber, PageSize: pageSize });
      const request = new OpenApiRequest({ query });
      const { body } = await client.callApi(params, request, new teaUtil.RuntimeOptions({}));
      ids.push(...body.Instances.map(({ InstanceId }) => InstanceId));
      if (ids.length >= body.TotalCount || body.Instances.length === 0) {
        return ids;
      }
    }
  };
}
