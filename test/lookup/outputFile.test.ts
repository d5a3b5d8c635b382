import assert from "node:assert/strict";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getInstances, OutputFileError } from "../../src/index.js";
import { expected } from "../helpers/expected.js";
import { forbidden } from "../helpers/faults.js";
import { failureOf, startHere } from "../helpers/lookup.js";
import { closeAll } from "../helpers/running.js";

// Uses the real SDK over HTTP against the emulator. Proves nothing about undocumented behavior of the service.
describe("lookup", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "outboundbot-lookup-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(closeAll);

  describe("outputFile", () => {
    const path = (name: string) => join(folder, name);

    it("holds the instances as JSON, readable by its owner only, in place of an earlier file", async () => {
      const emulator = await startHere({ count: 120 });
      writeFileSync(path("out.json"), "x".repeat(1_000_000), { mode: 0o644 });
      const { instances, outputFile } = await getInstances({ outputFile: path("out.json") });
      assert.deepEqual(JSON.parse(readFileSync(path("out.json"), "utf8")), expected(emulator.instances));
      assert.deepEqual(instances, expected(emulator.instances));
      assert.equal(outputFile, path("out.json"));
      assert.equal(statSync(path("out.json")).mode & 0o777, 0o600);
      assert.deepEqual(readdirSync(folder), ["out.json"]);
    });

    it("is unchanged when the lookup fails", async () => {
      await startHere({ faults: [forbidden] });
      writeFileSync(path("out.json"), "before");
      await failureOf(getInstances({ outputFile: path("out.json") }));
      assert.equal(readFileSync(path("out.json"), "utf8"), "before");
    });

    it("in a missing folder is rejected before any request", async () => {
      const emulator = await startHere();
      const error = await failureOf(getInstances({ outputFile: path("none/out.json") }));
      assert.ok(OutputFileError.isInstance(error), String(error));
      assert.equal(error.code, "OutputFileNotWritten");
      assert.match(
        error.message,
        /^Writing outputFile .*none\/out\.json failed: its folder does not exist\. Create the folder first\.$/,
      );
      assert.equal(emulator.counters.calls, 0);
    });

    it("that is a folder is rejected, and no temporary file is left", async () => {
      await startHere();
      mkdirSync(path("taken"));
      const error = await failureOf(getInstances({ outputFile: path("taken") }));
      assert.ok(OutputFileError.isInstance(error), String(error));
      assert.deepEqual(
        readdirSync(folder).sort(),
        ["out.json", "taken"].filter((name) => readdirSync(folder).includes(name)),
      );
      assert.deepEqual(
        readdirSync(folder).filter((name) => name.startsWith(".")),
        [],
      );
    });

    it("that is a link or a device is rejected before any request, and stays", async () => {
      const emulator = await startHere();
      writeFileSync(path("target"), "before");
      symlinkSync(path("target"), path("link"));
      for (const outputFile of [path("link"), "/dev/null"]) {
        const error = await failureOf(getInstances({ outputFile }));
        assert.ok(OutputFileError.isInstance(error), String(error));
        assert.match(error.message, /it exists and is not a regular file/);
      }
      assert.equal(lstatSync(path("link")).isSymbolicLink(), true);
      assert.equal(readFileSync(path("target"), "utf8"), "before");
      assert.equal(emulator.counters.calls, 0);
    });

    it("can have the longest name that the system allows, but no NUL", async () => {
      const emulator = await startHere({ count: 1 });
      const longest = path(`${"n".repeat(250)}.json`);
      await getInstances({ outputFile: longest });
      assert.deepEqual(JSON.parse(readFileSync(longest, "utf8")), expected(emulator.instances));
      for (const [outputFile, said] of [
        [path("a\0b"), /contains a NUL character/],
        [path("n".repeat(300)), /ENAMETOOLONG/],
      ] as const) {
        const error = await failureOf(getInstances({ outputFile }));
        assert.ok(OutputFileError.isInstance(error));
        assert.match(error.message, said);
      }
    });
  });
});
