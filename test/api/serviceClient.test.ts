import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { ServiceClient } from "../../src/api/serviceClient.js";
import { Transport } from "../../src/api/transport.js";
import { callWithSdk } from "../helpers/sdk.js";

/** The headers that differ from call to call. */
const varying = [
  "x-acs-date",
  "x-acs-signature-nonce",
  "authorization",
  "user-agent",
  "content-length",
  "connection",
];

describe("ServiceClient", () => {
  it("sends and signs the same headers as the vendor's client", async () => {
    const received: IncomingMessage[] = [];
    const server = createServer((request, response) => {
      received.push(request);
      response.end("{}");
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    const host = `127.0.0.1:${address.port}`;
    const key = { accessKeyId: "id", accessKeySecret: "secret", securityToken: "token" };
    const query = { PageNumber: 1, Name: "a b*'()!~ 客服", Tag: [{ Key: "环境", Value: "" }, { Key: "k" }] };

    await callWithSdk({ endpoint: `http://${host}`, ...key }, query);
    const client = new ServiceClient({
      endpoint: { protocol: "http", host },
      credentials: { getCredentials: async () => ({ ...key, providerName: "static_sts" }) },
      userAgent: "pulumi-outboundbot/0",
      transport: new Transport({ proxy: undefined, caFile: undefined, extraCaFile: undefined }, 1),
    });
    await client.send("ListInstances", "2019-12-26", query, new AbortController().signal);
    server.closeAllConnections();
    server.close();

    const [theirs, ours] = received.map(({ method, url = "", headers }) => {
      const stable = Object.entries(headers).filter(([name]) => !varying.includes(name));
      const signed = /SignedHeaders=([^,]*),/.exec(headers.authorization ?? "")?.[1]?.split(";");
      const parameters = [...new URL(url, "http://host").searchParams].sort();
      return { method, parameters, headers: Object.fromEntries(stable), signed };
    });
    assert.deepEqual(ours, theirs);
    assert.match(received[1]?.headers["user-agent"] ?? "", /^AlibabaCloud .* pulumi-outboundbot\/0$/);
  });
});
