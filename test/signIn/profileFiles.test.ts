import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { metadataStandIn, sessionKeys, signIn, stsStandIn, type Values } from "../helpers/signingIn.js";
import { endAll, makeHome } from "../helpers/standIn.js";

/** A section with a key of this name. */
const section = (name: string) =>
  `type = access_key\naccess_key_id = LTAI${name}\naccess_key_secret = ${name}-secret\n`;

async function keyOf(ini: string | Uint8Array, profile = "default"): Promise<string> {
  const home = makeHome({ ".alibabacloud/credentials": "" });
  writeFileSync(join(home, ".alibabacloud/credentials"), ini);
  const { accessKeyId, accessKeySecret } = await signIn({ "outboundbot:profile": profile }, { HOME: home });
  return `${accessKeyId} ${accessKeySecret}`;
}

async function refuses(signingIn: Promise<unknown>, message: RegExp): Promise<void> {
  await assert.rejects(signingIn, (error: unknown) => {
    assert.ok(error instanceof Error);
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /planted/);
    return true;
  });
}

describe("a credentials file in INI format", () => {
  afterEach(endAll);

  // The vendor's Go and Python SDKs end a section header at its bracket.
  for (const header of [
    "[prod]  # production",
    "[prod];production [old]",
    "\t[prod]",
    "[ prod ]",
    "[prod]\t",
    "[prod] # a = b",
  ]) {
    it(`has the section ${JSON.stringify(header)}`, async () => {
      const ini = `[default]\n${section("First")}${header}\n${section("Prod")}`;
      assert.equal(await keyOf(ini), "LTAIFirst First-secret");
      assert.equal(await keyOf(ini, "prod"), "LTAIProd Prod-secret");
    });
  }

  // The vendor's Go SDK rejects the first four, its Python SDK the duplicates. Nothing says whose key would sign.
  for (const [line, problem] of Object.entries({
    "[prod": "a section must have the form \\[name\\]",
    "prod]": "expected a section, a setting \\(key = value\\) or a comment",
    "\u200b[prod]": "expected a section",
    "[]": "a section must have the form",
    "[prod] planted": "a section must have the form",
    '"[prod]" = x': "expected a section",
    "- [prod]: x": "expected a section",
    "[default]": "an earlier section has the same name",
    "ACCESS_KEY_ID: planted": "the section has the same key already",
    "policy = planted\\": "expected a section",
    'policy = "planted" planted': "expected a section",
    'policy = "planted': "expected a section",
  })) {
    it(`is rejected with the line ${JSON.stringify(line)}`, async () => {
      const ini = `\n[default]\n${section("First")}${line}\n${section("Prod")}`;
      await refuses(keyOf(ini), new RegExp(`credentials, line 6: ${problem}`));
    });
  }

  // As the Python SDK reads it; the Go SDK also reads colons and quotation marks.
  it("has keys in any case, colons, quotation marks and comments", async () => {
    const ini = [
      "# comment = x",
      "before = the first section",
      "[default]",
      "Type : access_key",
      'ACCESS_KEY_ID: "LTAIFirst" # the key',
      "Access_Key_Secret = 'a;b#c' ; the secret",
      "security_token =",
      "\u8d26\u53f7 = 1",
    ].join("\r\n");
    assert.equal(await keyOf(`\uFEFF${ini}`), "LTAIFirst a;b#c");
  });

  it("is read in linear time", async () => {
    const startedAt = Date.now();
    await keyOf(`[default]\n${section("First")}region = ${" #\u2028".repeat(500_000)}\n`);
    assert.ok(Date.now() - startedAt < 30_000);
  });
});

