/**
 * Emulates OutboundBot's ListInstances, ListScripts and ListOutboundCallNumbers (version 2019-12-26) on this machine, for tests
 * without an account. Start it with {@link startEmulator}, or with the command `outboundbot-emulator`.
 *
 * @module pulumi-outboundbot/emulator
 * @packageDocumentation
 */

export type { CallCounters, CallRecord, RequestedTag } from "./callLog.js";
export { EmulatorOptionError } from "./checks.js";
export { type Emulator, startEmulator } from "./emulator.js";
export type { Fault, FaultKind } from "./faults.js";
export type { ResourceTag, ServiceInstance, ServiceOutboundCallNumber, ServiceScript } from "./items.js";
export type { EmulatorOptions, PageLimitMode } from "./options.js";
