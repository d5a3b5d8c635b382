import { createHash } from "node:crypto";
import { Calls, type OnRetry, type Traffic } from "../api/calls.js";
import { systemClock } from "../common/clock.js";
import { packageVersion } from "../common/version.js";
import { CallQueue } from "../limiter/callQueue.js";
import type { SendCall } from "../lists/page.js";
import { originOf } from "../settings/endpoint.js";
import type { ConnectionSettings, Limits } from "../settings/settings.js";

/** A connection to one endpoint with one account, shared by all lookups of the process that use both. */
export interface Connection {
  /** The identity of the connection, without secrets. */
  readonly key: string;
  /** The endpoint, as a URL without a path. */
  readonly endpoint: string;
  readonly limits: Limits;
  /** Sends one signed call, without retries. */
  readonly send: SendCall;
  /** Opens the calls of one lookup. */
  readonly openCalls: (onRetry: OnRetry) => Calls;
  warn: (message: string) => void;
}

const mostConnectionsKept = 16;
const kept = new Map<string, Connection>();

/**
 * Returns the connection for these settings, an existing one or a new one.
 *
 * @param warn warns the user of the latest lookup, because one sign-in serves several lookups.
 */
export function connect(
  settings: ConnectionSettings,
  warn: (message: string) => void = () => {},
): Connection {
  const key = createHash("sha256").update(JSON.stringify(settings)).digest("hex");
  const connection = kept.get(key) ?? open(key, settings);
  connection.warn = warn;
  // Moved to the end, so that the first connection is the least recently used.
  kept.delete(key);
  kept.set(key, connection);
  for (const longUnused of [...kept.keys()].slice(0, -mostConnectionsKept)) {
    kept.delete(longUnused);
  }
  return connection;
}

function open(key: string, settings: ConnectionSettings): Connection {
  const { limits } = settings;
  const traffic: Traffic = {
    queue: new CallQueue(limits, systemClock, Math.random),
    clock: systemClock,
    random: Math.random,
  };
  const connection: Connection = {
    key,
    endpoint: originOf(settings.endpoint),
    limits,
    openCalls: (onRetry) => new Calls(traffic, limits, onRetry),
    send: openClient(settings, (message) => connection.warn(message)),
    warn: () => {},
  };
  return connection;
}

/**
 * Loads the vendor's SDK, which is slow. Loading it with the first connection keeps importing this package fast. Loading it
 * before the first call keeps its time out of the latency of that call.
 */
function openClient(settings: ConnectionSettings, warn: (message: string) => void): SendCall {
  const { ServiceClient }: typeof import("../api/serviceClient.js") = require("../api/serviceClient.js");
  const { Transport }: typeof import("../api/transport.js") = require("../api/transport.js");
  const {
    openCredentials,
  }: typeof import("../signIn/openCredentials.js") = require("../signIn/openCredentials.js");
  const userAgent = `pulumi-outboundbot/${packageVersion}`;
  const transport = new Transport(settings.transport, settings.limits.maxConcurrency);
  const credentials = openCredentials(settings.credentials, {
    environment: settings.signIn,
    transport,
    userAgent,
    warn,
  });
  const client = new ServiceClient({
    endpoint: settings.endpoint,
    identity: credentials,
    userAgent,
    transport,
  });
  return (action, version, query, signal) => client.send({ action, version, query }, signal);
}
