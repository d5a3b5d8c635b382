import assert from "node:assert/strict";
import { join } from "node:path";
import { SettingsError } from "../../src/errors/errors.js";
import { resolveSettings } from "../../src/settings/settings.js";
import { Profile } from "../../src/signIn/profile.js";
import { stsEndpoint } from "../../src/signIn/sts.js";
import {
  anHourOn,
  metadataStandIn,
  sessionKeys,
  signIn,
  stsAnswer,
  stsStandIn,
  type Values,
} from "../helpers/signingIn.js";
import { endAll, makeHome, type Reply, standIn } from "../helpers/standIn.js";

const cliFile = (...profiles: object[]) => makeHome({ ".aliyun/config.json": { current: "p", profiles } });

/** Signs in with the profile `p`, which has these fields. */
function signInAs(fields: object, config: Values = {}, environment: Values = {}) {
  return signIn(
    { "outboundbot:profile": "p", ...config },
    { HOME: cliFile({ name: "p", ...fields }), ...environment },
  );
}

/** Also checks that the error has no secret: every secret of these tests contains "planted". */
async function refuses(signingIn: Promise<unknown>, said: RegExp): Promise<void> {
  await assert.rejects(signingIn, (error: unknown) => {
    assert.ok(error instanceof Error);
    assert.match(error.message, said);
    assert.doesNotMatch(error.message, /planted/);
    return true;
  });
}

