import assert from "node:assert/strict";
import { join } from "node:path";
import { sessionKeys, signIn, stsStandIn, type Values } from "../helpers/signingIn.js";
import { endAll, makeHome } from "../helpers/standIn.js";

const printed = {
  mode: "StsToken",
  access_key_id: sessionKeys.AccessKeyId,
  access_key_secret: sessionKeys.AccessKeySecret,
  sts_token: sessionKeys.SecurityToken,
};

/** Signs in with a program of this source. `command` gets its words: Node.js and the path of the program. */
function signInWith(
  source: string,
  {
    command = (node: string, path: string) => `"${node}" "${path}"`,
    environment = {},
  }: { command?: (node: string, path: string) => string; environment?: Values } = {},
) {
  const folder = makeHome({ "my tools.js": source });
  const process_command = command(process.execPath, join(folder, "my tools.js"));
  const profiles = [{ name: "p", mode: "External", process_command }];
  const HOME = makeHome({ ".aliyun/config.json": { current: "p", profiles } });
  return signIn({ "outboundbot:profile": "p" }, { HOME, ...environment });
}

const print = (output: object) => `console.log(${JSON.stringify(JSON.stringify(output))})`;

describe("a credential program", () => {
  afterEach(endAll);

  // As the command-line client and the vendor's Go SDK split it.
  it("gets the arguments of a POSIX command line", async () => {
    const given = `const given = JSON.stringify(process.argv.slice(2));
      console.log(JSON.stringify({ access_key_id: "LTAIargs", access_key_secret: Buffer.from(given).toString("hex") }));`;
    const quotes: Record<string, readonly string[]> = {
      "a\\ b": ["a b"],
      '"{\\"env\\":\\"prod\\"}"': ['{"env":"prod"}'],
      '\'a\\b\' "c\\d" "e\\\\f"': ["a\\b", "c\\d", "e\\f"],
      "\"\" x''y": ["", "xy"],
      "a\\\nb": ["ab"],
    };
    for (const [written, expected] of Object.entries(quotes)) {
      const command = (node: string, path: string) => `${node} ${path.replaceAll(" ", "\\ ")} ${written}`;
      const { accessKeySecret } = await signInWith(given, { command });
      assert.deepEqual(JSON.parse(Buffer.from(accessKeySecret, "hex").toString()), expected, written);
    }
  });

  it("isn't started if its command line isn't complete", async () => {
    for (const end of ['"', "'", "\\"]) {
      await assert.rejects(
        signInWith(print(printed), { command: (node, path) => `"${node}" "${path}" ${end}` }),
        /failed: process_command has an unclosed quotation mark or ends with a backslash\./,
      );
    }
  });

  it("that fails: the error has what it wrote to stderr, on one line and without secrets", async () => {
    await signInWith(print(printed)); // From now on, this secret is known.
    const source = `console.error("Not signed in.\\nRun login.\\n${sessionKeys.AccessKeySecret}", "x".repeat(1000)); process.exit(3)`;
    await assert.rejects(signInWith(source), (error: unknown) => {
      assert.ok(error instanceof Error);
      assert.match(
        error.message,
        /process_command failed \(3\): Not signed in\. Run login\. \[secret\] x+…\.$/,
      );
      assert.ok(error.message.length < 600);
      return true;
    });
  });

  it("may print a byte order mark", async () => {
    const credentials = await signInWith(`process.stdout.write("\\uFEFF"); ${print(printed)}`);
    assert.equal(credentials.accessKeyId, sessionKeys.AccessKeyId);
    assert.equal(credentials.providerName, "cli_profile/external");
  });

  // As the command-line client, which signs in with what the program prints as with a profile.
  it("that prints a role: the role is assumed", async () => {
    const sts = await stsStandIn();
    const output = {
      mode: "RamRoleArn",
      access_key_id: "LTAIbasebase",
      access_key_secret: "base",
      ram_role_arn: "acs:ram::1:role/r",
    };
    const credentials = await signInWith(print(output), { environment: { STS_ENDPOINT: sts.origin } });
    assert.equal(credentials.accessKeyId, sessionKeys.AccessKeyId);
    assert.equal(sts.received[0]?.query.get("RoleArn"), "acs:ram::1:role/r");
  });

  it("must not print another program, or a token without its mode's fields", async () => {
    const refused: readonly (readonly [object, RegExp])[] = [
      [{ mode: "External", process_command: "x" }, /it printed a profile of the mode External\./],
      [{ ...printed, sts_token: "" }, /process_command of profile "p" of .* failed: sts_token is missing\./],
    ];
    for (const [output, message] of refused) {
      await assert.rejects(signInWith(print(output)), message);
    }
  });

  it("isn't started if programs are turned off", async () => {
    for (const value of ["1", "TRUE"]) {
      const environment = { ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS: value };
      await assert.rejects(
        signInWith(print(printed), { environment }),
        /failed: ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS is true\./,
      );
      await assert.rejects(
        signIn({ "outboundbot:credentialsUri": "http://127.0.0.1:1/" }, environment),
        /failed: ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS is true\./,
      );
    }
  });
});
