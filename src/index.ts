/**
 * Looks up Alibaba Cloud OutboundBot instances in Pulumi programs. A lookup reads every page of the API operation
 * [ListInstances](https://next.api.alibabacloud.com/api/OutboundBot/2019-12-26/ListInstances) (version 2019-12-26).
 *
 * | task | function |
 * |---|---|
 * | find all instances that match | {@link getInstances}, {@link getInstancesOutput} |
 * | find exactly one instance | {@link getInstance}, {@link getInstanceOutput} |
 * | keep a lookup in the stack's state | {@link InstanceLookup} |
 * | find the scripts of an instance, or exactly one | {@link getScripts}, {@link getScript} and their Output forms |
 * | find the phone numbers that an instance can call from | {@link getOutboundCallNumbers}, {@link getOutboundCallNumbersOutput}
 * |
 * | stream a long list in a script | {@link listInstances}, {@link listScripts}, {@link listOutboundCallNumbers} |
 *
 * Every error of this module is an {@link OutboundBotError}.
 *
 * @module pulumi-outboundbot
 * @packageDocumentation
 */

export {
  ArgumentError,
  type ArgumentProblem,
  type Candidate,
  ConnectionError,
  type ErrorDetails,
  type FailedCall,
  InconsistentListError,
  InstanceSelectionError,
  OutboundBotError,
  OutputFileError,
  type SelectionCandidate,
  SelectionError,
  ServiceError,
  SettingsError,
} from "./errors/errors.js";
export type { Consistency, ListArgs, PageArgs } from "./lists/arguments.js";
export type {
  GetInstanceArgs,
  GetInstancesArgs,
  GetInstancesResult,
  Instance,
  ListInstancesArgs,
  SelectionArgs,
} from "./lists/instances.js";
export type {
  GetOutboundCallNumbersArgs,
  GetOutboundCallNumbersResult,
  ListOutboundCallNumbersArgs,
  OutboundCallNumber,
  OutboundCallNumberSelectionArgs,
} from "./lists/outboundCallNumbers.js";
export type {
  GetScriptArgs,
  GetScriptsArgs,
  GetScriptsResult,
  ListScriptsArgs,
  Script,
  ScriptNluProfile,
  ScriptSelectionArgs,
} from "./lists/scripts.js";
export type { InputsOf, PartlyInput, StreamOptions } from "./pulumi/forms.js";
export {
  type GetInstanceOutputArgs,
  type GetInstanceResult,
  type GetInstancesOutputArgs,
  getInstance,
  getInstanceOutput,
  getInstances,
  getInstancesOutput,
  type ListInstancesOptions,
  listInstances,
} from "./pulumi/instanceFunctions.js";
export { InstanceLookup, type InstanceLookupArgs } from "./pulumi/instanceLookup.js";
export {
  type GetOutboundCallNumbersOutputArgs,
  getOutboundCallNumbers,
  getOutboundCallNumbersOutput,
  listOutboundCallNumbers,
} from "./pulumi/outboundCallNumberFunctions.js";
export {
  type GetScriptOutputArgs,
  type GetScriptResult,
  type GetScriptsOutputArgs,
  getScript,
  getScriptOutput,
  getScripts,
  getScriptsOutput,
  listScripts,
} from "./pulumi/scriptFunctions.js";
export type { ConnectionArgs } from "./settings/reading.js";
