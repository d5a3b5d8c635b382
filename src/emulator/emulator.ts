import { type CallCounters, CallLog, type CallRecord } from "./callLog.js";
import { toFault } from "./faultSyntax.js";
import type { Fault } from "./faults.js";
import { InstanceList } from "./instanceList.js";
import type { ServiceInstance } from "./instances.js";
import { type EmulatorOptions, toSettings } from "./options.js";
import { serve } from "./server.js";
import { Service } from "./service.js";

/** A service that runs in this process until {@link Emulator.close} is called, or an `await using` block ends. */
export interface Emulator extends AsyncDisposable {
  /** Where it listens: `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  /** The id of the access key that it knows. */
  readonly accessKeyId: string;
  /** The secret of that key. */
  readonly accessKeySecret: string;
  /** The security token that a call must carry; absent where it must carry none. */
  readonly securityToken?: string;
  /** The environment variables with which a client finds the emulator and signs in. */
  readonly environment: Readonly<Record<string, string>>;
  /** The instances, in the order in which they are listed, as they are now. */
  readonly instances: readonly ServiceInstance[];
  /** The last 10,000 calls, oldest first, as they are now. A call is there before its answer leaves. */
  readonly calls: readonly CallRecord[];
  /** Totals since the start, as they are now. */
  readonly counters: CallCounters;
  /**
   * Puts an instance into the list.
   *
   * @param instance the instance; its id must be new to the list.
   * @param index where it comes to stand: 0 to the length of the list. Default: at the end.
   * @throws {@link EmulatorOptionError} where the instance is not one, its id is taken, or the index out of bounds.
   */
  add(instance: ServiceInstance, index?: number): void;
  /**
   * Takes an instance out of the list.
   *
   * @param instanceId the instance's `InstanceId`.
   * @returns false where there is none of that id.
   */
  remove(instanceId: string): boolean;
  /**
   * Replaces the fault plan, and counts calls from 1 again. No arguments: nothing goes wrong any more.
   *
   * @param faults what goes wrong: objects, or texts as {@link parseFault} reads them.
   * @throws {@link EmulatorOptionError} for a fault of no known kind, or a text that is not one; the plan is then as it was.
   */
  setFaults(...faults: readonly (Fault | string)[]): void;
  /** Stops at once: open connections are destroyed, no timer stays. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts an emulator of OutboundBot's
 * [ListInstances](https://next.api.alibabacloud.com/api/OutboundBot/2019-12-26/ListInstances), ListScripts and ListOutboundCallNumbers
 * (2019-12-26) on 127.0.0.1.
 *
 * @example
 * A lookup that is throttled every third call:
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
 * @param options what the service is like. Default: 120 generated instances, and nothing goes wrong.
 * @returns the running service.
 * @throws {@link EmulatorOptionError} where an option or the data is not what it must be. Where the port cannot be had, the error is
 * Node's own, with its `code` (`EADDRINUSE`, `EACCES`).
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
      // What Pulumi's provider looks at first, so that a key of the user's own does not win, and what the vendor's clients know.
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
