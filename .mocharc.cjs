const everyTest = ["test/**/*.test.ts"];

module.exports = {
  "node-option": ["import=tsx"],
  require: ["./test/helpers/rootHooks.ts"],
  // mocha would add these to the files of its command line.
  spec: process.argv.some((argument) => argument.endsWith(".ts")) ? [] : everyTest,
  reporter: "./scripts/reporter.cjs",
  "forbid-only": true,
  timeout: 60_000,
};
