import assert from "node:assert/strict";
import { CallerIdentity } from "../../src/api/callerIdentity.js";
import { ServiceClient } from "../../src/api/serviceClient.js";
import { Transport } from "../../src/api/transport.js";
import { callWithSdk } from "../helpers/sdk.js";
import { endAll, standIn } from "../helpers/standIn.js";

/** The headers that differ from call to call, or that the transport sets. */
const varying = [
  "x-acs-date",
  "x-acs-signature-nonce",
  "authorization",
  "user-agent",
  "content-length",
  "connection",
  "transfer-encoding",
  "accept-encoding",
];

const key = { accessKeyId: "id", accessKeySecret: "secret", securityToken: "token" };
const query = { PageNumber: 1, Name: "a b*'()!~ 客服", Tag: [{ Key: "环境", Value: "" }, { Key: "k" }] };
const form = { OIDCToken: "a+b/c= 客服", RoleSessionName: "*'()!~" };

describe("ServiceClient", () => {
  afterEach(endAll);

  for (const { kind, identity, action, parameters } of [
    {
      kind: "signed",
      identity: { getCredentials: async () => ({ ...key, providerName: "static_sts" }) },
      action: "ListInstances",
      parameters: { query },
    },
    {
      kind: "unsigned",
      identity: new CallerIdentity(undefined, "token", [form.OIDCToken]),
      action: "AssumeRoleWithOIDC",
      parameters: { form },
    },
  ]) {
    it(`sends ${kind} calls like the vendor's client`, async () => {
      const { origin, port, received } = await standIn(() => ({ body: {} }));
      const version = "2019-12-26";
      await callWithSdk({ endpoint: origin, ...key }, parameters.query, {
        action,
        version,
        form: parameters.form,
      });
      const client = new ServiceClient({
        endpoint: { protocol: "http", host: `127.0.0.1:${port}` },
        identity,
        userAgent: "pulumi-outboundbot/0",
        transport: new Transport({ proxy: undefined, caFile: undefined, extraCaFile: undefined }, 1),
      });
      await client.send({ action, version, ...parameters }, new AbortController().signal);

      const [theirs, ours] = received.map(({ method, query, headers, body }) => {
        const stable = Object.entries(headers).filter(([name]) => !varying.includes(name));
        const signed = /SignedHeaders=([^,]*),/.exec(headers.authorization ?? "")?.[1]?.split(";");
        return { method, query: [...query].sort(), headers: Object.fromEntries(stable), signed, body };
      });
      assert.deepEqual(ours, theirs);
      assert.match(received[1]?.headers["user-agent"] ?? "", /^AlibabaCloud .* pulumi-outboundbot\/0$/);
    });
  }
});
