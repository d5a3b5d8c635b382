import assert from "node:assert/strict";
import { join } from "node:path";
import { createServer } from "node:tls";
import { inspect } from "node:util";
import { OutboundBotError } from "../../src/index.js";
import {
  answer,
  assertWithout,
  Dice,
  everythingOf,
  hostileServer,
  printedDuring,
} from "../helpers/hostile.js";
import { anHourOn, signIn, type Values } from "../helpers/signingIn.js";
import { connectProxy, endAll, makeAuthority, makeHome } from "../helpers/standIn.js";

const keySecret = "PlantedKeySecret/0123456789+";
const token = "PlantedToken/0123456789==";
const session = "PlantedSessionSecret/0123456789";
const secrets = [keySecret, token, session];

const keys = {
  AccessKeyId: "STS.hostile",
  AccessKeySecret: session,
  SecurityToken: token,
  Expiration: anHourOn(),
};
const right = {
  Code: "Success",
  RequestId: "R",
  ...keys,
  Credentials: keys,
  CloudCredential: keys,
  accessKeyId: "STS.hostile",
  accessKeySecret: session,
  securityToken: token,
  access_token: token,
  refresh_token: session,
};

const seconds = Number(process.env.HOSTILE_SECONDS ?? 5);
const firstSeed = Number(process.env.HOSTILE_SEED ?? Date.now() % 1_000_000_000);

const key = {
  "outboundbot:accessKey": "LTAIhostileKeyId",
  "outboundbot:secretKey": keySecret,
  "outboundbot:securityToken": token,
};
const arn = "acs:ram::1:role/r";

function profile(fields: object): { config: Values; environment: Values } {
  const file = {
    profiles: [{ name: "p", access_key_id: "LTAIhostileKeyId", access_key_secret: keySecret, ...fields }],
  };
  return {
    config: { "outboundbot:profile": "p" },
    environment: { HOME: makeHome({ ".aliyun/config.json": file }) },
  };
}

/** Returns a text with a part changed, removed or added. */
function spoiled(text: string, dice: Dice): string {
  const at = Math.floor(dice.next() * text.length);
  return dice.pick([
    text.slice(0, at),
    `${text.slice(0, at)}${dice.pick(["\u0000", '"', "{", "[", "\n", "=", "\ud83d", "x".repeat(50_000)])}${text.slice(at)}`,
    `${text.slice(0, at)}${text.slice(at + 1)}`,
    text.slice(at),
  ]);
}

/** The host of OAuth is fixed, so a hostile server takes its place behind a proxy. */
const authority = makeAuthority(["oauth.aliyun.com"]);

type Way = (origin: string, dice: Dice) => { config: Values; environment?: Values };

/** Every sign-in method that sends a request or reads a file. */
const ways: [Way, ...Way[]] = [
  (origin) => ({
    config: {
      ...key,
      "outboundbot:assumeRole": JSON.stringify({ roleArn: arn }),
      "outboundbot:stsEndpoint": origin,
    },
  }),
  (origin) => ({
    config: {
      "outboundbot:assumeRoleWithOidc": JSON.stringify({
        oidcToken: token,
        roleArn: arn,
        oidcProviderArn: "p",
      }),
      "outboundbot:stsEndpoint": origin,
    },
  }),
  (origin) => ({
    config: { "outboundbot:credentialsUri": `${origin}/creds?token=${encodeURIComponent(token)}` },
  }),
  (origin) => ({
    config: { "outboundbot:ecsRoleName": "r" },
    environment: { OUTBOUNDBOT_METADATA_ENDPOINT: origin, ALIBABA_CLOUD_ECS_METADATA_DISABLED: "" },
  }),
  (origin) => ({
    config: {},
    environment: { OUTBOUNDBOT_METADATA_ENDPOINT: origin, ALIBABA_CLOUD_ECS_METADATA_DISABLED: "" },
  }),
  (origin) =>
    profile({
      mode: "CloudSSO",
      access_token: token,
      cloud_sso_access_token_expire: Math.floor(Date.now() / 1000) + 3600,
      cloud_sso_sign_in_url: `${origin}/start`,
      cloud_sso_account_id: "1",
      cloud_sso_access_config: "c",
    }),
  (origin) => profile({ mode: "RamRoleArn", ram_role_arn: arn, sts_endpoint: origin }),
  (origin) => profile({ mode: "CredentialsURI", credentials_uri: origin }),
  (_, dice) => {
    const { config } = profile({});
    const text = JSON.stringify({
      current: "p",
      profiles: [
        {
          name: "p",
          mode: dice.pick(["AK", "StsToken", "External", "RamRoleArn"]),
          access_key_id: "LTAIx",
          access_key_secret: keySecret,
          sts_token: token,
        },
      ],
    });
    return { config, environment: { HOME: makeHome({ ".aliyun/config.json": spoiled(text, dice) }) } };
  },
  (_, dice) => {
    const text = `[p]\ntype = access_key\naccess_key_id = LTAIx\naccess_key_secret = ${keySecret}\n`;
    return {
      config: { "outboundbot:profile": "p" },
      environment: { HOME: makeHome({ ".alibabacloud/credentials": spoiled(text, dice) }) },
    };
  },
];

