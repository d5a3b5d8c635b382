// Packs the package, lists what it holds, and tries it in empty projects of every usual kind, installed by
// every usual package manager.
import { Finding, gate, output, report, temporaryFolder } from "../gate.mjs";
import { pack } from "../pack.mjs";
import { stop } from "../tools.mjs";
import { checkContents } from "./contents.mjs";
import { managers, obtain } from "./managers.mjs";
import { kinds, tryOut } from "./project.mjs";

const tarball = await pack();
await gate("what the tarball holds is needed, and source maps have their sources", async () => {
  const folder = temporaryFolder("unpacked");
  await output("tar", ["-xzf", tarball, "-C", folder, "--strip-components=1"]);
  const { count, lines } = checkContents(folder);
  console.log(lines.map((line) => `        ${line}`).join("\n"));
  return `${count} files`;
});
for (const manager of managers.filter(isWanted)) {
  const tool = await obtain(manager);
  if (tool === undefined) {
    console.log(`skipped ${manager.name}: ${manager.from} cannot be had from the registry`);
    continue;
  }
  for (const kind of kinds) {
    await gate(`${manager.name}: ${kind.name}`, async () => {
      try {
        await tryOut(tarball, manager, tool, kind);
      } catch (error) {
        // What an assertion found needs no stack of this script.
        throw error.code === "ERR_ASSERTION" ? new Finding(error.message) : error;
      }
    });
    if (stop.signal.aborted) {
      process.exit();
    }
  }
}
report();

/** All of them, or those whose name has the words of the command line: `npm run pack:check -- pnpm`. */
function isWanted({ name }) {
  return process.argv.slice(2).every((word) => name.includes(word));
}
