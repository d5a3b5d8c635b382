import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ServiceError, SettingsError } from "../../src/errors/errors.js";
import {
  anHourOn,
  metadataStandIn,
  openSource,
  sessionKeys,
  signIn,
  stsAnswer,
  stsStandIn,
  type Values,
} from "../helpers/signingIn.js";
import { endAll, makeHome, standIn } from "../helpers/standIn.js";

const session = {
  accessKeyId: sessionKeys.AccessKeyId,
  accessKeySecret: sessionKeys.AccessKeySecret,
  securityToken: sessionKeys.SecurityToken,
};

/** Every other sign-in method, set in the environment and invalid. */
const wrongEnvironment: Values = {
  ALICLOUD_ACCESS_KEY: "LTAIwrongwrong",
  ALICLOUD_SECRET_KEY: "wrong",
  ALICLOUD_SECURITY_TOKEN: "wrong",
  ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAIwrongwrong",
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: "wrong",
  ALICLOUD_PROFILE: "wrong",
  ALIBABA_CLOUD_PROFILE: "wrong",
  ALICLOUD_ECS_ROLE_NAME: "wrong",
  ALIBABA_CLOUD_ECS_METADATA: "wrong",
  ALIBABA_CLOUD_CREDENTIALS_URI: "http://127.0.0.1:1/wrong",
  ALIBABA_CLOUD_ROLE_ARN: "acs:ram::0:role/wrong",
  ALICLOUD_ASSUME_ROLE_ARN: "acs:ram::0:role/wrong",
  ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "wrong",
  ALIBABA_CLOUD_OIDC_TOKEN_FILE: "/nonexistent/wrong",
};
const wrongConfig: Values = {
  "alicloud:accessKey": "LTAIwrongwrong",
  "alicloud:secretKey": "wrong",
  "alicloud:securityToken": "wrong",
  "alicloud:profile": "wrong",
  "alicloud:ecsRoleName": "wrong",
  "alicloud:credentialsUri": "http://127.0.0.1:1/wrong",
  "alicloud:assumeRole": '{"roleArn":"acs:ram::0:role/wrong"}',
  "alicloud:assumeRoleWithOidc": '{"roleArn":"w","oidcProviderArn":"w","oidcToken":"w"}',
};

const cliProfiles = (...profiles: object[]) => ({ ".aliyun/config.json": { current: "main", profiles } });

