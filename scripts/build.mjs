// npm run build: installs missing dependencies and builds into an empty dist/, so that nothing of an earlier build is packed.
import { chmodSync, copyFileSync, rmSync } from "node:fs";
import { install, root, run } from "./tools.mjs";

await install();
rmSync(`${root}/dist`, { recursive: true, force: true });
await run(process.execPath, "node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json");
const { build } = await import("esbuild");
// One file per entry point, because a program that loads 70 small files waits several milliseconds longer.
await build({
  absWorkingDir: root,
  entryPoints: [
    "src/index.ts",
    "src/dynamic/provider.ts",
    "src/emulator/index.ts",
    "src/emulator/cli.ts",
    "src/plugin/cli.ts",
  ],
  outdir: "dist",
  outbase: "src",
  bundle: true,
  packages: "external",
  platform: "node",
  target: "node20.19",
  format: "cjs",
  // No source maps: Pulumi's SDK parses them for each resource's stack trace, which takes 45 ms, and the sources aren't packed.
  // Error classes refer to themselves, which esbuild would rename.
  keepNames: true,
  logLevel: "warning",
});
copyFileSync(`${root}/src/plugin/schema.json`, `${root}/dist/plugin/schema.json`);
for (const command of ["emulator", "plugin"]) {
  chmodSync(`${root}/dist/${command}/cli.js`, 0o755);
}
