// mocha's spec report, ending in one machine-readable line. Writes that line to the file COUNTS_FILE instead, if set.
const { writeFileSync } = require("node:fs");
const { Spec } = require("mocha").reporters;

module.exports = class extends Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    const counts = `${passes} passed, ${failures} failed, ${pending} skipped`;
    if (process.env.COUNTS_FILE) {
      writeFileSync(process.env.COUNTS_FILE, counts);
    } else {
      console.log(counts);
    }
  }
};