/** A file with an OIDC token, corrupted, and STS. */
const oidcFile: Way = (origin, dice) => {
  const content = dice.pick([
    `${token}\n`,
    spoiled(token, dice),
    "\ufeff",
    "\u0000".repeat(1_000),
    token.repeat(200_000),
  ]);
  const file = join(makeHome({ token: content }), "token");
  const settings = {
    oidc_token_file: dice.pick([file, file, file, "/", "/dev/null"]),
    oidc_provider_arn: "p",
    ram_role_arn: arn,
    sts_endpoint: origin,
  };
  return profile({ mode: "OIDC", ...settings });
};
ways.push(oidcFile);

/** A session of a browser, valid or about to be renewed. */
const oauth: Way = (proxy, dice) => {
  const { config, environment } = profile({
    mode: "OAuth",
    oauth_site_type: "CN",
    oauth_access_token: token,
    oauth_refresh_token: keySecret,
    oauth_access_token_expire: dice.chance(0.5) ? 1 : Math.floor(Date.now() / 1000) + 3600,
  });
  return {
    config: { ...config, "outboundbot:caFile": authority?.caFile ?? "" },
    environment: { ...environment, HTTPS_PROXY: proxy },
  };
};

/** A program that prints a corrupted output, fails or prints too much. */
const program: Way = (_, dice) => {
  const output = JSON.stringify({ access_key_id: "LTAIx", access_key_secret: keySecret, sts_token: token });
  const text = Buffer.from(dice.chance(0.3) ? output : spoiled(output, dice)).toString("base64");
  const code = dice.pick([0, 0, 1, 255]);
  const script = `process.stdout.write(Buffer.from('${text}','base64').toString().repeat(${dice.pick([1, 1, 40])}),()=>process.exit(${code}));console.error('${keySecret}')`;
  return profile({ mode: "External", process_command: `"${process.execPath}" -e "${script}"` });
};

async function trySigningIn(seed: number, way: Way): Promise<void> {
  const dice = new Dice(seed);
  const secured = way === oauth ? authority : undefined;
  const server = await hostileServer(
    (request, socket) =>
      answer(socket, { request, right, dice, onBody: (body) => sent.push(body.toString("utf8")) }),
    secured && ((onConnection) => createServer(secured, onConnection)),
  );
  const origin = secured === undefined ? server.origin : (await connectProxy(server.port)).url;
  const sent: string[] = [];
  try {
    const { config, environment = {} } = way(origin, dice);
    const outcome: unknown = await signIn(config, environment).catch((error: unknown) => error);
    if (!(outcome instanceof Error)) {
      assert.ok(typeof outcome === "object" && outcome !== null && "accessKeySecret" in outcome);
      const { accessKeySecret } = outcome;
      assert.ok(
        sent.length === 0 || sent.some((body) => body.includes(JSON.stringify(accessKeySecret))),
        "the credentials are none that were sent",
      );
      return;
    }
    assert.ok(OutboundBotError.isInstance(outcome), `not typed: ${inspect(outcome)}`);
    assertWithout(secrets, everythingOf(outcome));
    assert.ok(outcome.message.length < 25_000);
  } finally {
    server.close();
  }
}

describe("hostile sign-in services", function () {
  this.timeout(seconds * 2_000 + 120_000);
  afterEach(endAll);

  async function run(abreast: number, ofSeed: (dice: Dice) => Way): Promise<void> {
    const end = performance.now() + seconds * 1_000;
    let next = firstSeed;
    const work = async () => {
      while (performance.now() < end) {
        const seed = next++;
        await trySigningIn(seed, ofSeed(new Dice(seed ^ 0x5bd1e995))).catch((failure: unknown) => {
          throw new Error(`HOSTILE_SEED=${seed}: ${inspect(failure)}`);
        });
      }
    };
    const printed = await printedDuring(async () => {
      await Promise.all(Array.from({ length: abreast }, work));
    });
    assertWithout(secrets, printed);
  }

  it(`lead to credentials or a typed error, and show no secret, in ${seconds} s of runs from seed ${firstSeed} on`, () =>
    run(32, (dice) => dice.pick(ways)));

  it("include OAuth, behind a proxy", function () {
    if (authority === undefined) {
      this.skip(); // There is no openssl to make one.
    }
    return run(16, () => oauth);
  });

  it("include programs", () => run(4, () => program));
});
