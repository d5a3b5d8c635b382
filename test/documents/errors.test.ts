import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CallFailure } from "../../src/api/failure.js";
import { errorCodes } from "../../src/errors/codes.js";
import { OutboundBotError } from "../../src/errors/errors.js";
import { instanceLookup, scriptLookup } from "../../src/lookup/functions.js";
import { LookupRecord } from "../../src/lookup/record.js";
import { root } from "../helpers/child.js";
import { errorPage, redirect, throttled, unavailable } from "../helpers/faults.js";
import { failureOf } from "../helpers/lookup.js";
import { readDocument } from "../helpers/markdown.js";
import { closeAll, start } from "../helpers/running.js";
import { connectProxy, endAll, makeAuthority, makeHome, standIn, tlsStandIn } from "../helpers/standIn.js";

const page = "docs/errors.md";
const keyId = "LTAI5tExampleKeyIdQRST";
const secret = "an example of a secret key".replaceAll(" ", "-");

/** A name that is too long for DNS, so that no name server is asked. */
const unknownHost = `${"x".repeat(64)}.invalid`;

type Values = Readonly<Record<string, string | undefined>>;

interface Lookup {
  readonly config?: Values;
  readonly environment?: Values;
  readonly args?: object;
}

function contextOf({ config = {}, environment = {} }: Lookup, warnings: string[] = []) {
  const all: Values = {
    "outboundbot:accessKey": keyId,
    "outboundbot:secretKey": secret,
    "outboundbot:maxAttempts": "1",
    ...config,
  };
  return {
    sources: {
      config: (key: string) => all[key],
      configKeys: () => Object.keys(all),
      environment: { HOME: "/nonexistent", ...environment },
    },
    warn: (message: string) => void warnings.push(message),
    progress: () => {},
  };
}

const find = (lookup: Lookup = {}, called: "all" | "one" = "all") =>
  instanceLookup[called](
    called === "all" ? "getInstances" : "getInstance",
    lookup.args ?? {},
    contextOf(lookup),
  );

/** Runs a lookup on an emulator with this key. */
async function findIn(
  options: NonNullable<Parameters<typeof start>[0]>,
  { config, ...lookup }: Lookup = {},
  called?: "all" | "one",
): Promise<unknown> {
  const { endpoint } = await start({ accessKeyId: keyId, accessKeySecret: secret, ...options });
  return find({ ...lookup, config: { "outboundbot:endpoint": endpoint, ...config } }, called);
}

/** Returns the error of a lookup at a service that rejects every call. */
async function refused(status: number, Code: string, Message: string, date?: string): Promise<unknown> {
  const { origin } = await standIn(() => ({
    status,
    headers: { "content-type": "application/json", ...(date === undefined ? {} : { date }) },
    body: { Code, Message, RequestId: "254EB995-DEDF-48A4-9101-9CA5B72FFBCC" },
  }));
  return find({ config: { "outboundbot:endpoint": origin } });
}

const scriptsAt = async (called: "getScript", args: object) => {
  const scripts = ["Survey", "Reminder"].map((ScriptName, index) => ({
    ScriptId: `script-${index + 1}`,
    ScriptName,
  }));
  const { endpoint } = await start({
    accessKeyId: keyId,
    accessKeySecret: secret,
    instances: [{ InstanceId: "bot-1" }],
    scripts: { "bot-1": scripts },
  });
  return scriptLookup.one(called, args, contextOf({ config: { "outboundbot:endpoint": endpoint } }));
};

const bots = [
  { InstanceId: "bot-1", InstanceName: "Survey" },
  { InstanceId: "bot-2", InstanceName: "Reminder" },
];

