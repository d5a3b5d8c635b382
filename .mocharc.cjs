const { availableParallelism } = require("node:os");

const isWhole = !process.argv.some((argument) => argument.endsWith(".ts"));

module.exports = {
  "node-option": ["import=tsx"],
  require: ["./test/helpers/rootHooks.ts"],
  // mocha would add these to the files of its command line.
  spec: isWhole ? ["test/**/*.test.ts"] : [],
  // Most tests wait for processes, so more files run at once than there are processors.
  parallel: isWhole,
  jobs: Math.max(3, availableParallelism()),
  reporter: "./scripts/reporter.cjs",
  "forbid-only": true,
  timeout: 180_000,
};
