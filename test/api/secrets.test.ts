import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { inspect, promisify } from "node:util";
import { instanceLookup } from "../../src/lookup/functions.js";
import { anHourOn, type Values } from "../helpers/signingIn.js";
import {
  connectProxy,
  endAll,
  makeAuthority,
  makeHome,
  type Received,
  type Reply,
  type StandIn,
  standIn,
  tlsStandIn,
} from "../helpers/standIn.js";

const run = promisify(execFile);
const planted = "PlantedSecret0123456789";
const keyId = "LTAIsecretsKeyId";

/** Returns everything that an error shows, however it is inspected. */
function everythingOf(error: unknown): string {
  const seen: string[] = [
    String(error),
    JSON.stringify(error),
    inspect(error, { showHidden: true, depth: Infinity }),
  ];
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    seen.push(cause.message, cause.stack ?? "", JSON.stringify(Object.getOwnPropertyDescriptors(cause)));
  }
  return seen.join("\n");
}

async function attempt(config: Values, environment: Values): Promise<string> {
  const shown: string[] = [];
  const all: Values = { "outboundbot:maxAttempts": "2", ...config };
  const context = {
    sources: {
      config: (key: string) => all[key],
      configKeys: () => Object.keys(all),
      environment: { HOME: makeHome(), ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true", ...environment },
    },
    warn: (message: string) => void shown.push(message),
    progress: (message: string) => void shown.push(message),
  };
  try {
    shown.push(inspect(await instanceLookup.all("getInstances", {}, context), { depth: Infinity }));
  } catch (error) {
    shown.push(everythingOf(error));
  }
  return shown.join("\n");
}

/** A service that repeats everything it received, and all contents of a session. */
const parrot = ({ headers, query, body }: Received): Reply => ({
  status: 400,
  body: {
    Code: "SignatureDoesNotMatch",
    Message: `no. ${JSON.stringify([headers, [...query], body, planted])}`,
    RequestId: planted,
  },
});

describe("a planted secret", () => {
  afterEach(endAll);

  const key = {
    "outboundbot:accessKey": keyId,
    "outboundbot:secretKey": planted,
    "outboundbot:securityToken": `${planted}token`,
  };
  const role = { "outboundbot:assumeRole": '{"roleArn":"acs:ram::1:role/r"}' };
  const session = {
    AccessKeyId: "STS.x",
    AccessKeySecret: planted,
    SecurityToken: `${planted}token`,
    Expiration: anHourOn(),
  };

  type Case = (service: StandIn) => Promise<{ config: Values; environment?: Values }>;
  const cases: Record<string, Case> = {
    "of a key at a service that repeats it": async (service) => ({
      config: { ...key, "outboundbot:endpoint": service.origin },
    }),
    "of a key at a port where nothing listens": async () => ({
      config: { ...key, "outboundbot:endpoint": "http://127.0.0.1:1" },
    }),
    "of a key that contains a line break": async () => ({
      config: { ...key, "outboundbot:secretKey": `${planted}\n${planted}` },
    }),
    "of a key at an STS that repeats it": async (service) => ({
      config: { ...key, ...role, "outboundbot:stsEndpoint": service.origin },
    }),
    "of a session in a truncated response of STS": async () => {
      const sts = await standIn(() => ({ body: JSON.stringify({ Credentials: session }).slice(0, -30) }));
      return { config: { ...key, ...role, "outboundbot:stsEndpoint": sts.origin } };
    },
    "of a session without an ID": async () => {
      const sts = await standIn(() => ({ body: { Credentials: { ...session, AccessKeyId: undefined } } }));
      return { config: { ...key, ...role, "outboundbot:stsEndpoint": sts.origin } };
    },
    "in an OIDC token": async (service) => ({
      config: {
        "outboundbot:assumeRoleWithOidc": JSON.stringify({
          oidcToken: planted,
          roleArn: "r",
          oidcProviderArn: "p",
        }),
        "outboundbot:stsEndpoint": service.origin,
      },
    }),
    "in an invalid setting": async () => ({
      config: { "outboundbot:assumeRoleWithOidc": `{"oidcToken":"${planted}"` },
    }),
    "in a credentials URI that fails": async (service) => ({
      config: {
        "outboundbot:credentialsUri": `${service.origin.replace("//", `//u:${planted}@`)}/${planted}?token=${planted}`,
      },
    }),
    "in an invalid credentials URI": async () => ({
      config: { "outboundbot:credentialsUri": `nonsense ${planted}` },
    }),
    "in a truncated response of a credentials URI": async () => {
      const uri = await standIn(() => ({ body: JSON.stringify(session).slice(0, -20) }));
      return { config: { "outboundbot:credentialsUri": uri.origin } };
    },
    "in a truncated file": async () => ({
      config: { "outboundbot:profile": "p" },
      environment: {
        HOME: makeHome({
          ".aliyun/config.json": `{"profiles":[{"name":"p","access_key_secret":"${planted}"`,
        }),
      },
    }),
    "in a profile of an unknown mode": async () => ({
      config: { "outboundbot:profile": "p" },
      environment: {
        HOME: makeHome({
          ".aliyun/config.json": {
            profiles: [{ name: "p", mode: "X", access_key_secret: planted, sts_token: planted }],
          },
        }),
      },
    }),
    "in a file of the SDKs": async () => ({
      config: { "outboundbot:profile": "p" },
      environment: {
        HOME: makeHome({
          ".alibabacloud/credentials": `[p]\ntype=access_key\naccess_key_secret=${planted}\n`,
        }),
      },
    }),
    "in the program of a profile": async () => {
      const profile = {
        name: "p",
        mode: "External",
        process_command: `"${process.execPath}" -e "console.log('${planted}')"`,
      };
      return {
        config: { "outboundbot:profile": "p" },
        environment: { HOME: makeHome({ ".aliyun/config.json": { profiles: [profile] } }) },
      };
    },
    "in a proxy's password": async () => {
      const proxy = await connectProxy(1, "407 No");
      return { config: key, environment: { HTTPS_PROXY: proxy.url.replace("//", `//u:${planted}@`) } };
    },
    "in a response of the metadata service": async () => {
      const metadata = await standIn(({ method }) =>
        method === "PUT" ? { body: planted } : { status: 500, body: planted },
      );
      return {
        config: { "outboundbot:ecsRoleName": "r" },
        environment: {
          OUTBOUNDBOT_METADATA_ENDPOINT: metadata.origin,
          ALIBABA_CLOUD_ECS_METADATA_DISABLED: "",
        },
      };
    },
  };

  for (const [name, prepare] of Object.entries(cases)) {
    it(`${name} appears nowhere`, async () => {
      const { config, environment = {} } = await prepare(await standIn(parrot));
      const shown = await attempt(config, environment);
      assert.match(shown, /Error/);
      assert.equal(shown.includes(planted.slice(0, 13)), false, shown.slice(0, 3000));
    });
  }

  it("never comes with its whole access key ID, even if the service repeats the ID", async () => {
    const { origin } = await standIn(() => ({
      status: 403,
      body: {
        Code: "Odd",
        Message: `no ${keyId} and ${encodeURIComponent(keyId)}.`,
        RequestId: `R-${keyId}`,
      },
    }));
    const shown = await attempt({ ...key, "outboundbot:endpoint": origin }, {});
    assert.match(shown, /request ID R-LTAI\*{4}eyId.*: no LTAI\*{4}eyId and LTAI\*{4}eyId\./);
    assert.equal(shown.includes(keyId), false);
  });

  const token = `${planted}/+token==`;
  const asEscapes = (text: string) =>
    [...text].map((char) => `\\u00${char.charCodeAt(0).toString(16).toUpperCase()}`).join("");
  const repeated: Record<string, readonly [token: string, inJson: string, refused: boolean]> = {
    unchanged: [token, token, true],
    "URL-encoded": [token, encodeURIComponent(token), true],
    "in lower case": [token, token.toLowerCase(), true],
    "URL-encoded in lower case": [token, encodeURIComponent(token).toLowerCase(), true],
    "in base64": [token, Buffer.from(token).toString("base64"), true],
    "in base64 as part of a longer text": [token, Buffer.from(`t=${token}&x=y`).toString("base64url"), true],
    "with an escaped slash": [token, token.replace("/", "\\/"), true],
    "in JSON escapes": [token, asEscapes(token), true],
    "in hexadecimal": [token, Buffer.from(token).toString("hex").toUpperCase(), true],
    "if it is short enough to be a word": ["short-token", "short-token", false],
  };
  for (const [how, [securityToken, inJson, refused]] of Object.entries(repeated)) {
    it(`${refused ? "is rejected" : "is allowed"} in a list, ${how}`, async () => {
      const { origin } = await standIn(() => ({
        body: `{"Success":true,"TotalCount":1,"Instances":[{"InstanceId":"a","InstanceName":"bot ${inJson}"}]}`,
      }));
      const config = { ...key, "outboundbot:securityToken": securityToken, "outboundbot:endpoint": origin };
      const shown = await attempt(config, {});
      assert.equal(/UnreadableResponse/.test(shown), refused, shown);
      assert.equal(shown.includes(planted), false);
    });
  }

  const items: Record<string, readonly [item: object, where: string | undefined]> = {
    "an ID": [{ InstanceId: token }, "Instances[0].InstanceId"],
    "a text that many items share": [{ InstanceId: "a", OwnerName: token }, "Instances[0].OwnerName"],
    "a tag's key": [
      { InstanceId: "a", ResourceTags: [{ Key: token, Value: "" }] },
      "Instances[0].ResourceTags[0].Key",
    ],
    "a tag's value": [
      { InstanceId: "a", ResourceTags: [{ Key: "t", Value: token }] },
      "Instances[0].ResourceTags[0].Value",
    ],
    "a field that isn't read": [{ InstanceId: "a", AgentKey: token }, undefined],
  };
  for (const [what, [item, where]] of Object.entries(items)) {
    it(`is ${where === undefined ? "ignored" : "rejected"} in ${what}`, async () => {
      const { origin } = await standIn(() => ({
        body: JSON.stringify({ Success: true, TotalCount: 1, Instances: [item] }),
      }));
      const config = { ...key, "outboundbot:securityToken": token, "outboundbot:endpoint": origin };
      const shown = await attempt(config, {});
      assert.equal(shown.includes(`${where} contains a secret of the caller`), where !== undefined, shown);
      assert.equal(shown.includes(planted), false);
    });
  }

  describe("in Node's debug output", () => {
    const host = "outboundbot.cn-shanghai.aliyuncs.com";
    const emptyList = { body: { Success: true, TotalCount: 0, Instances: [] } };
    const authority = makeAuthority([host]);

    const lookups: Record<string, Case> = {
      direct: async (service) => ({ config: { ...key, "outboundbot:endpoint": service.origin } }),
      "through a proxy": async () => {
        const { caFile } = authority ?? assert.fail("no authority");
        const service = await tlsStandIn(authority ?? assert.fail("no authority"), () => emptyList);
        const proxy = await connectProxy(service.port);
        const environment = { HTTPS_PROXY: proxy.url.replace("//", `//u:${planted}@`) };
        return { config: { ...key, "outboundbot:caFile": caFile }, environment };
      },
      "signed in with a credentials URI and a role": async (service) => {
        const uri = await standIn(() => ({ body: { Code: "Success", ...session } }));
        const sts = await standIn(() => ({ body: { Credentials: session } }));
        return {
          config: {
            "outboundbot:endpoint": service.origin,
            "outboundbot:stsEndpoint": sts.origin,
            "outboundbot:credentialsUri": `${uri.origin.replace("//", `//u:${planted}@`)}/${planted}?token=${planted}`,
            "outboundbot:assumeRole": `{"roleArn":"acs:ram::1:role/r","externalId":"${planted}"}`,
          },
        };
      },
      "signed in with an OIDC token": async (service) => {
        const sts = await standIn(() => ({ body: { Credentials: session } }));
        const role = { oidcToken: planted, roleArn: "r", oidcProviderArn: "p" };
        return {
          config: {
            "outboundbot:endpoint": service.origin,
            "outboundbot:stsEndpoint": sts.origin,
            "outboundbot:assumeRoleWithOidc": JSON.stringify(role),
          },
        };
      },
    };
    for (const [how, prepare] of Object.entries(lookups)) {
      it(`appears nowhere in a lookup ${how}`, async function () {
        if (authority === undefined) {
          this.skip(); // There is no openssl to make one.
        }
        const { config, environment = {} } = await prepare(await standIn(() => emptyList));
        const program = `const { instanceLookup } = require(${JSON.stringify(join(__dirname, "..", "..", "src", "lookup", "functions.ts"))});
          const config = ${JSON.stringify(config)};
          const sources = { config: (k) => config[k], environment: ${JSON.stringify(environment)} };
          instanceLookup.all("getInstances", {}, { sources, warn: console.log, progress: console.log }).then(console.log);`;
        const env = { ...process.env, DEBUG: "*", NODE_DEBUG: "http,https,net,tls,stream,dns" };
        const { stdout, stderr } = await run(process.execPath, ["--import", "tsx", "-e", program], {
          env,
          maxBuffer: 1 << 26,
        });
        assert.match(stdout, /totalCount: 0/, stderr);
        assert.match(stderr, /^HTTP \d+: /m);
        for (const form of [planted, Buffer.from(`u:${planted}`).toString("base64")]) {
          const at = stderr.indexOf(form);
          assert.equal(at, -1, stderr.slice(at - 500, at + 100));
        }
        assert.equal(stdout.includes(planted), false);
      });
    }
  });
});
