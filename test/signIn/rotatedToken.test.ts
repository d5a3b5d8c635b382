import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ServiceError } from "../../src/errors/errors.js";
import { functions } from "../../src/lookup/functions.js";
import { anHourOn, type Values } from "../helpers/signingIn.js";
import { endAll, makeHome, type Received, type Reply, standIn } from "../helpers/standIn.js";

const list = { Code: "OK", Success: true, RequestId: "r", TotalCount: 0, Instances: [] };
const expired = { status: 400, body: { Code: "InvalidSecurityToken.Expired", Message: "expired" } };

/** A file with a profile of a temporary key, which another tool can rewrite. */
function rotating(more: object = {}) {
  const home = makeHome({ ".aliyun/config.json": "" });
  const write = (token: string) => {
    const key = { access_key_id: `STS.${token}`, access_key_secret: `${token}-secret`, sts_token: token };
    const profile = { name: "p", mode: "StsToken", ...key, ...more };
    const content = JSON.stringify({ current: "p", profiles: [profile] });
    writeFileSync(join(home, ".aliyun/config.json"), content);
  };
  write("old");
  return { home, write };
}

const tokensOf = (received: readonly Received[]) =>
  received.map(({ headers }) => headers["x-acs-security-token"]);

function lookUp(variables: Values) {
  const environment = { ALIBABA_CLOUD_PROFILE: "p", OUTBOUNDBOT_MAX_ATTEMPTS: "1", ...variables };
  const context = {
    sources: { config: () => undefined, environment },
    warn: assert.fail,
    progress: () => {},
  };
  return functions.get("getInstances")?.({}, context) ?? assert.fail("no function");
}

describe("a security token that has expired early", () => {
  afterEach(endAll);

  it("is read again once, and the call repeated", async () => {
    const { home, write } = rotating();
    const service = await standIn(({ headers }): Reply => {
      write("new");
      return headers["x-acs-security-token"] === "new" ? { body: list } : expired;
    });
    await lookUp({ HOME: home, OUTBOUNDBOT_ENDPOINT: service.origin });
    assert.deepEqual(tokensOf(service.received), ["old", "new"]);
  });

  it("ends the lookup if the file still has it", async () => {
    const { home } = rotating();
    const service = await standIn(() => expired);
    await assert.rejects(
      lookUp({ HOME: home, OUTBOUNDBOT_ENDPOINT: service.origin }),
      (error: unknown) => ServiceError.isInstance(error) && error.code === "InvalidSecurityToken.Expired",
    );
    assert.deepEqual(tokensOf(service.received), ["old"]);
  });

  it("is read again for the call that assumes a role, too", async () => {
    const { home, write } = rotating();
    const sts = await standIn(({ headers }) => {
      write("new");
      const keys = { AccessKeyId: "STS.role", AccessKeySecret: "role-secret", SecurityToken: "role" };
      return headers["x-acs-security-token"] === "new"
        ? { body: { RequestId: "1", Credentials: { ...keys, Expiration: anHourOn() } } }
        : expired;
    });
    const service = await standIn(() => ({ body: list }));
    await lookUp({
      HOME: home,
      OUTBOUNDBOT_ENDPOINT: service.origin,
      ALIBABA_CLOUD_STS_ENDPOINT: sts.origin,
      ALIBABA_CLOUD_ROLE_ARN: "acs:ram::1:role/r",
    });
    assert.deepEqual([tokensOf(sts.received), tokensOf(service.received)], [["old", "new"], ["role"]]);
  });
});
