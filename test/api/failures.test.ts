import assert from "node:assert/strict";
import { OutboundBotError, ServiceError } from "../../src/errors/errors.js";
import { instanceLookup } from "../../src/lookup/functions.js";
import { failureOf } from "../helpers/lookup.js";
import { closeAll, start } from "../helpers/running.js";
import type { Values } from "../helpers/signingIn.js";
import { endAll, type Reply, standIn } from "../helpers/standIn.js";

const keyId = "LTAIfailuresKeyId";
const secret = "failuresSecret-planted";

/** Returns the error of one lookup at this endpoint. */
async function failureAt(endpoint: string, config: Values = {}): Promise<OutboundBotError> {
  const all: Values = {
    "outboundbot:accessKey": keyId,
    "outboundbot:secretKey": secret,
    "outboundbot:maxAttempts": "1",
    "outboundbot:endpoint": endpoint,
    ...config,
  };
  const sources = { config: (key: string) => all[key], environment: { HOME: "/nonexistent" } };
  const error = await failureOf(
    instanceLookup.all("getInstances", {}, { sources, warn: () => {}, progress: () => {} }),
  );
  assert.ok(OutboundBotError.isInstance(error), String(error));
  return error;
}

async function failureAfter(reply: Reply, config: Values = {}): Promise<OutboundBotError> {
  const service = await standIn(() => reply);
  return failureAt(service.origin, config);
}

function has(message: string, ...parts: (string | RegExp)[]): void {
  for (const part of parts) {
    if (typeof part === "string") {
      assert.ok(message.includes(part), `${part} is missing in: ${message}`);
    } else {
      assert.match(message, part);
    }
  }
}

