import Module from "node:module";
import { resolve } from "node:path";
import * as provider from "./provider.js";

/** Where this package says that the provider is: a key of `exports` in package.json that is also the file's real path. */
const providerFile = "pulumi-outboundbot/dist/dynamic/provider.js";

/**
 * The provider, as an object that the SDK writes into the state as `require("pulumi-outboundbot/dist/dynamic/provider.js")`
 * wherever a package manager has put this package.
 *
 * The SDK looks for the object among the modules that Node has loaded, and makes the name from that module's path, from the
 * first `node_modules` in it on. This fits where the package lies in a `node_modules` folder itself. pnpm's path goes
 * through `node_modules/.pnpm/pulumi-outboundbot@VERSION`, which the SDK does not find in `exports`; a linked package has no
 * `node_modules` in its path, and its code would be copied into the state. So the object is entered among the loaded
 * modules under the path by which the program knows the package.
 */
export function storedProvider(): typeof provider {
  const path = resolve("node_modules", providerFile);
  if (require.cache[path] === undefined) {
    const entry = new Module(path);
    entry.exports = { ...provider };
    entry.loaded = true;
    require.cache[path] = entry;
  }
  // A test runner with a module registry of its own may not have taken the entry.
  const exports: typeof provider | undefined = require.cache[path]?.exports;
  return exports ?? provider;
}
