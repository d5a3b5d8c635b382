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

  const late = /^(@alicloud\/|undici$|re2js$|lossless-json$|fastest-levenshtein$)/;

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
    assert.deepEqual(
      own.filter((name) => late.test(name)),
      [],
    );
  });

  // Shows that the test above can detect these packages.
  it("the first lookup loads the other dependencies", async () => {
    const { environment } = await start({ count: 1 });
    const loaded = await packagesLoadedBy(
      `Object.assign(process.env, ${JSON.stringify(environment)}); await require("./dist/index.js").getInstances()`,
    );
    const packages = loaded.filter((name) => late.test(name)).sort();
    // Nothing else: not the vendor's client, no credentials library for a plain key, no RE2 without a nameRegex.
    assert.deepEqual(packages, ["@alicloud/openapi-util", "@alicloud/tea-typescript", "@alicloud/tea-util"]);
  });

  it("the emulator loads neither Pulumi's SDK nor the vendor's", async () => {
    const loaded = await packagesLoadedBy('require("./dist/emulator/index.js")');
    assert.deepEqual(
      loaded.filter((name) => /^@pulumi\/|^@alicloud\//.test(name)),
      [],
    );
  });
});
