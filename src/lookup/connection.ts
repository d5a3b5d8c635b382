import { createHash } from "node:crypto";
import { Calls, type OnRetry, type Traffic } from "../api/calls.js";
import type { SendCall } from "../api/serviceCall.js";
import { systemClock } from "../common/clock.js";
import { packageVersion } from "../common/version.js";
import { CallQueue } from "../limiter/callQueue.js";
import { RateCap } from "../limiter/rateCap.js";
import { RateLimiter } from "../limiter/rateLimiter.js";
import { originOf } from "../settings/endpoint.js";
import type { ConnectionSettings, Limits } from "../settings/settings.js";

/** The way to one endpoint as one account, shared by all lookups of the process that go there. */
export interface Connection {
  /** Tells this connection from others; it holds no secret. */
  readonly key: string;
  /** As a URL without a path. */
  readonly endpoint: string;
  readonly limits: Limits;
  /** Sends one signed call, once. */
  readonly send: SendCall;
  /** Opens the calls of one lookup. */
  readonly openCalls: (onRetry: OnRetry) => Calls;
}

const mostConnectionsKept = 16;
const kept = new Map<string, Connection>();

/** The connection for these settings: the one that is there already, or a new one. */
export function connect(settings: ConnectionSettings): Connection {
  const key = createHash("sha256").update(JSON.stringify(settings)).digest("hex");
  const connection = kept.get(key) ?? open(key, settings);
  // Moved to the end, so that the first one is the one that was used longest ago.
  kept.delete(key);
  kept.set(key, connection);
  for (const longUnused of [...kept.keys()].slice(0, -mostConnectionsKept)) {
    kept.delete(longUnused);
  }
  return connection;
}

function open(key: string, settings: ConnectionSettings): Connection {
  const { limits } = settings;
  const cap = limits.maxRate === undefined ? undefined : new RateCap(limits.maxRate);
  const limiter = new RateLimiter(limits.maxConcurrency);
  const traffic: Traffic = {
    limiter,
    queue: new CallQueue(limiter, systemClock, cap),
    clock: systemClock,
    random: Math.random,
  };
  return {
    key,
    endpoint: originOf(settings.endpoint),
    limits,
    openCalls: (onRetry) => new Calls(traffic, limits, onRetry),
    send: openClient(settings),
  };
}

/**
 * Loads the vendor's SDK, which takes long: with the first connection, so that importing this package stays fast, and before the
 * first call, whose latency it would be taken for.
 */
function openClient(settings: ConnectionSettings): SendCall {
  const { ServiceClient }: typeof import("../api/serviceClient.js") = require("../api/serviceClient.js");
  const { Transport }: typeof import("../api/transport.js") = require("../api/transport.js");
  const {
    openCredentials,
  }: typeof import("../signIn/openCredentials.js") = require("../signIn/openCredentials.js");
  const userAgent = `pulumi-outboundbot/${packageVersion}`;
  const transport = new Transport(settings.transport, settings.limits.maxConcurrency);
  const credentials = openCredentials(settings.credentials, settings.signIn, transport, userAgent);
  const client = new ServiceClient({ endpoint: settings.endpoint, credentials, userAgent, transport });
  return (action, version, query, signal) => client.send(action, version, query, signal);
}