describe("signing in", () => {
  afterEach(endAll);

  /** The sign-in methods that return the session's credentials, alone and among invalid others. */
  const ways: Record<string, () => Promise<{ config: Values; environment?: Values; expected?: object }>> = {
    "a static key": async () => ({
      config: { "outboundbot:accessKey": "LTAIrightright", "outboundbot:secretKey": "right" },
      expected: { accessKeyId: "LTAIrightright", accessKeySecret: "right" },
    }),
    "a security token": async () => ({
      config: {
        "outboundbot:accessKey": session.accessKeyId,
        "outboundbot:secretKey": session.accessKeySecret,
        "outboundbot:securityToken": session.securityToken,
      },
    }),
    "a profile with a key": async () => ({
      config: { "outboundbot:profile": "p" },
      environment: {
        HOME: makeHome(
          cliProfiles({ name: "p", mode: "AK", access_key_id: "LTAIrightright", access_key_secret: "right" }),
        ),
      },
      expected: { accessKeyId: "LTAIrightright", accessKeySecret: "right" },
    }),
    "a profile with a token": async () => ({
      config: { "outboundbot:profile": "p" },
      environment: {
        HOME: makeHome(
          cliProfiles({
            name: "p",
            mode: "StsToken",
            access_key_id: session.accessKeyId,
            access_key_secret: session.accessKeySecret,
            sts_token: session.securityToken,
          }),
        ),
      },
    }),
    "a profile with a role": async () => ({
      config: { "outboundbot:profile": "p", "outboundbot:stsEndpoint": (await stsStandIn()).origin },
      environment: {
        HOME: makeHome(
          cliProfiles({
            name: "p",
            mode: "RamRoleArn",
            access_key_id: "LTAIbasebase",
            access_key_secret: "base",
            ram_role_arn: "acs:ram::1:role/r",
            ram_session_name: "s",
            expired_seconds: 900,
          }),
        ),
      },
    }),
    "a profile that builds on another": async () => ({
      config: { "outboundbot:profile": "p", "outboundbot:stsEndpoint": (await stsStandIn()).origin },
      environment: {
        HOME: makeHome(
          cliProfiles(
            {
              name: "p",
              mode: "ChainableRamRoleArn",
              source_profile: "base",
              ram_role_arn: "acs:ram::1:role/r",
            },
            { name: "base", mode: "AK", access_key_id: "LTAIbasebase", access_key_secret: "base" },
          ),
        ),
      },
    }),
    "a profile of the ECS instance": async () => ({
      config: { "outboundbot:profile": "p" },
      environment: {
        HOME: makeHome(cliProfiles({ name: "p", mode: "EcsRamRole", ram_role_name: "instance-role" })),
        OUTBOUNDBOT_METADATA_ENDPOINT: (await metadataStandIn()).origin,
        ALIBABA_CLOUD_ECS_METADATA_DISABLED: "",
      },
    }),
    "a profile with an OIDC token": async () => {
      const home = makeHome({
        token: "oidc-token-0123456789",
        ...cliProfiles({
          name: "p",
          mode: "OIDC",
          oidc_provider_arn: "acs:ram::1:oidc-provider/x",
          oidc_token_file: "~/token",
          ram_role_arn: "acs:ram::1:role/r",
        }),
      });
      const sts = await stsStandIn(({ body }) =>
        new URLSearchParams(body).get("OIDCToken") === "oidc-token-0123456789"
          ? stsAnswer()
          : { status: 400, body: {} },
      );
      return {
        config: { "outboundbot:profile": "p", "outboundbot:stsEndpoint": sts.origin },
        environment: { HOME: home },
      };
    },
    "a profile with a credentials URI": async () => {
      const uri = await standIn(() => ({
        body: { Code: "Success", ...sessionKeys, Expiration: anHourOn() },
      }));
      return {
        config: { "outboundbot:profile": "p" },
        environment: {
          HOME: makeHome(
            cliProfiles({ name: "p", mode: "CredentialsURI", credentials_uri: `${uri.origin}/x` }),
          ),
        },
      };
    },
    "a profile with a program": async () => {
      const home = makeHome({ "keys.js": externalProgram });
      const command = `"${process.execPath}" "${join(home, "keys.js")}"`;
      const file = join(home, "profiles.json");
      writeFileSync(
        file,
        JSON.stringify({ profiles: [{ name: "p", mode: "External", process_command: command }] }),
      );
      return { config: { "outboundbot:profile": "p", "outboundbot:sharedCredentialsFile": file } };
    },
    "a profile with a program that reads its input to the end": async () => {
      const home = makeHome({ "keys.js": `process.stdin.on("end", () => { ${externalProgram} }).resume()` });
      const command = `"${process.execPath}" "${join(home, "keys.js")}"`;
      const file = join(home, "profiles.json");
      const profile = { name: "p", mode: "External", process_command: command };
      writeFileSync(file, JSON.stringify({ profiles: [profile] }));
      return { config: { "outboundbot:profile": "p", "outboundbot:sharedCredentialsFile": file } };
    },
    "a profile with CloudSSO": async () => {
      const sso = await standIn(({ headers, path }) =>
        headers.authorization === "Bearer sso-token" && path === "/cloud-credentials"
          ? { body: { CloudCredential: { ...sessionKeys, Expiration: anHourOn() } } }
          : { status: 401, body: {} },
      );
      const profile = {
        name: "p",
        mode: "CloudSSO",
        cloud_sso_sign_in_url: `${sso.origin}/login`,
        cloud_sso_account_id: "1",
        cloud_sso_access_config: "2",
        access_token: "sso-token",
        cloud_sso_access_token_expire: Math.floor(Date.now() / 1000) + 600,
      };
      return {
        config: { "outboundbot:profile": "p" },
        environment: { HOME: makeHome(cliProfiles(profile)) },
      };
    },
    "a profile of the SDKs' file": async () => ({
      config: { "outboundbot:profile": "p" },
      environment: {
        HOME: makeHome({
          ".alibabacloud/credentials":
            "; comment\n[default]\ntype=access_key\n[p]\ntype = access_key\naccess_key_id = LTAIrightright # id\naccess_key_secret = ri#g=ht\n",
        }),
      },
      expected: { accessKeyId: "LTAIrightright", accessKeySecret: "ri#g=ht" },
    }),
    "the role of the ECS instance": async () => ({
      config: { "outboundbot:ecsRoleName": "instance-role" },
      environment: {
        OUTBOUNDBOT_METADATA_ENDPOINT: (await metadataStandIn()).origin,
        ALIBABA_CLOUD_ECS_METADATA_DISABLED: "",
      },
    }),
    "a credentials URI": async () => {
      const uri = await standIn(() => ({
        body: { Code: "Success", ...sessionKeys, Expiration: anHourOn() },
      }));
      return { config: { "outboundbot:credentialsUri": `${uri.origin}/keys?for=me` } };
    },
    "a credentials URI whose password has a percent sign": async () => {
      const { origin } = await standIn(({ headers }) =>
        headers.authorization === `Basic ${Buffer.from("user:50%").toString("base64")}`
          ? { body: { Code: "Success", ...sessionKeys, Expiration: anHourOn() } }
          : { status: 401, body: {} },
      );
      return { config: { "outboundbot:credentialsUri": origin.replace("//", "//user:50%@") } };
    },
    "a role on top of a key": async () => ({
      config: {
        "outboundbot:accessKey": "LTAIbasebase",
        "outboundbot:secretKey": "base",
        "outboundbot:assumeRole": '{"roleArn":"acs:ram::1:role/r","sessionExpiration":900}',
        "outboundbot:stsEndpoint": (await stsStandIn()).origin,
      },
    }),
    "a role on top of the ECS instance's": async () => ({
      config: {
        "outboundbot:ecsRoleName": "instance-role",
        "outboundbot:assumeRole": '{"roleArn":"acs:ram::1:role/r"}',
        "outboundbot:stsEndpoint": (await stsStandIn()).origin,
      },
      environment: {
        OUTBOUNDBOT_METADATA_ENDPOINT: (await metadataStandIn()).origin,
        ALIBABA_CLOUD_ECS_METADATA_DISABLED: "",
      },
    }),
    "an OIDC token": async () => ({
      config: {
        "outboundbot:assumeRoleWithOidc":
          '{"oidcProviderArn":"acs:ram::1:oidc-provider/x","oidcToken":"t","roleArn":"acs:ram::1:role/r"}',
        "outboundbot:stsEndpoint": (await stsStandIn()).origin,
      },
    }),
  };

  for (const [name, prepare] of Object.entries(ways)) {
    it(`works with ${name}, alone and among invalid others`, async () => {
      const { config, environment = {}, expected = session } = await prepare();
      const alone = await signIn(config, environment);
      const among = await signIn({ ...wrongConfig, ...config }, { ...wrongEnvironment, ...environment });
      for (const { accessKeyId, accessKeySecret, securityToken } of [alone, among]) {
        assert.deepEqual(
          { accessKeyId, accessKeySecret, ...(securityToken === undefined ? {} : { securityToken }) },
          expected,
        );
      }
    });
  }

  describe("from the environment alone", () => {
    it("uses the three variables of RRSA, and doesn't assume the role twice", async () => {
      const sts = await stsStandIn();
      const home = makeHome({ token: "oidc-token-0123456789\n" });
      const { accessKeyId } = await signIn(
        {},
        {
          ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "acs:ram::1:oidc-provider/x",
          ALIBABA_CLOUD_OIDC_TOKEN_FILE: join(home, "token"),
          ALIBABA_CLOUD_ROLE_ARN: "acs:ram::1:role/r",
          ALIBABA_CLOUD_ROLE_SESSION_NAME: "pod",
          STS_ENDPOINT: sts.origin,
        },
      );
      assert.equal(accessKeyId, session.accessKeyId);
      assert.deepEqual(
        sts.received.map(({ headers }) => headers["x-acs-action"]),
        ["AssumeRoleWithOIDC"],
      );
      assert.equal(new URLSearchParams(sts.received[0]?.body).get("RoleSessionName"), "pod");
      assert.equal(sts.received[0]?.headers.authorization, undefined);
    });

    it("assumes ALIBABA_CLOUD_ROLE_ARN with a key", async () => {
      const sts = await stsStandIn();
      await signIn(
        {},
        {
          ALICLOUD_ACCESS_KEY: "LTAIbasebase",
          ALICLOUD_SECRET_KEY: "base",
          ALIBABA_CLOUD_ROLE_ARN: "acs:ram::1:role/r",
          ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION: "1800",
          ALIBABA_CLOUD_STS_ENDPOINT: sts.origin,
        },
      );
      const [request] = sts.received;
      assert.equal(request?.headers["x-acs-action"], "AssumeRole");
      assert.match(request?.headers.authorization ?? "", /^ACS3-HMAC-SHA256 Credential=LTAIbasebase,/);
      assert.equal(request?.query.get("RoleArn"), "acs:ram::1:role/r");
      assert.equal(request?.query.get("DurationSeconds"), "1800");
      assert.equal(request?.query.get("RoleSessionName"), "pulumi-outboundbot");
    });
  });

  it("sends every field of assumeRole to STS", async () => {
    const sts = await stsStandIn();
    const role = {
      roleArn: "acs:ram::1:role/r",
      sessionName: "name",
      policy: '{"Version":"1"}',
      sessionExpiration: 1000,
      externalId: "ext",
    };
    await signIn(
      {
        "alicloud:accessKey": "LTAIbasebase",
        "alicloud:secretKey": "base",
        "alicloud:assumeRole": JSON.stringify(role),
      },
      { STS_ENDPOINT: sts.origin },
    );
    const query = Object.fromEntries(sts.received[0]?.query ?? []);
    assert.deepEqual(query, {
      RoleArn: role.roleArn,
      RoleSessionName: "name",
      Policy: role.policy,
      DurationSeconds: "1000",
      ExternalId: "ext",
    });
  });

  describe("the default chain", () => {
    it("uses the command-line client's current profile", async () => {
      const home = makeHome(
        cliProfiles(
          { name: "other", mode: "AK", access_key_id: "LTAIotherother", access_key_secret: "x" },
          { name: "main", mode: "AK", access_key_id: "LTAIcurrentcurrent", access_key_secret: "x" },
        ),
      );
      assert.equal((await signIn({}, { HOME: home })).accessKeyId, "LTAIcurrentcurrent");
    });

    it("continues with the SDKs' file and the ECS instance", async () => {
      const ini = "[default]\ntype=access_key\naccess_key_id=LTAIinifileini\naccess_key_secret=x\n";
      const home = makeHome({ ".alibabacloud/credentials": ini, ".aliyun/config.json": "{broken" });
      assert.equal((await signIn({}, { HOME: home })).accessKeyId, "LTAIinifileini");

      const metadata = await metadataStandIn();
      const credentials = await signIn(
        {},
        { OUTBOUNDBOT_METADATA_ENDPOINT: metadata.origin, ALIBABA_CLOUD_ECS_METADATA_DISABLED: "" },
      );
      assert.equal(credentials.accessKeyId, session.accessKeyId);
    });

    it("lists each step and why it failed, without the contents of files", async () => {
      const home = makeHome({ ".aliyun/config.json": '{"profiles":[{"access_key_secret":"planted"' });
      await assert.rejects(signIn({}, { HOME: home }), (error: unknown) => {
        assert.ok(SettingsError.isInstance(error));
        assert.equal(error.code, "NoCredentials");
        for (const part of [
          /access key: none of /,
          /config\.json, line 1: invalid JSON/,
          /\.alibabacloud\/credentials/,
          /METADATA_DISABLED/,
        ]) {
          assert.match(error.message, part);
        }
        assert.doesNotMatch(error.message, /planted/);
        return true;
      });
    });
  });

  it("falls back to version 1 of the metadata service, unless that is turned off", async () => {
    const versionOne = (request: { method: string; path: string }) =>
      request.method === "PUT"
        ? { status: 404, body: "" }
        : { body: { Code: "Success", ...sessionKeys, Expiration: anHourOn() } };
    const metadata = await metadataStandIn(versionOne);
    const environment = {
      ALICLOUD_ECS_ROLE_NAME: "instance-role",
      OUTBOUNDBOT_METADATA_ENDPOINT: metadata.origin,
      ALIBABA_CLOUD_ECS_METADATA_DISABLED: "",
    };
    assert.equal((await signIn({}, environment)).accessKeyId, session.accessKeyId);
    await assert.rejects(
      signIn({}, { ...environment, ALIBABA_CLOUD_IMDSV1_DISABLED: "true" }),
      /IMDSV1_DISABLED forbids/,
    );
  });

  it("waits at most a second for a metadata service that doesn't respond", async () => {
    const metadata = await standIn(() => undefined);
    const startedAt = Date.now();
    await assert.rejects(
      signIn(
        {},
        {
          ALICLOUD_ECS_ROLE_NAME: "r",
          OUTBOUNDBOT_METADATA_ENDPOINT: metadata.origin,
          ALIBABA_CLOUD_ECS_METADATA_DISABLED: "",
        },
      ),
      (error: unknown) =>
        SettingsError.isInstance(error) &&
        /failed: CallTimeout\. This machine is not an ECS instance/.test(error.message),
    );
    // The timeout of any other call is 10 s.
    assert.ok(Date.now() - startedAt < 9_000);
    assert.equal(metadata.received.length, 1);
  });

  it("calls STS once for many callers, and again after a failure", async () => {
    let fail = true;
    const sts = await stsStandIn(() =>
      fail ? { status: 403, body: { Code: "NoPermission", Message: "no" } } : stsAnswer(),
    );
    const source = openSource(
      {
        "outboundbot:accessKey": "LTAIbasebase",
        "outboundbot:secretKey": "base",
        "outboundbot:assumeRole": '{"roleArn":"acs:ram::1:role/r"}',
      },
      { STS_ENDPOINT: sts.origin },
    );
    await assert.rejects(source.getCredentials(), (error: unknown) => {
      assert.ok(ServiceError.isInstance(error));
      assert.match(error.message, /AssumeRole at http.*sts:AssumeRole/);
      return true;
    });
    fail = false;
    await Promise.all(Array.from({ length: 200 }, () => source.getCredentials()));
    assert.equal(sts.received.length, 2);
  });

  it("rejects a profile that refers to itself", async () => {
    const home = makeHome(
      cliProfiles(
        { name: "a", mode: "ChainableRamRoleArn", source_profile: "b", ram_role_arn: "x" },
        { name: "b", mode: "ChainableRamRoleArn", source_profile: "a", ram_role_arn: "x" },
      ),
    );
    await assert.rejects(signIn({ "outboundbot:profile": "a" }, { HOME: home }), /"a" → "b" → "a"/);
  });

  it("lists the existing profiles when one is missing", async () => {
    const home = makeHome(cliProfiles({ name: "one", mode: "AK" }));
    await assert.rejects(
      signIn({}, { HOME: home }, { profile: "two" }),
      /^SettingsError: Sign-in with profile "two" failed: .*has no profile "two" \(it has "one"\).* Check the value of argument profile\.$/,
    );
  });
});

const externalProgram = `console.log(JSON.stringify({
  mode: "StsToken",
  access_key_id: ${JSON.stringify(sessionKeys.AccessKeyId)},
  access_key_secret: ${JSON.stringify(sessionKeys.AccessKeySecret)},
  sts_token: ${JSON.stringify(sessionKeys.SecurityToken)},
}));`;