describe("failed sign-ins", () => {
  afterEach(endAll);

  describe("CloudSSO", () => {
    const sso = (origin: string, more: object = {}) => ({
      mode: "CloudSSO",
      cloud_sso_sign_in_url: `${origin}/login`,
      cloud_sso_account_id: "1",
      cloud_sso_access_config: "2",
      access_token: "planted",
      cloud_sso_access_token_expire: Math.floor(Date.now() / 1000) + 600,
      ...more,
    });

    it("an expired sign-in, or one without an expiration", async () => {
      for (const cloud_sso_access_token_expire of [1, undefined]) {
        const fields = sso("http://127.0.0.1:1", { cloud_sso_access_token_expire });
        await refuses(
          signInAs(fields),
          /^Sign-in with profile "p" of .* failed: the CloudSSO session has expired\. Sign in again/,
        );
      }
    });

    it("an invalid address", async () => {
      await refuses(
        signInAs(sso("", { cloud_sso_sign_in_url: "nowhere" })),
        /profile "p" of .* failed: cloud_sso_sign_in_url is not a URL\./,
      );
    });

    const answers: readonly (readonly [string, Reply, string])[] = [
      ["a rejected request", { status: 403, body: { Message: "planted" } }, "failed: status 403"],
      ["a response without credentials", { body: { Other: "planted" } }, "the access key ID is missing"],
      ["a response that isn't JSON", { body: "planted" }, "failed: the response is not a JSON object"],
    ];
    for (const [name, reply, problem] of answers) {
      it(name, async () => {
        const service = await standIn(() => reply);
        await refuses(signInAs(sso(service.origin)), new RegExp(`profile "p" of .*${problem}\\.`));
      });
    }
  });

  describe("a program", () => {
    const program = (script: string) => {
      const path = join(makeHome({ "program.js": script }), "program.js");
      return { mode: "External", process_command: `'${process.execPath}' "${path}"` };
    };

    it("that prints no JSON object", async () => {
      await refuses(
        signInAs(program("console.log('planted')")),
        /profile "p" of .* failed: process_command did not print a JSON object\./,
      );
    });

    it("that doesn't exist", async () => {
      await refuses(
        signInAs({ mode: "External", process_command: "/nonexistent/program" }),
        /failed: process_command failed \(ENOENT\)\./,
      );
    });

    it("without a name", async () => {
      for (const process_command of ["'' planted", '""']) {
        await refuses(
          signInAs({ mode: "External", process_command }),
          /profile "p" of .* failed: process_command is empty\./,
        );
      }
    });

    it("that the system can't start", async () => {
      for (const [process_command, reason] of [
        ["program\0planted", /failed: process_command failed \(E\w+\)\./],
        [`/bin/echo ${"planted".repeat(140_000)}`, /failed: process_command failed \(E\w+\)\./],
        [`/bin/echo ${"planted".repeat(150_000)}`, /failed: process_command failed \(E\w+\)\./],
      ] as const) {
        await refuses(signInAs({ mode: "External", process_command }), reason);
      }
    });
  });

  describe("an OIDC token's file", () => {
    const oidc = (file: string) => ({
      mode: "OIDC",
      oidc_provider_arn: "acs:ram::1:oidc-provider/x",
      oidc_token_file: file,
      ram_role_arn: "acs:ram::1:role/r",
    });

    it("that doesn't exist", async () => {
      await refuses(
        signInAs(oidc("/nonexistent/token")),
        /^AssumeRoleWithOIDC failed: the token file \/nonexistent\/token \(.*\) doesn't exist\./,
      );
    });

    it("that is empty", async () => {
      const file = join(makeHome({ token: " \n" }), "token");
      await refuses(
        signInAs(oidc(file)),
        /^AssumeRoleWithOIDC failed: the token file .*token \(.*\) is empty\./,
      );
    });
  });

  describe("a profile", () => {
    it("of an unknown mode, including an inherited name", async () => {
      for (const mode of ["Telepathy", "constructor"]) {
        await refuses(
          signInAs({ mode }),
          new RegExp(`the mode "${mode}" is not supported\\. Use one of AK, `),
        );
      }
    });

    it("without a required field of its mode", async () => {
      await refuses(signInAs({ mode: "AK", access_key_id: "LTAIplain" }), /access_key_secret is missing/);
    });

    it("whose source_profile doesn't exist", async () => {
      await refuses(
        signInAs({ mode: "ChainableRamRoleArn", source_profile: "gone", ram_role_arn: "x" }),
        /^Sign-in with profile "p" of .* failed: its source_profile "gone" doesn't exist\./,
      );
    });

    it("in a file that isn't JSON or holds no profiles", async () => {
      for (const content of ["planted", "[]", '{"profiles":"planted"}']) {
        const home = makeHome({ ".aliyun/config.json": content });
        await refuses(
          signIn({ "outboundbot:profile": "p" }, { HOME: home }),
          /^Sign-in with profile "p" failed: /,
        );
      }
    });

    it("among too many to list", async () => {
      const others = Array.from({ length: 12 }, (_, index) => ({ name: `other-${index}`, mode: "AK" }));
      await refuses(
        signIn({ "outboundbot:profile": "p" }, { HOME: cliFile(...others) }),
        /it has "other-0", .*"other-9" and 2 more/,
      );
    });

    it("in a file that a setting names: names that setting", async () => {
      const home = makeHome({ "mine.json": { profiles: [] } });
      await refuses(
        signIn(
          { "outboundbot:profile": "p", "outboundbot:sharedCredentialsFile": "~/mine.json" },
          { HOME: home },
        ),
        /\(it has none\)\. Check .*configuration outboundbot:sharedCredentialsFile\./,
      );
    });
  });

  describe("the metadata service", () => {
    const instance = (origin: string, more: Values = {}) =>
      signInAs(
        { mode: "EcsRamRole" },
        {},
        { OUTBOUNDBOT_METADATA_ENDPOINT: origin, ALIBABA_CLOUD_ECS_METADATA_DISABLED: "", ...more },
      );

    it("that is turned off", async () => {
      await refuses(
        signInAs({ mode: "EcsRamRole", ram_role_name: "r" }),
        /profile "p" of .* failed: ALIBABA_CLOUD_ECS_METADATA_DISABLED is true\./,
      );
    });

    it("of an instance without a role", async () => {
      for (const reply of [
        { status: 404, body: "planted" },
        { status: 200, body: "\n" },
      ]) {
        const service = await metadataStandIn(({ path }) => (path.endsWith("/") ? reply : undefined));
        await refuses(instance(service.origin), /failed: the ECS instance has no role\./);
      }
    });

    it("that returns a failure or another page instead of the role", async () => {
      const replies: readonly (readonly [Reply, string])[] = [
        [{ status: 500, body: "planted" }, "status 500"],
        [{ body: "<html>planted</html>" }, "the response is not the name of a role"],
      ];
      for (const [reply, problem] of replies) {
        const service = await metadataStandIn(({ path }) => (path.endsWith("/") ? reply : undefined));
        await refuses(
          instance(service.origin),
          new RegExp(`Reading the role from the metadata service at ${service.origin} failed: ${problem}\\.`),
        );
      }
    });

    it("that rejects its own token: is asked by version 1, unless that is turned off", async () => {
      for (const status of [403, 500]) {
        const service = await metadataStandIn(({ method, headers, path }) => {
          if (method === "PUT") {
            return undefined;
          }
          if (headers["x-aliyun-ecs-metadata-token"] !== undefined) {
            return { status, body: "planted" };
          }
          return path.endsWith("/")
            ? { body: "instance-role" }
            : { body: { Code: "Success", ...sessionKeys, Expiration: anHourOn() } };
        });
        assert.equal((await instance(service.origin)).accessKeyId, sessionKeys.AccessKeyId);
        await refuses(
          instance(service.origin, { ALIBABA_CLOUD_IMDSV1_DISABLED: "true" }),
          new RegExp(`failed: status ${status}\\.`),
        );
      }
    });

    it("that returns a failure, another body or another Code instead of the keys", async () => {
      const replies: readonly (readonly [Reply, RegExp])[] = [
        [{ status: 500, body: "planted" }, /failed: status 500\./],
        [{ body: "planted" }, /failed: the response is not a JSON object\./],
        [{ body: { Code: "planted" } }, /failed: the Code of the response is not "Success"\./],
        [
          { body: { Code: "AssumeRoleUnauthorized" } },
          /failed: the Code of the response is AssumeRoleUnauthorized\./,
        ],
        [{ status: 404, body: "planted" }, /failed: the ECS instance has no role "instance-role"\./],
      ];
      for (const [reply, said] of replies) {
        const service = await metadataStandIn(({ path }) =>
          path.endsWith("/instance-role") ? reply : undefined,
        );
        await refuses(instance(service.origin), said);
      }
    });

    it("returns the keys with which a role is assumed", async () => {
      const [metadata, sts] = await Promise.all([metadataStandIn(), stsStandIn()]);
      const credentials = await signInAs(
        {
          mode: "RamRoleArnWithRoleName",
          ram_role_name: "instance-role",
          role_arn: "acs:ram::1:role/r",
          role_session_name: "mine",
          policy: '{"Version":"1"}',
          external_id: "outside",
        },
        { "outboundbot:stsEndpoint": sts.origin },
        { OUTBOUNDBOT_METADATA_ENDPOINT: metadata.origin, ALIBABA_CLOUD_ECS_METADATA_DISABLED: "" },
      );
      assert.equal(credentials.providerName, "cli_profile/ram_role_arn/ecs_ram_role");
      const { query } = sts.received[0] ?? assert.fail("STS was not asked");
      assert.deepEqual(
        ["RoleArn", "RoleSessionName", "Policy", "ExternalId", "DurationSeconds"].map((name) =>
          query.get(name),
        ),
        ["acs:ram::1:role/r", "mine", '{"Version":"1"}', "outside", "3600"],
      );
    });
  });

  describe("STS", () => {
    const { signIn: environment } = resolveSettings({}, { config: () => undefined, environment: {} });
    const profileWith = (fields: Values) =>
      new Profile(
        "profile p",
        Object.fromEntries(
          Object.entries(fields).map(([key, value]) => [key, { key, value, source: "profile p" }]),
        ),
      );
    const role = {
      mode: "RamRoleArn",
      access_key_id: "LTAIbasebase",
      access_key_secret: "planted",
      ram_role_arn: "acs:ram::1:role/r",
    };

    it("is reached at the configured endpoint, the profile's or the region's", () => {
      const at = (fields: Values, more: object = {}) =>
        stsEndpoint({ ...environment, ...more }, profileWith(fields)).host;
      const hosts = [
        at({}),
        at({ sts_region: "cn-beijing" }),
        at({ enable_vpc: "true" }),
        at({ sts_endpoint: "sts.example", sts_region: "cn-beijing" }),
        at({ sts_region: "cn-beijing", enable_vpc: "false" }, { vpc: true }),
        at({}, { stsRegion: "cn-hangzhou", vpc: true }),
      ];
      assert.deepEqual(hosts, [
        "sts.aliyuncs.com",
        "sts.cn-beijing.aliyuncs.com",
        "sts-vpc.cn-shanghai.aliyuncs.com",
        "sts.example",
        "sts.cn-beijing.aliyuncs.com",
        "sts-vpc.cn-hangzhou.aliyuncs.com",
      ]);
    });

    it("rejects a region that would form another host", () => {
      assert.throws(
        () => stsEndpoint(environment, profileWith({ sts_region: "evil.example/" })),
        (error: unknown) =>
          SettingsError.isInstance(error) &&
          error.code === "InvalidSetting" &&
          error.message.includes(
            "Invalid STS region from profile p: must contain only lowercase letters, digits and hyphens.",
          ),
      );
    });

    it("that returns no credentials", async () => {
      for (const body of [{ RequestId: "1" }, { RequestId: "1", Credentials: { AccessKeyId: "STS.only" } }]) {
        const sts = await stsStandIn(() => ({ body }));
        await refuses(signInAs(role, { "outboundbot:stsEndpoint": sts.origin }), /role acs:ram::1:role\/r/);
      }
    });

    it("that returns an error", async () => {
      const body = { Code: "NoPermission", Message: "not you", RequestId: "REQ-9" };
      const sts = await stsStandIn(() => ({ status: 403, body }));
      await refuses(
        signInAs(role, { "outboundbot:stsEndpoint": sts.origin }),
        /AssumeRole at http:\/\/127\.0\.0\.1:\d+ failed: NoPermission \(status 403, request ID REQ-9/,
      );
    });

    it("uses the profile's endpoint", async () => {
      const sts = await stsStandIn(() => stsAnswer());
      const credentials = await signInAs({ ...role, sts_endpoint: sts.origin, duration_seconds: 1800 });
      assert.equal(credentials.accessKeyId, "STS.sessionKeyId12");
      assert.equal(sts.received[0]?.query.get("DurationSeconds"), "1800");
    });
  });

  it("the default chain skips the command-line client's file if configured", async () => {
    const home = cliFile({ name: "p", mode: "AK", access_key_id: "LTAIright", access_key_secret: "planted" });
    await refuses(
      signIn({}, { HOME: home, ALIBABA_CLOUD_CLI_PROFILE_DISABLED: "true" }),
      /ALIBABA_CLOUD_CLI_PROFILE_DISABLED is true/,
    );
  });

  it("the default chain skips a file without its current profile", async () => {
    const home = makeHome({ ".aliyun/config.json": { current: "gone", profiles: [] } });
    await refuses(signIn({}, { HOME: home }), /has no profile "gone"/);
  });
});
