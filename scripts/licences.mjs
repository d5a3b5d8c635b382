// npm run check:licences: every run-time dependency has one of these licenses, or is an exception.
import { spawnSync } from "node:child_process";
import { root } from "./tools.mjs";

const allowed = [
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "Python-2.0",
  "Unlicense",
];

/** Both are dependencies of @pulumi/pulumi. */
const exceptions = {
  "@logdna/tail-file": "its package.json says SEE LICENSE IN LICENSE; the file is the MIT License",
  "spdx-exceptions": "CC-BY-3.0: a list of names, used unchanged",
};

const { status } = spawnSync(
  process.execPath,
  [
    `${root}/node_modules/license-checker-rseidelsohn/bin/license-checker-rseidelsohn.js`,
    ...["--production", "--excludePrivatePackages", "--summary"],
    ...["--onlyAllow", allowed.join(";"), "--excludePackages", Object.keys(exceptions).join(";")],
  ],
  { cwd: root, stdio: "inherit" },
);
process.exitCode = status ?? 1;
