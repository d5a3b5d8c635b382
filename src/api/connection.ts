import { type CredentialSettings, openCredentials } from "./credentials.js";
import { withDeadline } from "./deadline.js";
import { type Endpoint, originOf } from "./endpoint.js";
import { ConnectionError } from "./errors.js";
import type { SendCall } from "./listInstances.js";
import { packageVersion } from "./version.js";

/** Where calls go, and as whom. */
export interface ConnectionSettings {
  readonly endpoint: Endpoint;
  readonly credentials: CredentialSettings;
}

/** The way to one endpoint as one account, shared by all lookups of the process that go there. */
export interface Connection {
  /** As a URL without a path. */
  readonly endpoint: string;
  readonly send: SendCall;
}

const callTimeout = 10_000;
const connections = 64;
const mostConnectionsKept = 16;

const kept = new Map<string, Connection>();

/** The connection for these settings: the one that is there already, or a new one. */
export function connect(settings: ConnectionSettings): Connection {
  const key = JSON.stringify(settings);
  const connection = kept.get(key) ?? open(settings);
  kept.delete(key);
  kept.set(key, connection);
  for (const oldest of [...kept.keys()].slice(0, -mostConnectionsKept)) {
    kept.delete(oldest);
  }
  return connection;
}

function open(settings: ConnectionSettings): Connection {
  const endpoint = originOf(settings.endpoint);
  let client: ReturnType<typeof openClient> | undefined;
  return {
    endpoint,
    send: async (action, version, query, signal) => {
      client ??= openClient(settings);
      const { send } = await client;
      return withDeadline(
        callTimeout,
        () => timeout(action, endpoint),
        signal,
        (callSignal) => send(action, version, query, callSignal),
      );
    },
  };
}

/** The vendor's SDK takes long to load, so it is loaded when the first call is made. */
async function openClient({ endpoint, credentials }: ConnectionSettings): Promise<{ send: SendCall }> {
  const source = await openCredentials(credentials);
  const { ServiceClient } = await import("./serviceClient.js");
  const userAgent = `pulumi-outboundbot/${packageVersion()}`;
  const client = new ServiceClient({ endpoint, credentials: source, userAgent, connections });
  return { send: (action, version, query, signal) => client.send(action, version, query, signal) };
}

function timeout(action: string, endpoint: string): ConnectionError {
  const message = `${action} at ${endpoint} failed: CallTimeout: no whole answer came within ${callTimeout / 1000} s`;
  return new ConnectionError("CallTimeout", message, { action, endpoint });
}