describe("an error states the action, the endpoint, the identity, the response and what to do", () => {
  afterEach(async () => {
    endAll();
    await closeAll();
  });

  for (const code of ["Forbidden.RAM", "NoPermission", "Forbidden"]) {
    it(`${code}: the RAM policy to attach`, async () => {
      const body = { Code: code, Message: "User not authorized to operate", RequestId: "REQ-1" };
      const { message } = await failureAfter({ status: 403, body });
      has(
        message,
        /^ListInstances at http:\/\/127\.0\.0\.1:\d+ failed: /,
        `${code} (status 403, request ID REQ-1, access key LTAI****eyId from configuration outboundbot:accessKey`,
        "User not authorized to operate. ",
        '{"Version":"1","Statement":[{"Effect":"Allow","Action":"outboundbot:ListInstances","Resource":"*"}]}',
      );
    });
  }

  it("InvalidAccessKeyId.NotFound: the setting that the key came from", async () => {
    const { endpoint } = await start();
    const { code, message } = await failureAt(endpoint);
    assert.equal(code, "InvalidAccessKeyId.NotFound");
    has(message, "access key LTAI****eyId from configuration outboundbot:accessKey");
  });

  it("SignatureDoesNotMatch: both settings, and nothing of the string to sign", async () => {
    const { endpoint } = await start({ accessKeyId: keyId, accessKeySecret: "another" });
    const { code, message } = await failureAt(endpoint);
    assert.equal(code, "SignatureDoesNotMatch");
    has(message, "configuration outboundbot:accessKey and outboundbot:secretKey");
    assert.doesNotMatch(message, /string to sign|x-acs-|planted/);
  });

  it("an expired token", async () => {
    const body = {
      Code: "InvalidSecurityToken.Expired",
      Message: "Specified SecurityToken is expired.",
      RequestId: "R",
    };
    has((await failureAfter({ status: 400, body })).message, "Get new temporary credentials");
  });

  it("a wrong clock: both times", async () => {
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    const body = {
      Code: "InvalidTimeStamp.Expired",
      Message: "Specified time stamp is expired.",
      RequestId: "R",
    };
    const { message } = await failureAfter({ status: 400, headers: { date }, body });
    has(message, /The local clock \(\d{4}-.*Z\) is 60 minutes behind the service's clock \(\d{4}-.*Z\)\./);

    const { endpoint } = await start({ accessKeyId: keyId, accessKeySecret: secret, clockOffset: 3_600_000 });
    has(
      (await failureAt(endpoint)).message,
      "InvalidTimeStamp.Expired",
      /Synchronize (it|the local clock), for example with NTP\.$/,
    );
  });

  it("an unknown host", async () => {
    // Longer than a host name can be, so that it fails without a DNS request.
    const host = `${"x".repeat(64)}.invalid`;
    const { code, message } = await failureAt(`https://${host}`);
    assert.equal(code, "UnknownHost");
    has(message, `ListInstances at https://${host} failed`, "Check the endpoint and DNS");
  });

  it("a closed port", async () => {
    const { code, message } = await failureAt("http://127.0.0.1:1");
    assert.equal(code, "ConnectionRefused");
    has(message, "Check the firewall and the port of the endpoint");
  });

  it("a page that didn't come from the service", async () => {
    const { code, message } = await failureAfter({
      status: 200,
      headers: { "content-type": "text/html" },
      body: "<html>planted",
    });
    assert.equal(code, "UnreadableResponse");
    has(message, "13 characters of text/html", "a captive portal");
    assert.doesNotMatch(message, /planted/);
  });

  it("a redirect, without its query", async () => {
    const headers = { location: "https://login.example/page?token=planted" };
    const { message } = await failureAfter({ status: 302, headers, body: "" });
    has(message, "a redirect to https://login.example/page");
    assert.doesNotMatch(message, /planted/);
  });

  it("a service's message is shortened, and its secrets are redacted", async () => {
    const token = "a+token/planted=";
    const said = `${secret} ${token} ${encodeURIComponent(token)} ${encodeURIComponent(encodeURIComponent(token))} ${"x".repeat(5000)}`;
    const error = await failureAfter(
      { status: 400, body: { Code: "Odd", Message: said, RequestId: "R" } },
      { "outboundbot:securityToken": token },
    );
    assert.ok(ServiceError.isInstance(error));
    has(error.message, "[secret] [secret] [secret] [secret] xxx");
    assert.ok(error.message.length < 900);
  });

  it("a secret that the service repeats encoded, in another case or as its request ID is redacted", async () => {
    const echoes = [Buffer.from(secret).toString("base64"), secret.toUpperCase()];
    const error = await failureAfter({
      status: 400,
      headers: { "content-type": "application/json", "x-acs-request-id": secret },
      body: { Code: "Odd", Message: echoes.join(" ") },
    });
    assert.ok(ServiceError.isInstance(error));
    assert.equal(error.requestId, "[secret]");
    has(error.message, "[secret] [secret]");
    const forged = await failureAfter({
      status: 400,
      body: { Code: "Odd", RequestId: "R\r\nerror: forged" },
    });
    assert.ok(ServiceError.isInstance(forged));
    assert.equal(forged.requestId, "R error: forged");
    const token = "failures/Token+planted==";
    for (const id of [encodeURIComponent(token), Buffer.from(token).toString("base64")]) {
      for (const status of [200, 400]) {
        const encoded = await failureAfter(
          { status, headers: { "x-acs-request-id": id }, body: { Code: "Odd", Message: "m" } },
          { "outboundbot:securityToken": token },
        );
        assert.ok(ServiceError.isInstance(encoded));
        assert.equal(encoded.requestId, "[secret]");
        assert.doesNotMatch(encoded.message, /planted/);
      }
    }
    const long = await failureAfter({
      status: 200,
      headers: { "content-type": "text/html", "x-acs-request-id": "r".repeat(5_000) },
      body: "<html>",
    });
    assert.ok(ServiceError.isInstance(long));
    assert.equal(long.requestId, "r".repeat(100));
  });

  it("a response that is larger than 4 MiB is not read to its end", async () => {
    for (const [size, said] of [
      [4 * 2 ** 20, "got 4194304 characters of text/plain (invalid JSON)"],
      [4 * 2 ** 20 + 1, "the response is larger than 4 MiB"],
    ] as const) {
      const headers = { "content-type": "text/plain" };
      has((await failureAfter({ headers, body: "x".repeat(size) })).message, said);
    }
  });
});
