import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SettingsError } from "../../src/errors/errors.js";
import { instanceLookup } from "../../src/lookup/functions.js";
import type { ConnectionArgs } from "../../src/settings/reading.js";
import { type SettingKey, settingKeys } from "../../src/settings/settingKeys.js";
import { type ConnectionSettings, resolveSettings, unknownKeyWarnings } from "../../src/settings/settings.js";
import type { Values } from "../helpers/signingIn.js";
import { endAll, standIn } from "../helpers/standIn.js";

function settings(
  config: Values = {},
  environment: Values = {},
  where: ConnectionArgs = {},
): ConnectionSettings {
  return resolveSettings(where, { config: (key) => config[key], environment });
}

function refused(code: string, ...parts: RegExp[]): (error: unknown) => boolean {
  return (error) => {
    assert.ok(SettingsError.isInstance(error), String(error));
    assert.equal(error.code, code);
    for (const part of parts) {
      assert.match(error.message, part);
    }
    return true;
  };
}

describe("settings", () => {
  afterEach(endAll);

  it("use the region's public endpoint by default, whatever alicloud:region is", () => {
    const { endpoint, limits, transport } = settings({ "alicloud:region": "cn-hangzhou" });
    assert.deepEqual(endpoint, { protocol: "https", host: "outboundbot.cn-shanghai.aliyuncs.com" });
    assert.deepEqual(limits, {
      maxConcurrency: 64,
      maxRate: undefined,
      maxAttempts: 10,
      callTimeout: 10_000,
      lookupTimeout: 300_000,
      maxItems: 150_000,
    });
    assert.deepEqual(transport, { proxy: undefined, caFile: undefined, extraCaFile: undefined });
  });

  it("use the VPC endpoint if configured", () => {
    const { endpoint, signIn } = settings({ "outboundbot:network": "vpc" });
    assert.equal(endpoint.host, "outboundbot-vpc.cn-shanghai.aliyuncs.com");
    assert.equal(signIn.vpc, true);
  });

  it("reject a region where the service isn't available, unless an endpoint is given", () => {
    assert.throws(
      () => settings({ "outboundbot:region": "cn-hangzhou" }),
      refused(
        "UnknownRegion",
        /^Invalid configuration outboundbot:region: OutboundBot isn't available in cn-hangzhou, only in cn-shanghai\./,
      ),
    );
    const { endpoint } = settings(
      { "outboundbot:endpoint": "bot.example:8443" },
      {},
      { region: "cn-hangzhou" },
    );
    assert.deepEqual(endpoint, { protocol: "https", host: "bot.example:8443" });
  });

  for (const [given, protocol, host] of [
    ["bot.example", "https", "bot.example"],
    ["https://bot.example/", "https", "bot.example"],
    ["127.0.0.1:8080", "http", "127.0.0.1:8080"],
    ["http://[::1]:80", "http", "[::1]"],
    ["https://localhost:8443", "https", "localhost:8443"],
  ] as const) {
    it(`read the endpoint ${given}`, () => {
      assert.deepEqual(settings({}, { OUTBOUNDBOT_ENDPOINT: given }).endpoint, { protocol, host });
    });
  }

  for (const given of [
    "http://bot.example",
    "ftp://bot.example",
    "https://bot.example/path",
    "https://u:planted@h",
    "a b",
  ]) {
    it(`reject the endpoint ${given}`, () => {
      assert.throws(
        () => settings({ "outboundbot:endpoint": given }),
        (error) =>
          refused("InvalidEndpoint", /outboundbot:endpoint/)(error) && !/planted/.test(String(error)),
      );
    });
  }

  it("prefer the argument, then outboundbot:, then alicloud:, then the environment", () => {
    const environment = { ALICLOUD_PROFILE: "environment" };
    const alicloud = { "alicloud:profile": "alicloud" };
    const own = { ...alicloud, "outboundbot:profile": "own" };
    const nameOf = ({ credentials }: ConnectionSettings) =>
      credentials.fields.name?.value ?? credentials.mode;
    assert.equal(nameOf(settings(own, environment, { profile: "argument" })), "argument");
    assert.equal(nameOf(settings(own, environment)), "own");
    assert.equal(nameOf(settings(alicloud, environment)), "alicloud");
    assert.equal(nameOf(settings({}, environment)), "environment");
    assert.equal(nameOf(settings()), "default");
  });

  it("complete half a key from another scope, and reject half a key alone", () => {
    const { credentials } = settings({ "alicloud:accessKey": "id" }, { ALICLOUD_SECRET_KEY: "secret" });
    assert.equal(credentials.mode, "AK");
    assert.throws(
      () => settings({ "alicloud:accessKey": "id" }),
      refused(
        "IncompleteCredentials",
        /configuration alicloud:accessKey is set, but alicloud:secretKey isn't\. Set alicloud:secretKey as well\./,
      ),
    );
  });

  it("assume a role with credentials of its scope or a later one, never an earlier one", () => {
    const role = { "alicloud:assumeRole": '{"roleArn":"r"}' };
    const key = (place: string) => ({ [`${place}:accessKey`]: "id", [`${place}:secretKey`]: "secret" });
    assert.equal(settings({ ...role, ...key("alicloud") }).credentials.mode, "ChainableRamRoleArn");
    assert.equal(
      settings(role, { ALICLOUD_ACCESS_KEY: "i", ALICLOUD_SECRET_KEY: "s" }).credentials.mode,
      "ChainableRamRoleArn",
    );
    assert.equal(settings(role).credentials.mode, "ChainableRamRoleArn");
    assert.equal(settings({ ...role, ...key("outboundbot") }).credentials.mode, "AK");
    assert.equal(settings(role, {}, { profile: "p" }).credentials.mode, "profile");
  });

  // The command-line client reads the names in these forms, and the SDKs and @pulumi/alicloud the others.
  it("read the variables of the vendor's tools", () => {
    const key = { ALICLOUD_ACCESS_KEY_ID: "id", ALICLOUD_ACCESS_KEY_SECRET: "secret" };
    assert.equal(settings({}, key).credentials.fields.access_key_secret?.value, "secret");
    const { credentials } = settings({}, { ...key, ALICLOUD_SECURITY_TOKEN: "token" });
    assert.equal(credentials.fields.sts_token?.value, "token");
    assert.equal(settings({}, { ALIBABACLOUD_PROFILE: "p" }).credentials.fields.name?.value, "p");
    const file = { ALIBABA_CLOUD_CONFIG_FILE: "f" };
    assert.equal(settings({}, file).credentials.fields.file?.value, "f");
    const ignored = { ALICLOUD_PROFILE: "p", ALIBABACLOUD_IGNORE_PROFILE: "TRUE" };
    assert.equal(settings({}, ignored).credentials.mode, "default");
    assert.deepEqual(settings({}, ignored).signIn.on, ["ALIBABA_CLOUD_IGNORE_PROFILE"]);
    assert.equal(settings({ "outboundbot:profile": "q" }, ignored).credentials.fields.name?.value, "q");
  });

  it("read an OIDC token itself, which precedes its file in the same place", () => {
    const role = { ALIBABACLOUD_ROLE_ARN: "r", ALIBABACLOUD_OIDC_PROVIDER_ARN: "p" };
    const token = { ALIBABA_CLOUD_OIDC_TOKEN: "t", ALIBABA_CLOUD_OIDC_TOKEN_FILE: "/file" };
    const { credentials } = settings({}, { ...role, ...token });
    assert.deepEqual(
      [credentials.mode, credentials.source, credentials.base],
      ["OIDC", "environment variable ALIBABA_CLOUD_OIDC_TOKEN", undefined],
    );
    const own = { "outboundbot:assumeRoleWithOidc": '{"oidcTokenFile":"/own"}' };
    const { fields } = settings(own, { ...role, ...token }).credentials;
    assert.deepEqual([fields.oidc_token, fields.oidc_token_file?.value], [undefined, "/own"]);
  });

  it("assume no role if an object has an empty one", () => {
    const environment = {
      ALICLOUD_ACCESS_KEY: "id",
      ALICLOUD_SECRET_KEY: "secret",
      ALIBABA_CLOUD_ROLE_ARN: "acs:ram::1:role/other",
    };
    for (const none of ['{"roleArn":""}', '[{"roleArn":"","sessionName":"s"}]', "[]"]) {
      assert.equal(settings({ "alicloud:assumeRole": none }, environment).credentials.mode, "AK");
      const own = { "outboundbot:assumeRole": none, "alicloud:assumeRole": '{"roleArn":"r"}' };
      assert.equal(settings(own, environment).credentials.mode, "AK");
    }
    assert.equal(settings({}, environment).credentials.mode, "ChainableRamRoleArn");
  });

  const wrong: [key: string, value: string, accepts: RegExp][] = [
    ["maxConcurrency", "0", /must be a whole number from 1 to 256, got 0/],
    ["maxRate", "0", /must be a number from 0.01 to 1000, got 0/],
    ["maxRate", "1000.1", /must be a number from 0.01 to 1000, got 1000.1/],
    ["maxRate", "-5", /must be a number from 0.01 to 1000, got -5/],
    ["maxRate", "1/2", /must be a number from 0.01 to 1000, got a value that is not a number/],
    ["maxRate", "1e2", /must be a number from 0.01 to 1000, got a value that is not a number/],
    ["maxAttempts", "ten", /must be a whole number from 1 to 100/],
    ["callTimeout", "99", /from 100 to 600000/],
    ["lookupTimeout", "1e5", /from 1000 to 3600000/],
    ["network", "private", /must be public or vpc/],
    ["region", '{"a":1}', /must be a region, not an object or a list/],
    ["assumeRole", "acs:ram::1:role/r", /must be a JSON object with roleArn/],
    ["assumeRole", '{"sessionName":"s"}', /roleArn is missing/],
    [
      "assumeRole",
      '{"roleArn":"r","sessionExpiration":10}',
      /sessionExpiration: must be a whole number of seconds from 900/,
    ],
    ["assumeRole", '{"roleArn":["r"]}', /roleArn must be a string or a number/],
    ["assumeRole", '{"roleArn":"r","polcy":"planted"}', /: unknown field polcy; did you mean policy\?$/],
    ["assumeRoleWithOidc", '{"externalId":"planted"}', /: unknown field externalId; use one of /],
  ];
  for (const [key, value, accepts] of wrong) {
    it(`reject ${key} = ${value}`, () => {
      assert.throws(
        () => settings({ [`outboundbot:${key}`]: value }),
        refused("InvalidSetting", new RegExp(`configuration outboundbot:${key}`), accepts),
      );
    });
  }

  it("read limits from the environment", () => {
    const { limits } = settings(
      { "outboundbot:maxAttempts": "3" },
      { OUTBOUNDBOT_MAX_ATTEMPTS: "4", OUTBOUNDBOT_MAX_CONCURRENCY: "8", OUTBOUNDBOT_CALL_TIMEOUT: "500" },
    );
    assert.deepEqual(limits, {
      maxConcurrency: 8,
      maxRate: undefined,
      maxAttempts: 3,
      callTimeout: 500,
      lookupTimeout: 300_000,
      maxItems: 150_000,
    });
  });

  it("read a decimal rate, from the configuration before the environment", () => {
    const environment = { OUTBOUNDBOT_MAX_RATE: "20" };
    assert.equal(settings({}, environment).limits.maxRate, 20);
    assert.equal(settings({ "outboundbot:maxRate": "0.5" }, environment).limits.maxRate, 0.5);
    assert.equal(settings({ "outboundbot:maxRate": "0.01" }).limits.maxRate, 0.01);
    assert.equal(settings({ "outboundbot:maxRate": "1000" }).limits.maxRate, 1000);
  });

  it("warn about misspelled keys only", () => {
    const keys = [
      "outboundbot:acessKey",
      "outboundbot:Region",
      "outboundbot:call_timeout",
      "outboundbot:botName",
      "outboundbot:region",
      "other:acessKey",
    ];
    const warnings = unknownKeyWarnings({ config: () => undefined, configKeys: () => keys, environment: {} });
    assert.deepEqual(
      warnings.map((warning) => warning.replace(/: it has no effect. Did you mean /, " → ")),
      [
        "Unknown configuration outboundbot:acessKey → outboundbot:accessKey?",
        "Unknown configuration outboundbot:Region → outboundbot:region?",
        "Unknown configuration outboundbot:call_timeout → outboundbot:callTimeout?",
      ],
    );
  });

  it("warn once for each stack of the process", async () => {
    const service = await standIn(() => ({ body: { Success: true, TotalCount: 0, Instances: [] } }));
    const config: Values = {
      "outboundbot:accessKey": "LTAIwarnwarn",
      "outboundbot:secretKey": "s",
      "outboundbot:endpoint": service.origin,
      "outboundbot:maxAttemps": "1",
    };
    const warnings: string[] = [];
    let stack = "bots/dev";
    const context = {
      sources: {
        config: (key: string) => config[key],
        configKeys: () => Object.keys(config),
        environment: {},
        stack: () => stack,
      },
      warn: (message: string) => void warnings.push(message),
      progress: () => {},
    };
    await instanceLookup.all("getInstances", {}, context);
    await instanceLookup.all("getInstances", {}, context);
    stack = "bots/prod";
    await instanceLookup.all("getInstances", {}, context);
    const effect = "it has no effect. Did you mean outboundbot:maxAttempts?";
    assert.deepEqual(warnings, [
      `Unknown configuration outboundbot:maxAttemps of stack bots/dev: ${effect}`,
      `Unknown configuration outboundbot:maxAttemps of stack bots/prod: ${effect}`,
    ]);
  });

  it("are the settings in docs/settings.md", () => {
    const path = join(__dirname, "..", "..", "docs", "settings.md");
    const rows = Object.entries<SettingKey>(settingKeys).map(([name, key]) =>
      [
        "",
        `\`outboundbot:${name}\``,
        key.accepts,
        key.default,
        key.secret ? "yes" : "",
        key.alicloud ? "yes" : "",
        key.environment.map((variable) => `\`${variable}\``).join(", "),
        key.description,
        "",
      ]
        .join(" | ")
        .trim(),
    );
    const table = `${rows.join("\n")}\n`;
    if (process.env.UPDATE_DOCS === "1") {
      const page = readFileSync(path, "utf8");
      writeFileSync(
        path,
        page.replace(/(\|---\|.*\n)[\s\S]*?\n\n/, (_, line: string) => `${line}${table}\n`),
      );
    }
    assert.ok(readFileSync(path, "utf8").includes(`|\n${table}\n`), "run the tests once with UPDATE_DOCS=1");
  });
});
