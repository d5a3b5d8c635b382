// mocha loads this before every test file: no setting of the test machine may reach the tests.
import { mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

const ofTheRunner =
  /^(ALICLOUD_|ALIBABA_?CLOUD_|OUTBOUNDBOT_(?!PYTHON$)|PULUMI_(?!HOME$)|(HTTPS?|ALL|NO)_PROXY$|NODE_OPTIONS$)/i;
for (const name of Object.keys(process.env)) {
  if (ofTheRunner.test(name)) {
    delete process.env[name];
  }
}

/**
 * An empty home directory, so that no profile of the user is found. Those of mocha's workers are folders of the one of the main
 * process, which removes them all.
 */
const isWorker = process.env.MOCHA_WORKER_ID !== undefined;
const home = mkdtempSync(join(isWorker ? homedir() : tmpdir(), "outboundbot-test-home-"));
process.env.HOME = home;
process.env.USERPROFILE = home;
if (!isWorker) {
  process.on("exit", () => rmSync(home, { recursive: true, force: true }));
}

export const mochaHooks = {
  beforeEach() {
    pulumi.runtime.setAllConfig({});
  },
};
