export {
  ArgumentError,
  type ArgumentProblem,
  type Candidate,
  ConnectionError,
  type FailedCall,
  InconsistentListError,
  InstanceSelectionError,
  OutboundBotError,
  OutputFileError,
  ServiceError,
  SettingsError,
} from "./api/errors.js";
export type { InstancesById } from "./dynamic/properties.js";
export {
  type GetInstanceOutputArgs,
  type GetInstanceResult,
  getInstance,
  getInstanceOutput,
} from "./getInstance.js";
export { type GetInstancesOutputArgs, getInstances, getInstancesOutput } from "./getInstances.js";
export { InstanceLookup, type InstanceLookupArgs } from "./instanceLookup.js";
export { type ListInstancesOptions, listInstances } from "./listInstances.js";
export type {
  GetInstanceArgs,
  GetInstancesArgs,
  ListInstancesArgs,
  SelectionArgs,
  WhereArgs,
} from "./listing/arguments.js";
export type { Instance } from "./listing/instance.js";
export type { GetInstancesResult } from "./listing/result.js";
export type { InputsOf, PartlyInput } from "./outputForm.js";