/** Provokes each message, by its code. */
const failures: Record<string, () => Promise<unknown>> = {
  "Forbidden.RAM": () =>
    refused(403, "Forbidden.RAM", "User not authorized to operate on the specified resource."),
  "NotExist.Instance": () => scriptsAt("getScript", { instanceId: "bot-3" }),
  "InvalidAccessKeyId.NotFound": () => findIn({ accessKeyId: "LTAIanother" }),
  "InvalidAccessKeyId.Inactive": () =>
    refused(400, "InvalidAccessKeyId.Inactive", "Specified access key is disabled."),
  SignatureDoesNotMatch: () => findIn({ accessKeySecret: "another" }),
  "InvalidSecurityToken.Expired": () =>
    refused(400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired."),
  MissingSecurityToken: () => findIn({ securityToken: "token" }),
  "InvalidTimeStamp.Expired": () =>
    refused(
      400,
      "InvalidTimeStamp.Expired",
      "Specified time stamp or date value is expired.",
      new Date(Date.now() + 3_600_000).toUTCString(),
    ),
  "Throttling.User": () =>
    findIn(
      { faults: [{ ...throttled, headers: { "x-acs-retry-after": "0" } }] },
      { config: { "outboundbot:maxAttempts": "3" } },
    ),
  "InvalidAction.NotFound": () =>
    refused(404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method."),
  UnknownHost: () => find({ config: { "outboundbot:endpoint": `https://${unknownHost}` } }),
  ConnectionRefused: () => find({ config: { "outboundbot:endpoint": "http://127.0.0.1:1" } }),
  ConnectionReset: () => findIn({ faults: [{ kind: "reset" }] }),
  TruncatedResponse: () => findIn({ faults: [{ kind: "truncated" }] }),
  CallTimeout: () => findIn({ faults: [{ kind: "hang" }] }, { config: { "outboundbot:callTimeout": "100" } }),
  ProxyFailure: async () => {
    const { url } = await connectProxy(1, "407 Proxy Authentication Required");
    return find({ environment: { HTTPS_PROXY: url } });
  },
  TlsFailure: async () => {
    const authority = makeAuthority(["127.0.0.1"]);
    assert.ok(authority !== undefined, "this needs openssl");
    const { origin } = await tlsStandIn(authority, () => ({ body: {} }));
    return find({ config: { "outboundbot:endpoint": origin } });
  },
  UnreadableResponse: () => findIn({ faults: [errorPage] }),
  EmptyResponse: () => findIn({ faults: [{ kind: "response" }] }),
  UnexpectedRedirect: () => findIn({ faults: [redirect] }),
  ServiceUnavailable: () => findIn({ faults: [unavailable] }, { config: { "outboundbot:maxAttempts": "2" } }),
  LookupTimeout: () =>
    findIn(
      { faults: [{ kind: "hang" }] },
      {
        config: {
          "outboundbot:callTimeout": "300",
          "outboundbot:lookupTimeout": "1000",
          "outboundbot:maxAttempts": "100",
        },
      },
    ),
  InvalidArguments: () => find({ args: { tag: { env: "prod" }, pageSize: 0 } }),
  InvalidSetting: () => find({ config: { "outboundbot:maxRate": "5000" } }),
  InvalidEndpoint: () => find({ config: { "outboundbot:endpoint": "http://outboundbot.example.com" } }),
  UnknownRegion: () => find({ args: { region: "cn-hangzhou" } }),
  IncompleteCredentials: () => find({ config: { "outboundbot:secretKey": undefined } }),
  "NoCredentials, a profile": () => {
    const home = makeHome({ ".aliyun/config.json": { profiles: [{ name: "default", mode: "AK" }] } });
    return find({ args: { profile: "prod" }, environment: { HOME: home } });
  },
  "NoCredentials, the default chain": () =>
    find({
      config: { "outboundbot:accessKey": undefined, "outboundbot:secretKey": undefined },
      environment: { HOME: makeHome(), ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true" },
    }),
  InconsistentList: () => findIn({ count: 250, faults: [{ kind: "total", total: 251 }] }),
  InstanceNotFound: () => findIn({ instances: bots }, { args: { tags: { env: "prod" } } }, "one"),
  SeveralInstancesFound: () => findIn({ instances: bots }, { args: { nameRegex: "." } }, "one"),
  ScriptNotFound: () => scriptsAt("getScript", { instanceId: "bot-1", name: "Payment" }),
  SeveralScriptsFound: () => scriptsAt("getScript", { instanceId: "bot-1" }),
  OutputFileNotWritten: () => find({ args: { outputFile: "/nonexistent/bots.json" } }),
  ListTooLarge: () => findIn({ count: 250 }, { config: { "outboundbot:maxItems": "100" } }),
};

async function warningsOf(
  options: NonNullable<Parameters<typeof start>[0]>,
  { args = {}, config }: Lookup,
): Promise<string> {
  const { endpoint } = await start({ accessKeyId: keyId, accessKeySecret: secret, ...options });
  const warnings: string[] = [];
  const context = contextOf({ config: { "outboundbot:endpoint": endpoint, ...config } }, warnings);
  await instanceLookup.all("getInstances", args, context);
  return warnings.join("\n");
}

const warnings: Record<string, () => Promise<string>> = {
  "a mistyped setting": () => warningsOf({ count: 1 }, { config: { "outboundbot:maxRat": "5" } }),
  "more than 20 tags": () =>
    warningsOf(
      { count: 1 },
      { args: { tags: Object.fromEntries([...Array(21).keys()].map((key) => [`tag${key}`, ""])) } },
    ),
  "instances that don't match": async () => {
    const { origin } = await standIn(() => ({
      body: {
        Code: "OK",
        Success: true,
        RequestId: "R",
        TotalCount: 2,
        Instances: ["a", "b"].map((InstanceId) => ({ InstanceId, ResourceTags: [] })),
      },
    }));
    return warningsOf({}, { args: { tags: { env: "prod" } }, config: { "outboundbot:endpoint": origin } });
  },
  "a wrong TotalCount": () => warningsOf({ count: 250, faults: [{ kind: "total", total: 7 }] }, {}),
  "a value that Pulumi reserves": () =>
    warningsOf(
      { instances: [{ InstanceId: "bot-1", InstanceName: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }] },
      {},
    ),
  "progress of a slow lookup": async () => {
    let now = 0;
    let last = "";
    const noun = { one: "instance", many: "instances" };
    const progress = (message: string) => {
      last = message;
    };
    const record = new LookupRecord(
      "getInstances",
      noun,
      { progress },
      { now: () => now, after: assert.fail },
    );
    now = 5_000;
    record.started();
    record.retried("throttled", failed(new OutboundBotError("Throttling", "throttled")));
    const timeout = await failureOf(
      findIn({ faults: [{ kind: "hang" }] }, { config: { "outboundbot:callTimeout": "100" } }),
    );
    record.retried("transient", failed(timeout));
    now = 10_000;
    record.pageRead(100, 5000);
    return last;
  },
};

function failed(error: Error): CallFailure {
  const failure = CallFailure.from(error);
  assert.ok(failure !== undefined);
  return failure;
}

/** Replaces the parts of a message that differ from run to run. */
function normalized(message: string): string {
  return (
    message
      .replaceAll(unknownHost, "outboundbot.example.com")
      .replaceAll(/https?:\/\/127\.0\.0\.1:\d+/g, "https://outboundbot.cn-shanghai.aliyuncs.com")
      .replaceAll(/127\.0\.0\.1:\d+/g, "proxy.example.com:3128")
      .replaceAll(/[\w/.-]*outboundbot-home-\w+/g, "/home/me")
      .replaceAll(/[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}/g, "254EB995-DEDF-48A4-9101-9CA5B72FFBCC")
      .replaceAll(/ \(\d+\.\d s\)/g, " (1.4 s)")
      // Newer versions of Node.js append advice of their own.
      .replace(/; if the root CA is installed locally, .*?--use-system-ca/, "")
      .replace(/clock \(\d{4}-[^)]*\) is/, "clock (2026-01-05T09:00:00.000Z) is")
      .replace(/clock \(\d{4}-[^)]*\)\./, "clock (2026-01-05T10:00:00.000Z).")
  );
}

function block(title: string, message: string): string {
  return `${title}:\n\n\`\`\`text\n${normalized(message)}\n\`\`\`\n`;
}

/** Compares a part of a page with its expected text, or writes it with UPDATE_DOCS=1. */
function assertPart(name: string, expected: string, file = page): void {
  const part = new RegExp(`(?<=<!-- ${name} -->\n\n).*?(?=\n*<!-- /${name} -->)`, "s");
  const text = readDocument(file);
  assert.match(text, part);
  if (process.env.UPDATE_DOCS === "1") {
    writeFileSync(
      join(root, file),
      text.replace(part, () => expected),
    );
  }
  assert.equal(part.exec(readDocument(file))?.[0], expected, "run the tests once with UPDATE_DOCS=1");
}

/** The messages that the page shows: one of each form. The others are in a file next to this test. */
const shown = [
  "Forbidden.RAM",
  "InvalidTimeStamp.Expired",
  "Throttling.User",
  "ProxyFailure",
  "InvalidArguments",
  "NoCredentials, the default chain",
  "InconsistentList",
  "SeveralInstancesFound",
];

describe("docs/errors.md", () => {
  afterEach(async () => {
    endAll();
    await closeAll();
  });

  it("has the table of codes", () => {
    const rows = errorCodes.map(
      ({ codes, description: meaning, remedy }) =>
        `| ${codes.map((code) => `\`${code}\``).join(", ")} | ${meaning} | ${remedy ?? ""} |`,
    );
    assertPart("codes", ["| code | meaning | what to do |", "|---|---|---|", ...rows].join("\n"));
  });

  it("shows each message as it appears", async () => {
    const blocks = new Map<string, string>();
    for (const [name, fail] of Object.entries(failures)) {
      const [code = "", which] = name.split(", ");
      const error = await failureOf(fail());
      assert.ok(OutboundBotError.isInstance(error), String(error));
      assert.equal(error.code, code);
      blocks.set(name, block(`\`${code}\`${which === undefined ? "" : ` (${which})`}`, error.message));
    }
    const examples = shown.map((name) => blocks.get(name) ?? name);
    assertPart("messages", examples.join("\n").trimEnd());
    assertPart("messages", [...blocks.values()].join("\n").trimEnd(), "test/documents/messages.txt");
  });

  it("shows each warning as it appears", async () => {
    const blocks: string[] = [];
    for (const [name, warn] of Object.entries(warnings)) {
      blocks.push(block(`${name.charAt(0).toUpperCase()}${name.slice(1)}`, await warn()));
    }
    assertPart("warnings", blocks.join("\n").trimEnd());
  });
});
