import { type CallCounters, CallLog, type CallRecord } from "./callLog.js";
import { toFault } from "./faultSyntax.js";
import type { Fault } from "./faults.js";
import { InstanceList } from "./instanceList.js";
import type { ServiceInstance } from "./instances.js";
import { type EmulatorOptions, toSettings } from "./options.js";
import { serve } from "./server.js";
import { Service } from "./service.js";

/** A running emulator. It runs in this process until {@link Emulator.close} is called or an `await using` block ends. */
export interface Emulator extends AsyncDisposable {
  /** The endpoint: `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  /** The ID of the valid access key. */
  readonly accessKeyId: string;
  /** The secret of the valid access key. */
  readonly accessKeySecret: string;
  /** The security token that a call must carry; absent when calls must not carry one. */
  readonly securityToken?: string;
  /** The environment variables with which a client finds the emulator and signs in. */
  readonly environment: Readonly<Record<string, string>>;
  /** The current instances, in the order of the list. */
  readonly instances: readonly ServiceInstance[];
  /** The last 10,000 calls, oldest first. A call is recorded before its response is sent. */
  readonly calls: readonly CallRecord[];
  /** The current totals since the start. */
  readonly counters: CallCounters;
  /**
   * Adds an instance to the list.
   *
   * @param instance the instance; its ID must not be in the list yet.
   * @param index the position, from 0 to the length of the list. Default: at the end.
   * @throws {@link EmulatorOptionError} when the instance is invalid, its ID is in the list already, or the index is out of
   * bounds.
   */
  add(instance: ServiceInstance, index?: number): void;
  /**
   * Removes an instance from the list.
   *
   * @param instanceId the instance's `InstanceId`.
   * @returns `false` when no instance has this ID.
   */
  remove(instanceId: string): boolean;
  /**
   * Replaces the fault plan, and restarts the numbering of calls at 1. Without arguments, removes all faults.
   *
   * @param faults the faults: objects, or texts in the syntax of {@link parseFault}.
   * @throws {@link EmulatorOptionError} for an unknown kind or an invalid text. The previous plan then stays in effect.
   */
  setFaults(...faults: readonly (Fault | string)[]): void;
  /** Stops the emulator immediately, closing open connections and timers. Can be called more than once. */
  close(): Promise<void>;
}

/**
 * Starts an emulator of OutboundBot's
 * [ListInstances](https://next.api.alibabacloud.com/api/OutboundBot/2019-12-26/ListInstances), ListScripts and
 * ListOutboundCallNumbers (version 2019-12-26) on 127.0.0.1.
 *
 * @example
 * A lookup in which every third call is throttled:
 * ```ts
 * import { getInstances } from "pulumi-outboundbot";
 * import { startEmulator } from "pulumi-outboundbot/emulator";
 *
 * const emulator = await startEmulator({ count: 1000, faults: ["throttling@every:3"] });
 * Object.assign(process.env, emulator.environment);
 * const { ids } = await getInstances();
 * console.log(ids.length, emulator.counters.byCode);
 * await emulator.close();
 * ```
 *
 * @param options the options of the emulator. Default: 120 generated instances and no faults.
 * @returns the running emulator.
 * @throws {@link EmulatorOptionError} for an invalid option or invalid data.
 * @throws Node's error, with its `code` (`EADDRINUSE`, `EACCES`), when the port isn't available.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const settings = await toSettings(options);
  const list = new InstanceList(settings.instances, settings.nameMatch);
  const log = new CallLog(settings.onCall);
  const service = new Service(settings, list);
  const server = await serve(service, log, settings);
  const { accessKeyId, accessKeySecret, securityToken } = settings;
  const endpoint = `http://127.0.0.1:${server.port}`;
  return {
    endpoint,
    accessKeyId,
    accessKeySecret,
    ...(securityToken === undefined ? {} : { securityToken }),
    environment: {
      ALIBABA_CLOUD_ENDPOINT_OUTBOUNDBOT: endpoint,
      // The variables that Pulumi's provider reads first, so that the user's own key doesn't take precedence, and the variables
      // of the vendor's clients.
      ALICLOUD_ACCESS_KEY: accessKeyId,
      ALICLOUD_SECRET_KEY: accessKeySecret,
      ...(securityToken === undefined ? {} : { ALICLOUD_SECURITY_TOKEN: securityToken }),
      ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
      ...(securityToken === undefined ? {} : { ALIBABA_CLOUD_SECURITY_TOKEN: securityToken }),
    },
    get instances() {
      return list.all;
    },
    get calls() {
      return log.records;
    },
    get counters() {
      return log.counters;
    },
    add: (instance, index) => list.add(instance, index),
    remove: (instanceId) => list.remove(instanceId),
    setFaults: (...faults) => service.setFaults(faults.map(toFault)),
    close: server.close,
    [Symbol.asyncDispose]: server.close,
  };
}
