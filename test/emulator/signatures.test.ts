import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Nonces } from "../../src/emulator/authentication.js";
import { getSigned, json, send, signVersion1 } from "../helpers/http.js";
import { closeAll, start } from "../helpers/running.js";
import { callWithSdk } from "../helpers/sdk.js";

const reserved = "a&b=c d+e%2F/?#[]@!$'()*,;:\"\\|^`<>{}~-_.中文";

describe("emulator: signatures", () => {
  afterEach(closeAll);

  describe("ACS3-HMAC-SHA256, as the vendor's SDK sends it", () => {
    it("accepts a correct signature of any characters", async () => {
      const emulator = await start({ instances: [{ InstanceId: "a", InstanceName: reserved }] });
      const answer = await callWithSdk(emulator, { Name: reserved, Tag: [] });
      assert.equal(answer.TotalCount, 1);
    });

    it("accepts a GET", async () => {
      const emulator = await start({ count: 3 });
      assert.equal((await callWithSdk(emulator, {}, { method: "GET" })).TotalCount, 3);
    });

    it("rejects an unknown access key ID", async () => {
      const emulator = await start();
      await assert.rejects(callWithSdk({ ...emulator, accessKeyId: "other" }), {
        code: "InvalidAccessKeyId.NotFound",
        statusCode: 404,
      });
    });

    it("rejects a wrong secret, without showing the correct one", async () => {
      const emulator = await start({ accessKeySecret: "planted" });
      await assert.rejects(callWithSdk({ ...emulator, accessKeySecret: "wrong" }), (error: Error) => {
        assert.match(error.message, /SignatureDoesNotMatch: code: 400, Specified signature is not matched/);
        assert.doesNotMatch(error.message, /planted/);
        return true;
      });
    });

    it("requires the configured security token", async () => {
      const emulator = await start({ securityToken: "token+/=" });
      const { securityToken: _, ...without } = { ...emulator };
      assert.equal((await callWithSdk(emulator)).Success, true);
      await assert.rejects(callWithSdk(without), { code: "MissingSecurityToken" });
      await assert.rejects(callWithSdk({ ...emulator, securityToken: "stale" }), {
        code: "InvalidSecurityToken.MismatchWithAccessKey",
        statusCode: 403,
      });
    });

    it("rejects a token if none is configured", async () => {
      const emulator = await start();
      await assert.rejects(callWithSdk({ ...emulator, securityToken: "any" }), {
        code: "InvalidSecurityToken.MismatchWithAccessKey",
      });
    });

    for (const [direction, clockOffset] of [
      ["behind", -1_000_000],
      ["ahead", 1_000_000],
    ] as const) {
      it(`rejects a time that is more than 15 minutes off (service ${direction}), and shows both times`, async () => {
        const emulator = await start({ clockOffset });
        await assert.rejects(callWithSdk(emulator), {
          code: "InvalidTimeStamp.Expired",
          message: /the request says \d{4}-.*Z, the service's clock says \d{4}-.*Z/,
        });
      });
    }

    it("accepts a time that is less than 15 minutes off", async () => {
      const emulator = await start({ clockOffset: 800_000 });
      assert.equal((await callWithSdk(emulator)).Success, true);
    });

    const emptyHash = createHash("sha256").digest("hex");
    const headers = {
      "x-acs-action": "ListInstances",
      "x-acs-version": "2019-12-26",
      "x-acs-date": "2026-01-01T00:00:00Z",
      "x-acs-signature-nonce": "n",
      "x-acs-content-sha256": emptyHash,
    };
    const signing = (names: string) =>
      `ACS3-HMAC-SHA256 Credential=emulator-access-key-id,SignedHeaders=${names},Signature=${emptyHash}`;
    const all = ["host", ...Object.keys(headers)].join(";");
    const cases: readonly [string, Record<string, string>, string, RegExp][] = [
      ["no signature at all", {}, "MissingParameter", /AccessKeyId/],
      [
        "another algorithm",
        { ...headers, authorization: "ACS3-RSA-SHA256 x" },
        "IncompleteSignature",
        /must read/,
      ],
      [
        "an unsigned header",
        { ...headers, authorization: signing("host;x-acs-date") },
        "IncompleteSignature",
        /must be signed: x-acs-action, x-acs-version, x-acs-signature-nonce, x-acs-content-sha256\./,
      ],
      [
        "a wrong content hash",
        { ...headers, "x-acs-content-sha256": "0".repeat(64), authorization: signing(all) },
        "IncompleteSignature",
        /is not the SHA-256 of the body/,
      ],
      [
        "no content hash",
        { ...headers, "x-acs-content-sha256": "", authorization: signing(all) },
        "MissingParameter",
        /x-acs-content-sha256/,
      ],
      [
        "an invalid date",
        { ...headers, "x-acs-date": "yesterday", authorization: signing(all) },
        "InvalidTimeStamp.Format",
        /2019-12-26T12:00:00Z/,
      ],
    ];
    for (const [title, given, code, message] of cases) {
      it(`rejects ${title}`, async () => {
        const emulator = await start();
        const answer = await send(emulator.endpoint, { method: "POST", headers: given });
        assert.deepEqual([answer.status, json(answer).Code], [400, code]);
        assert.match(String(json(answer).Message), message);
      });
    }
  });

  describe("version 1.0, in the parameters", () => {
    it("accepts a GET with any characters", async () => {
      const emulator = await start({
        instances: [{ InstanceId: "a", ResourceTags: [{ Key: reserved, Value: reserved }] }],
        securityToken: "t+/=",
      });
      const answer = await getSigned(emulator, { "Tag.1.Key": reserved, "Tag.1.Value": reserved });
      assert.deepEqual([answer.status, json(answer).TotalCount], [200, 1]);
    });

    it("accepts a POST with the parameters in a form", async () => {
      const emulator = await start({ count: 4 });
      const answer = await send(emulator.endpoint, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
        body: signVersion1(emulator, "POST", { PageSize: "2" }),
      });
      assert.deepEqual([json(answer).PageSize, json(answer).TotalCount], [2, 4]);
    });

    it("rejects a used nonce, but not one of a rejected request", async () => {
      const emulator = await start();
      const nonce = { SignatureNonce: "once" };
      assert.equal((await getSigned({ ...emulator, accessKeySecret: "wrong" }, nonce)).status, 400);
      assert.equal((await getSigned(emulator, nonce)).status, 200);
      assert.equal(json(await getSigned(emulator, nonce)).Code, "SignatureNonceUsed");
    });

    const cases: readonly [string, Record<string, string>, string][] = [
      ["another method of signing", { SignatureMethod: "HMAC-SHA256" }, "InvalidParameter.SignatureMethod"],
      ["another version", { SignatureVersion: "2.0" }, "InvalidParameter.SignatureVersion"],
      ["no nonce", { SignatureNonce: "" }, "MissingParameter"],
      ["an old time", { Timestamp: "2020-01-01T00:00:00Z" }, "InvalidTimeStamp.Expired"],
      ["a request for XML", { Format: "XML" }, "UnsupportedFormat"],
    ];
    for (const [title, given, code] of cases) {
      it(`rejects ${title}`, async () => {
        const emulator = await start();
        const answer = await getSigned(emulator, given);
        assert.deepEqual([answer.status, json(answer).Code], [400, code]);
      });
    }

    it("rejects a query that was changed after signing", async () => {
      const emulator = await start();
      const answer = await send(`${emulator.endpoint}/?${signVersion1(emulator, "GET")}&PageSize=2`);
      assert.equal(json(answer).Code, "SignatureDoesNotMatch");
    });

    it("rejects a repeated parameter", async () => {
      const emulator = await start();
      const answer = await send(`${emulator.endpoint}/?${signVersion1(emulator, "GET")}&Action=X`);
      assert.equal(json(answer).Code, "InvalidParameter.Action");
    });
  });

  it("forgets the oldest nonces", () => {
    const nonces = new Nonces(2);
    assert.deepEqual(
      ["a", "b", "b", "c", "a"].map((nonce) => nonces.use(nonce)),
      [true, true, false, true, true],
    );
  });
});
