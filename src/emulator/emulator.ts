import { Account } from "./account.js";
import { type CallCounters, CallLog, type CallRecord } from "./callLog.js";
import { listOf } from "./checks.js";
import { type Fault, faultCheck } from "./faults.js";
import { instanceCheck, type ServiceInstance } from "./items.js";
import { type EmulatorOptions, type Settings, toSettings } from "./options.js";
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
   * Adds an instance at the end of the list.
   *
   * @param instance the instance; its ID must not be in the list yet.
   * @throws {@link EmulatorOptionError} when the instance is invalid, or its ID is in the list already.
   */
  add(instance: ServiceInstance): void;
  /**
   * Removes an instance from the list.
   *
   * @param instanceId the instance's `InstanceId`.
   * @returns `false` when no instance has this ID.
   */
  remove(instanceId: string): boolean;
  /**
   * Replaces the faults, and restarts the numbering of calls at 1. Without arguments, removes all faults.
   *
   * @param faults the faults.
   * @throws {@link EmulatorOptionError} for an invalid fault. The previous faults then stay in effect.
   */
  setFaults(...faults: readonly Fault[]): void;
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
 * const emulator = await startEmulator({ count: 1000, faults: [{ kind: "error", code: "Throttling.User", every: 3 }] });
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
  return run(toSettings(options, options));
}

export async function run(settings: Settings): Promise<Emulator> {
  const { accessKeyId, accessKeySecret, securityToken } = settings;
  const account = new Account(settings);
  const log = new CallLog(settings.onCall);
  const service = new Service(settings, account);
  const server = await serve(service, log, settings);
  const endpoint = `http://127.0.0.1:${server.port}`;
  return {
    endpoint,
    accessKeyId,
    accessKeySecret,
    ...(securityToken !== "" && { securityToken }),
    environment: {
      ALIBABA_CLOUD_ENDPOINT_OUTBOUNDBOT: endpoint,
      // The variables that Pulumi's provider reads first, so that the user's own key doesn't take precedence, and the variables
      // of the vendor's clients.
      ALICLOUD_ACCESS_KEY: accessKeyId,
      ALICLOUD_SECRET_KEY: accessKeySecret,
      ...(securityToken !== "" && { ALICLOUD_SECURITY_TOKEN: securityToken }),
      ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
      ...(securityToken !== "" && { ALIBABA_CLOUD_SECURITY_TOKEN: securityToken }),
    },
    get instances() {
      return account.instances.items;
    },
    get calls() {
      return log.records;
    },
    get counters() {
      return log.counters;
    },
    add: (instance) => account.instances.add(instanceCheck.read(instance, "instance")),
    remove: (instanceId) => account.instances.remove(instanceId),
    setFaults: (...faults) => service.setFaults(listOf(faultCheck).read(faults, "faults")),
    close: server.close,
    [Symbol.asyncDispose]: server.close,
  };
}
