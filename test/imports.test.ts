import assert from "node:assert/strict";
import { assertBuilt } from "./helpers/built.js";
import { run } from "./helpers/child.js";
import { closeAll, start } from "./helpers/running.js";

/** Runs a CommonJS program that loads this package's main module, and returns the packages that it loaded. */
async function packagesLoadedBy(program: string): Promise<string[]> {
  const list = `
    const names = Object.keys(require.cache).map((path) => /.*[\\\\/]node_modules[\\\\/]((?:@[^\\\\/]+[\\\\/])?[^\\\\/]+)/.exec(path)?.[1]);
    console.log(JSON.stringify([...new Set(names)].filter(Boolean)));`;
  const text = `(async () => { ${program}; ${list} })()`;
  const ended = await run(process.execPath, ["--eval", text]);
  assert.equal(ended.status, 0, ended.stderr);
  return JSON.parse(ended.stdout);
}

describe("imports", () => {
  before(assertBuilt);
  afterEach(closeAll);

  it("importing the package loads only @pulumi/pulumi and its dependencies", async () => {
    const [own, pulumis] = await Promise.all([
      packagesLoadedBy('require("./dist/index.js")'),
      packagesLoadedBy('require("@pulumi/pulumi")'),
    ]);
    assert.deepEqual(
      own.filter((name) => !pulumis.includes(name)),
      [],
    );
    assert.ok(own.includes("@pulumi/pulumi"));
    // The parts of the SDK that take the longest to load, and that no lookup needs.
    const slow = ["typescript", "@npmcli/arborist"];
    assert.deepEqual(
      slow.filter((name) => !pulumis.includes(name)),
      [],
    );
    assert.deepEqual(
      slow.filter((name) => own.includes(name)),
      [],
    );
  });

  it("the first lookup loads the vendor's client, and nothing that a plain access key doesn't need", async () => {
    const { environment } = await start({ count: 1 });
    const lookup = `Object.assign(process.env, ${JSON.stringify(environment)}); await require("./dist/index.js").getInstances()`;
    const [loaded, imported] = await Promise.all([
      packagesLoadedBy(lookup),
      packagesLoadedBy('require("./dist/index.js")'),
    ]);
    assert.deepEqual(loaded.filter((name) => !imported.includes(name)).sort(), [
      "@alicloud/credentials",
      "@alicloud/gateway-spi",
      "@alicloud/openapi-client",
      "@alicloud/openapi-util",
      "@alicloud/tea-typescript",
      "@alicloud/tea-util",
      "@alicloud/tea-xml",
      // httpx uses debug, which uses supports-color and has-flag if they are installed, as they are here for development.
      "debug",
      "has-flag",
      "httpx",
      "ini",
      "kitx",
      "ms",
      "sax",
      "supports-color",
      "xml2js",
      "xmlbuilder",
    ]);
  });

  it("the emulator loads neither Pulumi's SDK nor the vendor's", async () => {
    const loaded = await packagesLoadedBy('require("./dist/emulator/index.js")');
    assert.deepEqual(
      loaded.filter((name) => /^@pulumi\/|^@alicloud\//.test(name)),
      [],
    );
  });
});
