/**
 * Emulates OutboundBot's ListInstances, ListScripts and ListOutboundCallNumbers (version 2019-12-26) on this machine, for tests
 * without an account. Start it with {@link startEmulator}, or with the command `outboundbot-emulator`.
 *
 * @module pulumi-outboundbot/emulator
 * @packageDocumentation
 */

export type { CallCounters, CallRecord } from "./callLog.js";
export { type Emulator, startEmulator } from "./emulator.js";
export { parseFault } from "./faultSyntax.js";
export type { AnswerFault, DeliveryFault, Fault, FaultEffect, ListFault, When } from "./faults.js";
export type { NameMatch } from "./instanceList.js";
export type { ResourceTag, ServiceInstance } from "./instances.js";
export type { PageLimit } from "./listPage.js";
export { EmulatorOptionError } from "./optionError.js";
export type { EmulatorOptions, RateLimitOptions } from "./options.js";
export type { ServiceOutboundCallNumber } from "./outboundCallNumbers.js";
export type { ServiceScript } from "./scripts.js";
