import assert from "node:assert/strict";
import { linkSync, lstatSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { anHourOn, sessionKeys, signIn, type Values } from "../helpers/signingIn.js";
import {
  type Authority,
  connectProxy,
  endAll,
  makeAuthority,
  makeHome,
  type Received,
  type Reply,
  tlsStandIn,
} from "../helpers/standIn.js";

const hosts = ["oauth.aliyun.com", "oauth.alibabacloud.com"];
const keys = {
  accessKeyId: sessionKeys.AccessKeyId,
  accessKeySecret: sessionKeys.AccessKeySecret,
  securityToken: sessionKeys.SecurityToken,
};
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

const session = {
  name: "p",
  mode: "OAuth",
  oauth_site_type: "CN",
  oauth_access_token: "planted-access",
  oauth_access_token_expire: inSeconds(3600),
  oauth_refresh_token: "planted-refresh",
};

describe("a browser sign-in of the command-line client", () => {
  const authority = makeAuthority(hosts);
  before(function () {
    if (authority === undefined) {
      this.skip(); // There is no openssl to make one.
    }
  });
  afterEach(endAll);

  const config = "config.json";

  function home(profile: object): string {
    return makeHome({
      [`.aliyun/${config}`]: { current: "p", other: 1, profiles: [profile, { name: "q" }] },
    });
  }

  function stored(folder: string): Record<string, unknown>[] {
    return JSON.parse(readFileSync(join(folder, ".aliyun", config), "utf8")).profiles;
  }

  /** Signs in through a proxy, which leads to a server with these responses. */
  async function signInAt(
    folder: string,
    answer: (request: Received) => Reply,
    warn?: (message: string) => void,
  ) {
    const { caFile, port, received, tunnels, url } = await serve(authority, answer);
    const settings: Values = { "outboundbot:profile": "p", "outboundbot:caFile": caFile };
    const credentials = await signIn(settings, { HOME: folder, HTTPS_PROXY: url }, {}, warn);
    return { credentials, received, tunnels, port };
  }

  it("exchanges a valid access token, through the proxy", async () => {
    for (const [index, oauth_site_type] of ["cn", "INTL"].entries()) {
      const folder = home({ ...session, oauth_site_type });
      const { credentials, received, tunnels } = await signInAt(folder, () => ({
        body: { ...keys, expiration: anHourOn() },
      }));
      assert.deepEqual(tunnels, [`${hosts[index]}:443`]);
      assert.deepEqual(
        received.map(({ method, path, headers }) => [method, path, headers.authorization]),
        [["POST", "/v1/exchange", "Bearer planted-access"]],
      );
      const { accessKeyId, accessKeySecret, securityToken, providerName, expiration = 0 } = credentials;
      assert.deepEqual({ accessKeyId, accessKeySecret, securityToken }, keys);
      assert.equal(providerName, "cli_profile/oauth");
      assert.ok(expiration > Date.now() + 3_500_000);
      assert.deepEqual(stored(folder)[0], { ...session, oauth_site_type });
    }
  });

  it("renews a token that is about to expire, and stores the new ones even if the exchange fails", async () => {
    const folder = home({ ...session, oauth_access_token_expire: inSeconds(1199) });
    const file = join(folder, ".aliyun", config);
    const target = join(folder, "target.json");
    writeFileSync(target, readFileSync(file), { mode: 0o640 });
    writeFileSync(file, "");
    const linked = makeHome({ ".aliyun/x": "" });
    symlinkSync(target, join(linked, ".aliyun", config));
    const requests: Received[] = [];
    await assert.rejects(
      signInAt(linked, (request) => {
        requests.push(request);
        return request.path === "/v1/token"
          ? { body: { access_token: "new-access", refresh_token: "new-refresh", expires_in: 7200 } }
          : { status: 500, body: "planted" };
      }),
      /from OAuth at .* failed: status 500\. Sign in again/,
    );
    const [renewal, exchange] = requests;
    const { Timestamp, ...form } = Object.fromEntries(new URLSearchParams(renewal?.body));
    assert.deepEqual(form, {
      grant_type: "refresh_token",
      refresh_token: "planted-refresh",
      client_id: "4038181954557748008",
    });
    assert.match(Timestamp ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.equal(exchange?.headers.authorization, "Bearer new-access");
    const [profile, other] = JSON.parse(readFileSync(target, "utf8")).profiles;
    const { oauth_access_token_expire, ...others } = profile;
    assert.deepEqual(others, {
      name: "p",
      mode: "OAuth",
      oauth_site_type: "CN",
      oauth_access_token: "new-access",
      oauth_refresh_token: "new-refresh",
    });
    assert.ok(Math.abs(oauth_access_token_expire - inSeconds(7200)) < 60);
    assert.deepEqual(other, { name: "q" });
    assert.equal(statSync(target).mode & 0o777, 0o640);
    assert.ok(lstatSync(join(linked, ".aliyun", config)).isSymbolicLink());
  });

  const renewal = { access_token: "new-access", refresh_token: "new-refresh", expires_in: 7200 };
  const signedIn = { ...keys, expiration: anHourOn() };
  const old = { ...session, oauth_access_token_expire: 1 };

  it("changes nothing but the tokens in the file, and keeps its other names", async () => {
    const folder = home(old);
    const file = join(folder, ".aliyun", config);
    const before = `{"current" : "p",\n  "id": 12345678901234567890, "profiles": [1, {"name":"q", "n": 1.0},
      ${JSON.stringify({ ...old, oauth_refresh_token: undefined })}]}`.replace(
      '"name":"p"',
      '"name":"p", "oauth_refresh_token": "planted-refresh"',
    );
    writeFileSync(file, before);
    linkSync(file, join(folder, "other name"));
    await signInAt(folder, ({ path }) => ({ body: path === "/v1/token" ? renewal : signedIn }));
    const after = readFileSync(join(folder, "other name"), "utf8");
    const expire = /"oauth_access_token_expire":(\d+)/;
    assert.ok(Number(expire.exec(after)?.[1]) > inSeconds(7100));
    assert.equal(
      after.replace(expire, '"oauth_access_token_expire":1'),
      before.replace("planted-access", "new-access").replace("planted-refresh", "new-refresh"),
    );
  });

  it("warns if the new tokens can't be stored", async () => {
    const folder = home(old);
    const warnings: string[] = [];
    const { credentials } = await signInAt(
      folder,
      ({ path }) => {
        rmSync(join(folder, ".aliyun"), { recursive: true, force: true });
        return { body: path === "/v1/token" ? renewal : signedIn };
      },
      (message) => warnings.push(message),
    );
    assert.equal(credentials.accessKeyId, keys.accessKeyId);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0] ?? "",
      /^The renewed session of profile "p" of .* can't be stored: the file doesn't exist\. /,
    );
  });

  it("uses the tokens of another process that renewed them first", async () => {
    const folder = home(old);
    const { credentials, received } = await signInAt(folder, ({ path, headers }) => {
      if (path === "/v1/token") {
        const current = {
          ...session,
          oauth_access_token: "other-access",
          oauth_refresh_token: "other-refresh",
        };
        writeFileSync(join(folder, ".aliyun", config), JSON.stringify({ current: "p", profiles: [current] }));
        return { status: 400, body: { error: "invalid_grant" } };
      }
      return headers.authorization === "Bearer other-access" ? { body: signedIn } : { status: 401, body: "" };
    });
    assert.equal(credentials.accessKeyId, keys.accessKeyId);
    assert.deepEqual(
      received.map(({ path }) => path),
      ["/v1/token", "/v1/exchange"],
    );
  });

  const refusals: Record<string, readonly [profile: object, reply: Reply, said: RegExp]> = {
    "another site": [{ oauth_site_type: "planted" }, { body: "" }, /oauth_site_type is not CN or INTL\./],
    "no site": [{ oauth_site_type: undefined }, { body: "" }, /oauth_site_type is missing\./],
    "no token": [
      { oauth_access_token: undefined, oauth_refresh_token: undefined },
      { body: "" },
      /the session has no valid token\. Sign in again/,
    ],
    "a token with a line break": [
      { oauth_access_token: "planted\nx: y" },
      { body: "" },
      /the session has no valid token\./,
    ],
    "a renewal without tokens": [
      { oauth_access_token_expire: 1 },
      { body: { access_token: "planted" } },
      /the session has no valid token\./,
    ],
    "a failed renewal": [
      { oauth_access_token_expire: 1 },
      { status: 400, body: { error: "planted" } },
      /OAuth at https:\/\/oauth\.aliyun\.com \(profile "p" of .*\) failed: status 400\./,
    ],
    "a response that is not JSON": [{}, { body: "planted" }, /failed: the response is not a JSON object\./],
    "a response without keys": [{}, { body: { planted: 1 } }, /the access key ID is missing\./],
  };
  for (const [name, [profile, reply, said]] of Object.entries(refusals)) {
    it(`fails with ${name}`, async () => {
      await assert.rejects(
        signInAt(home({ ...session, ...profile }), () => reply),
        (error: unknown) => {
          assert.ok(error instanceof Error);
          assert.match(error.message, said);
          assert.doesNotMatch(error.message, /planted/);
          return true;
        },
      );
    });
  }
});

async function serve(authority: Authority | undefined, answer: (request: Received) => Reply) {
  assert.ok(authority);
  const { port, received } = await tlsStandIn(authority, answer);
  return { caFile: authority.caFile, received, ...(await connectProxy(port)) };
}
