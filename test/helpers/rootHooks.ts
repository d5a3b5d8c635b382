// mocha loads this before every test file: no setting of the test machine may reach the tests.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

const ofTheRunner =
  /^(ALICLOUD_|ALIBABA_?CLOUD_|OUTBOUNDBOT_(?!PYTHON$)|PULUMI_(?!HOME$)|(HTTPS?|ALL|NO)_PROXY$|NODE_OPTIONS$)/i;
for (const name of Object.keys(process.env)) {
  if (ofTheRunner.test(name)) {
    delete process.env[name];
  }
}

/** An empty home directory, so that no profile of the user is found. */
const home = mkdtempSync(join(tmpdir(), "outboundbot-test-home-"));
process.env.HOME = home;
process.env.USERPROFILE = home;

export const mochaHooks = {
  beforeEach() {
    pulumi.runtime.setAllConfig({});
  },
  afterAll() {
    rmSync(home, { recursive: true, force: true });
  },
};