describe("a profile file", () => {
  afterEach(endAll);

  it("that isn't valid JSON: the error says why, and in which line", async () => {
    const problems: readonly (readonly [string | Uint8Array, RegExp])[] = [
      ["", /config\.json is empty/],
      [" \n", /config\.json is empty/],
      [Buffer.from("\uFEFF{}", "utf16le"), /config\.json is encoded in UTF-16; save it in UTF-8/],
      [
        '{\n "profiles": [\n  {"name": "planted"},\n ]\n}',
        /config\.json, line 4: a comma before a closing bracket/,
      ],
      ['{\n "a": "planted\n"}', /config\.json, line 2: invalid JSON/],
      ['{\n "a": 1\n "planted": 2}', /config\.json, line 3: invalid JSON/],
      ['{"planted": 1', /config\.json, line 1: invalid JSON/],
      ["[]", /config\.json, line 1: expected a JSON object/],
    ];
    for (const [content, message] of problems) {
      const home = makeHome({ ".aliyun/config.json": "" });
      writeFileSync(join(home, ".aliyun/config.json"), content);
      await refuses(signIn({ "outboundbot:profile": "p" }, { HOME: home }), message);
    }
  });

  it("that is a named pipe isn't read, nor is such a token or certificate file", async () => {
    const home = makeHome();
    const pipe = join(home, "pipe");
    execFileSync("mkfifo", [pipe]);
    const role = { oidcProviderArn: "p", roleArn: "r", oidcTokenFile: "~/pipe" };
    for (const setting of [
      { "outboundbot:sharedCredentialsFile": "~/pipe" },
      { "outboundbot:assumeRoleWithOidc": JSON.stringify(role) },
      { "outboundbot:caFile": pipe, "outboundbot:credentialsUri": "https://127.0.0.1:1/" },
    ] satisfies Values[]) {
      await refuses(signIn(setting, { HOME: home }), /pipe (\(.*\) )?can't be read \(not a regular file\)/);
    }
  });

  it("in a home directory that doesn't exist is skipped", async () => {
    const script = `
      process.env.HOME = ""; require("node:os").homedir = () => { throw new Error("planted"); };
      require("./src/index.ts").getInstances().catch((error) => console.log(error.message))`;
    const metadata = "http://127.0.0.1:1";
    const output = execFileSync(process.execPath, ["--import", "tsx", "--eval", script], {
      env: { PATH: process.env.PATH, OUTBOUNDBOT_METADATA_ENDPOINT: metadata },
      encoding: "utf8",
    });
    assert.match(
      output,
      /~\/\.aliyun\/config\.json can't be found, because there is no home directory\. Set HOME/,
    );
    assert.match(output, /metadata service at http:\/\/127\.0\.0\.1:1 failed: ConnectionRefused/);
  });
});

describe("the fields of a profile", () => {
  afterEach(endAll);

  const key = { access_key_id: "LTAIbasebase", access_key_secret: "base" };
  const inProfile = (profile: object, environment: Values = {}) =>
    signIn(
      { "outboundbot:profile": "p" },
      {
        HOME: makeHome({
          ".aliyun/config.json": {
            profiles: [
              { name: "p", ...profile },
              { name: "ak", mode: "AK", ...key, sts_token: "left" },
            ],
          },
        }),
        ...environment,
      },
    );

  // `aliyun configure set --mode AK` leaves the token of a former mode, and the command-line client and SDKs ignore it.
  it("are those of its mode: a leftover token doesn't sign", async () => {
    const sts = await stsStandIn();
    const environment = { STS_ENDPOINT: sts.origin };
    const left = { ...key, sts_token: "left", security_token: "left", sts_expiration: 4_000_000_000 };
    assert.equal((await inProfile({ mode: "AK", ...left })).securityToken, undefined);
    const ini =
      "[default]\ntype = access_key\naccess_key_id = LTAIini\naccess_key_secret = s\nsecurity_token = left\n";
    const home = makeHome({ ".alibabacloud/credentials": ini });
    assert.equal((await signIn({}, { HOME: home })).securityToken, undefined);

    await inProfile({ mode: "ChainableRamRoleArn", source_profile: "ak", ram_role_arn: "r" }, environment);
    await inProfile({ type: "ram_role_arn", ...left, role_arn: "r" }, environment);
    assert.deepEqual(
      sts.received.map(({ headers }) => headers["x-acs-security-token"]),
      [undefined, undefined],
    );
    // The command-line client uses it in this mode.
    await inProfile({ mode: "RamRoleArn", ...left, ram_role_arn: "r" }, environment);
    assert.equal(sts.received[2]?.headers["x-acs-security-token"], "left");
  });

  it("include the token and its expiration in the mode StsToken, which has any case", async () => {
    const expires = Math.floor(Date.now() / 1000) + 600;
    for (const mode of ["StsToken", "ststoken", undefined]) {
      const profile = { mode, ...key, sts_token: "token", sts_expiration: expires };
      const { securityToken, expiration } = await inProfile(profile);
      assert.deepEqual([securityToken, expiration], ["token", expires * 1000]);
    }
    await refuses(inProfile({ mode: "StsToken", ...key }), /sts_token is missing/);
  });

  it("are shown shortened and on one line in errors", async () => {
    const long = `a\n  - line ${"x".repeat(100)}`;
    await refuses(inProfile({ mode: long }), /the mode "a - line x{40,60}…" is not supported/);
    await refuses(
      inProfile({ mode: "ChainableRamRoleArn", source_profile: long, ram_role_arn: "r" }),
      /its source_profile "a - line x{40,60}…" doesn't exist/,
    );
    const metadata = await metadataStandIn();
    const environment = {
      OUTBOUNDBOT_METADATA_ENDPOINT: metadata.origin,
      ALIBABA_CLOUD_ECS_METADATA_DISABLED: "",
    };
    await refuses(
      inProfile({ mode: "EcsRamRole", ram_role_name: long }, environment),
      /has no role "a - line x{40,60}…"\./,
    );
    const HOME = makeHome({ ".aliyun/config.json": { current: long, profiles: [] } });
    await refuses(signIn({}, { HOME }), /has no profile "a - line x{40,60}…"/);
  });

  it("that are swapped aren't sent", async () => {
    const swapped = {
      mode: "AK",
      access_key_id: "planted-secret-0123456789abcdef",
      access_key_secret: "LTAI5tPlanted0123456789",
    };
    await refuses(inProfile(swapped), /failed: the access key ID and secret are swapped\./);
  });

  it("that a CloudSSO session needs must fit into a header", async () => {
    const session = {
      mode: "CloudSSO",
      access_token: "planted\ntoken",
      cloud_sso_access_token_expire: 4_000_000_000,
    };
    await refuses(inProfile(session), /failed: the session has no valid token\. Sign in again/);
  });

  it("that the command-line client stored for a session sign while they are valid", async () => {
    const stored = {
      ...key,
      sts_token: sessionKeys.SecurityToken,
      sts_expiration: Math.floor(Date.now() / 1000) + 60,
    };
    for (const mode of ["CloudSSO", "OAuth"]) {
      assert.equal((await inProfile({ mode, ...stored })).securityToken, sessionKeys.SecurityToken);
      await refuses(inProfile({ mode, ...stored, sts_expiration: 1 }), /is missing/);
    }
  });

  it("of the default chain keep their advice", async () => {
    const session = { name: "p", mode: "CloudSSO", access_token: "t", cloud_sso_access_token_expire: 1 };
    const HOME = makeHome({ ".aliyun/config.json": { current: "p", profiles: [session] } });
    await refuses(
      signIn({}, { HOME }),
      / {2}- .*the CloudSSO session has expired\. Sign in again with the Alibaba Cloud CLI\.\n/,
    );
  });
});
