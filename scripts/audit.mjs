// npm run check:audit: asks the registry for known vulnerabilities of the run-time dependencies. A registry without audits, as some
// mirrors are, and outside CI an unreachable one, is reported but is no failure. Any other error fails.
import { spawnSync } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { npm } from "./tools.mjs";

const attempts = 3;
const notSupported = [404, 405, 501];

const [command, ...args] = npm;
const options = ["audit", "--json", "--omit=dev", "--audit-level=moderate", "--fetch-timeout=30000"];

for (let attempt = 1; attempt <= attempts; attempt++) {
  const { status, stdout } = spawnSync(command, [...args, ...options], { encoding: "utf8" });
  const { auditReportVersion, statusCode, message } = JSON.parse(stdout || "{}");
  if (auditReportVersion !== undefined) {
    console.log(status === 0 ? "No known vulnerabilities" : stdout);
    process.exit(status ?? 1);
  }
  if (notSupported.includes(statusCode)) {
    console.log(`NOT CHECKED: the registry has no audit endpoint (status ${statusCode})`);
    process.exit(0);
  }
  if (statusCode === undefined && !process.env.CI) {
    console.log(`NOT CHECKED: the registry can't be reached (${message})`);
    process.exit(0);
  }
  console.error(`Attempt ${attempt} of ${attempts} failed: ${message}`);
  await wait(attempt < attempts ? 1000 : 0);
}
process.exitCode = 1;
