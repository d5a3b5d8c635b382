import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { ConnectionError, SettingsError } from "../../src/errors/errors.js";
import { instanceLookup } from "../../src/lookup/functions.js";
import type { Values } from "../helpers/signingIn.js";
import { connectProxy, endAll, makeAuthority, makeHome, standIn, tlsStandIn } from "../helpers/standIn.js";

const run = promisify(execFile);
const emptyList = { body: { Code: "OK", Success: true, RequestId: "r", TotalCount: 0, Instances: [] } };
const host = "outboundbot.cn-shanghai.aliyuncs.com";
const vpcHost = "outboundbot-vpc.cn-shanghai.aliyuncs.com";

/** Runs one lookup with only these settings. */
async function look(environment: Values, config: Values = {}): Promise<void> {
  const all: Values = {
    "outboundbot:accessKey": "LTAItransport",
    "outboundbot:secretKey": "secret",
    "outboundbot:maxAttempts": "1",
    ...config,
  };
  await instanceLookup.all(
    "getInstances",
    {},
    {
      sources: { config: (key) => all[key], environment: { HOME: "/nonexistent", ...environment } },
      warn: assert.fail,
      progress: () => {},
    },
  );
}

function failsWith(code: string, ...parts: RegExp[]): (error: unknown) => boolean {
  return (error) => {
    assert.ok(ConnectionError.isInstance(error), String(error));
    assert.equal(error.code, code, error.message);
    for (const part of parts) {
      assert.match(error.message, part);
    }
    return true;
  };
}

