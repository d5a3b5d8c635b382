import assert from "node:assert/strict";
import { Socket } from "node:net";
import { mock } from "node:test";
import { instanceLookup } from "../../src/lookup/functions.js";
import { anHourOn } from "../helpers/signingIn.js";
import { endAll, standIn } from "../helpers/standIn.js";

describe("the traffic of a lookup", () => {
  afterEach(endAll);

  it("goes to the service and to STS, and nowhere else", async () => {
    const service = await standIn(() => ({ body: { Success: true, TotalCount: 0, Instances: [] } }));
    const session = {
      AccessKeyId: "STS.x",
      AccessKeySecret: "s",
      SecurityToken: "t",
      Expiration: anHourOn(),
    };
    const sts = await standIn(() => ({ body: { Credentials: session } }));
    const config: Record<string, string> = {
      "outboundbot:accessKey": "LTAItrafficKeyId",
      "outboundbot:secretKey": "a-secret-of-the-test",
      "outboundbot:assumeRole": '{"roleArn":"acs:ram::1:role/r"}',
      "outboundbot:endpoint": service.origin,
      "outboundbot:stsEndpoint": sts.origin,
    };
    const connections = mock.method(Socket.prototype, "connect");
    try {
      const sources = { config: (key: string) => config[key], environment: {} };
      await instanceLookup.all("getInstances", {}, { sources, warn: assert.fail, progress: () => {} });
      // Node passes the arguments of net.connect as one list, the options first.
      const targets = connections.mock.calls.map(({ arguments: [first] }) => {
        const options = Object(Array.isArray(first) ? first[0] : first);
        return `http://${options.host}:${options.port}`;
      });
      assert.deepEqual(targets, [sts.origin, service.origin]);
    } finally {
      connections.mock.restore();
    }
  });
});
