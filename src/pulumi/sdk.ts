/**
 * The parts of Pulumi's SDK that this package runs. Importing the whole SDK takes several times as long, because it also loads the
 * TypeScript compiler and parts of npm.
 */
export { RunError } from "@pulumi/pulumi/errors.js";
export * as log from "@pulumi/pulumi/log/index.js";
export { getProject, getStack } from "@pulumi/pulumi/metadata.js";
export { all, isSecret, Output, output, secret, unknown } from "@pulumi/pulumi/output.js";
export { ComponentResource, CustomResource, Resource } from "@pulumi/pulumi/resource.js";
export { allConfig, getConfig } from "@pulumi/pulumi/runtime/config.js";
export {
  awaitStackRegistrations,
  getEngine,
  getMonitor,
  isDryRun,
  rpcKeepAlive,
} from "@pulumi/pulumi/runtime/settings.js";
export { getStackResource, registerResourceTransform } from "@pulumi/pulumi/runtime/stack.js";