describe("proxies and TLS", () => {
  const authority = makeAuthority([host, vpcHost, "sts-vpc.cn-shanghai.aliyuncs.com", "127.0.0.1"]);

  afterEach(endAll);

  describe("with a private authority", () => {
    before(function () {
      if (authority === undefined) {
        this.skip(); // There is no openssl to make one.
      }
    });

    const own = () => authority ?? assert.fail("no authority");

    for (const [password, sent] of [
      ["pass%2F", "pass/"],
      ["100%", "100%"],
      ["%zz%2F", "%zz%2F"],
    ] as const) {
      it(`calls the service through HTTPS_PROXY, signing in with the proxy's password ${password}`, async () => {
        const service = await tlsStandIn(own(), () => emptyList);
        const proxy = await connectProxy(service.port);
        await look({
          HTTPS_PROXY: proxy.url.replace("//", `//user:${password}@`),
          OUTBOUNDBOT_CA_FILE: own().caFile,
        });
        assert.deepEqual(proxy.tunnels, [`${host}:443`]);
        assert.deepEqual(proxy.plain, []);
        assert.equal(proxy.authorizations[0], `Basic ${Buffer.from(`user:${sent}`).toString("base64")}`);
        assert.equal(service.received[0]?.headers.host, host);
      });
    }

    for (const refusal of ["502 Bad Gateway", "503 Busy", "504 Gateway Timeout", "reset"]) {
      it(`opens another tunnel if the proxy refuses the first one (${refusal})`, async () => {
        const service = await tlsStandIn(own(), () => emptyList);
        const proxy = await connectProxy(service.port, refusal, 1);
        const environment = { HTTPS_PROXY: proxy.url, OUTBOUNDBOT_CA_FILE: own().caFile };
        await look(environment, { "outboundbot:maxAttempts": "2" });
        assert.equal(proxy.tunnels.length, 2);
      });
    }

    it("sends a Windows domain and punctuation in the credentials of a proxy", async () => {
      const service = await tlsStandIn(own(), () => emptyList);
      const proxy = await connectProxy(service.port);
      for (const user of ["CORP\\user:pw", "CORP\\user:p/w?#@x"]) {
        for (const scheme of ["http://", ""]) {
          const url = `${scheme}${user}@127.0.0.1:${proxy.port}`;
          await look({ HTTPS_PROXY: url, OUTBOUNDBOT_CA_FILE: own().caFile });
          const sent = Buffer.from(user).toString("base64");
          assert.equal(proxy.authorizations.at(-1), `Basic ${sent}`, url);
        }
      }
    });

    it("reaches the VPC endpoints of the service and STS through a proxy given as host:port", async () => {
      const expiration = new Date(Date.now() + 3_600_000).toISOString();
      const keys = {
        AccessKeyId: "STS.fromTheProxy",
        AccessKeySecret: "s",
        SecurityToken: "t",
        Expiration: expiration,
      };
      const service = await tlsStandIn(own(), ({ headers }) =>
        headers["x-acs-action"] === "AssumeRole"
          ? { body: { RequestId: "1", Credentials: keys } }
          : emptyList,
      );
      const proxy = await connectProxy(service.port);
      await look(
        { https_proxy: `127.0.0.1:${proxy.port}` },
        {
          "outboundbot:network": "vpc",
          "outboundbot:caFile": own().caFile,
          "outboundbot:assumeRole": '{"roleArn":"acs:ram::1:role/r"}',
        },
      );
      assert.deepEqual(proxy.tunnels, ["sts-vpc.cn-shanghai.aliyuncs.com:443", `${vpcHost}:443`]);
    });

    it("bypasses the proxy for hosts of NO_PROXY", async () => {
      const service = await tlsStandIn(own(), () => emptyList);
      const proxy = await connectProxy(service.port);
      const environment = { HTTPS_PROXY: proxy.url, OUTBOUNDBOT_CA_FILE: own().caFile };
      await look({ ...environment, NO_PROXY: "localhost,127.0.0.1", OUTBOUNDBOT_ENDPOINT: service.origin });
      assert.deepEqual(proxy.tunnels, []);
      await look({ ...environment, NO_PROXY: "localhost", OUTBOUNDBOT_ENDPOINT: service.origin });
      assert.deepEqual(proxy.tunnels, [`127.0.0.1:${service.port}`]);
    });

    it("trusts the CA of NODE_EXTRA_CA_CERTS, alone and in addition to caFile", async () => {
      const service = await tlsStandIn(own(), () => emptyList);
      const other = makeAuthority(["other.example"]) ?? assert.fail("no authority");
      await look({
        OUTBOUNDBOT_ENDPOINT: service.origin,
        OUTBOUNDBOT_CA_FILE: other.caFile,
        NODE_EXTRA_CA_CERTS: own().caFile,
      });

      // Node reads the variable only once, at startup.
      const module = JSON.stringify(join(__dirname, "..", "..", "src", "lookup", "functions.ts"));
      const program = `const { instanceLookup } = require(${module}); const environment = process.env;
        instanceLookup.all("getInstances", {}, { sources: { config: () => undefined, environment }, warn() {}, progress() {} }).then(console.log);`;
      const env = {
        PATH: process.env.PATH,
        OUTBOUNDBOT_ENDPOINT: service.origin,
        ALICLOUD_ACCESS_KEY: "LTAItransport",
        ALICLOUD_SECRET_KEY: "secret",
        NODE_EXTRA_CA_CERTS: own().caFile,
      };
      const { stdout } = await run(process.execPath, ["--import", "tsx", "-e", program], { env });
      assert.match(stdout, /totalCount: 0/);
    });

    it("rejects a certificate of an unknown CA, whatever NODE_TLS_REJECT_UNAUTHORIZED is", async () => {
      const service = await tlsStandIn(own(), () => emptyList);
      const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
      try {
        await assert.rejects(
          look({ OUTBOUNDBOT_ENDPOINT: service.origin }),
          failsWith("TlsFailure", /outboundbot:caFile/),
        );
      } finally {
        if (before === undefined) {
          delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
        } else {
          process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
        }
      }
      assert.equal(service.received.length, 0);
    });

    it("rejects a certificate for another host", async () => {
      const service = await tlsStandIn(own(), () => emptyList);
      await assert.rejects(
        look({
          OUTBOUNDBOT_ENDPOINT: `https://localhost:${service.port}`,
          OUTBOUNDBOT_CA_FILE: own().caFile,
        }),
        failsWith("TlsFailure"),
      );
    });
  });

  it("never sends plain HTTP on loopback through a proxy", async () => {
    const service = await standIn(() => emptyList);
    const proxy = await connectProxy(service.port);
    await look({ OUTBOUNDBOT_ENDPOINT: service.origin, HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url });
    assert.deepEqual([...proxy.tunnels, ...proxy.plain], []);
    assert.equal(service.received.length, 1);
  });

  it("distinguishes an error of the proxy from one of the service", async () => {
    const proxy = await connectProxy(1, "407 Proxy Authentication Required");
    await assert.rejects(
      look({ HTTPS_PROXY: proxy.url }, { "outboundbot:maxAttempts": "2" }),
      failsWith(
        "ProxyFailure",
        new RegExp(`127.0.0.1:${proxy.port} returned status 407 \\(authentication required`),
        /Check HTTPS_PROXY/,
      ),
    );
    assert.equal(proxy.tunnels.length, 1);
  });

  it("distinguishes an unreachable proxy from an unreachable service", async () => {
    await assert.rejects(
      look({ HTTPS_PROXY: "http://planted:planted@127.0.0.1:1" }),
      failsWith("ProxyFailure", /the proxy 127\.0\.0\.1:1 can't be used: nothing is listening on the port/),
    );
  });

  it("closes the connection to a proxy that doesn't respond, so that the process can end", async () => {
    const closed: Promise<unknown>[] = [];
    const proxy = createServer((socket) => {
      closed.push(once(socket, "close"));
      socket.resume();
    });
    await once(proxy.listen(0, "127.0.0.1"), "listening");
    const address = proxy.address();
    assert.ok(typeof address === "object" && address !== null);
    await assert.rejects(
      look({ HTTPS_PROXY: `http://127.0.0.1:${address.port}` }, { "outboundbot:callTimeout": "100" }),
      failsWith("CallTimeout", /no complete response within 0\.1 s/),
    );
    assert.equal(closed.length, 1);
    await Promise.all(closed);
    await promisify(proxy.close.bind(proxy))();
  });

  it("rejects a proxy that isn't a URL, without showing it", async () => {
    await assert.rejects(
      look({ HTTPS_PROXY: "socks5://planted:planted@127.0.0.1:1" }),
      (error: unknown) =>
        SettingsError.isInstance(error) &&
        /HTTPS_PROXY: must be a proxy URL/.test(error.message) &&
        !/planted/.test(error.message),
    );
  });

  it("rejects a file without certificates", async () => {
    const file = join(makeHome(), "empty.pem");
    await assert.rejects(
      look({ OUTBOUNDBOT_CA_FILE: file }),
      /^SettingsError: Invalid environment variable OUTBOUNDBOT_CA_FILE: .*empty\.pem doesn't exist\./,
    );
    writeFileSync(file, "not a certificate");
    await assert.rejects(look({ OUTBOUNDBOT_CA_FILE: file }), /contains no PEM certificate/);
    writeFileSync(file, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    await assert.rejects(look({ OUTBOUNDBOT_CA_FILE: file }), SettingsError.isInstance);
  });
});
