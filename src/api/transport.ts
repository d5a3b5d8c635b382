import { X509Certificate } from "node:crypto";
import http from "node:http";
import https from "node:https";
import { isIPv6 } from "node:net";
import { Duplex } from "node:stream";
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { readTextFile } from "../common/textFile.js";
import { decodedPart } from "../common/values.js";
import { SettingsError } from "../errors/errors.js";
import type { Setting } from "../settings/reading.js";
import type { TransportSettings } from "../settings/settings.js";
import { type PartialResponse, ProxyFailure, ResponseTooLarge, toCallFailure } from "./connectionFailure.js";
import type { Call } from "./failure.js";
import { HttpResponse, requestIdOf } from "./httpResponse.js";
import { type NoProxy, parseNoProxy, withoutBrackets } from "./noProxy.js";

/** One HTTP request. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT";
  readonly url: URL;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Whether to bypass any proxy. */
  readonly direct?: boolean;
  /** Cancels the request; `send` then rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

/** The time for which an idle connection is kept, in milliseconds. */
const longestIdle = 30_000;
/** The maximum size of a response, in bytes. A page of 100 instances has about 50 kB. */
const largestResponse = 4 * 1024 * 1024;

/** Sends requests over keep-alive connections, through the configured proxy. */
export class Transport {
  readonly #tls: https.AgentOptions;
  readonly #plain: http.Agent;
  readonly #direct: https.Agent;
  readonly #proxied: https.Agent;
  readonly #noProxy: NoProxy;

  /**
   * @param connections the maximum number of open connections to one host.
   * @throws SettingsError `InvalidSetting` when the file of certificates can't be used.
   */
  constructor({ proxy, caFile, extraCaFile }: TransportSettings, connections: number) {
    this.#tls = {
      // Set explicitly, so that NODE_TLS_REJECT_UNAUTHORIZED=0 can't turn verification off.
      rejectUnauthorized: true,
      ...(caFile === undefined ? {} : { secureContext: secureContextFor(caFile, extraCaFile) }),
    };
    const pool = {
      keepAlive: true,
      maxSockets: connections,
      scheduling: "lifo",
      timeout: longestIdle,
    } as const;
    this.#plain = new http.Agent(pool);
    this.#direct = new https.Agent({ ...pool, ...this.#tls });
    this.#proxied =
      proxy === undefined ? this.#direct : new TunnelAgent(new URL(proxy.url), { ...pool, ...this.#tls });
    this.#noProxy = parseNoProxy(proxy?.noProxy ?? "");
  }

  /**
   * Sends one request and returns the complete response with any status.
   *
   * @throws CallFailure when no complete response arrives; the signal's reason once the signal is aborted.
   */
  async send(request: HttpRequest, call: Call): Promise<HttpResponse> {
    const agent = this.#agentFor(request);
    try {
      return await exchange(request, agent, call).catch((failure: unknown) => {
        if (failure instanceof BrokenExchange && failure.stale) {
          // The server closed the kept-alive connection while the request was in transit, so it didn't read the request.
          return exchange(request, this.#freshCopyOf(agent), call);
        }
        throw failure;
      });
    } catch (failure) {
      request.signal.throwIfAborted();
      if (failure instanceof BrokenExchange) {
        throw toCallFailure(failure.error, call, failure.partial);
      }
      throw failure;
    }
  }

  /**
   * Returns the agent for a URL. Plain HTTP never uses a proxy: the address is on this machine or on its own link, and the proxy
   * would see the credentials.
   */
  #agentFor({ url, direct = false }: HttpRequest): http.Agent {
    if (url.protocol === "http:") {
      return this.#plain;
    }
    return direct || this.#noProxy(url) ? this.#direct : this.#proxied;
  }

  /** Returns an agent of the same kind without connections. */
  #freshCopyOf(agent: http.Agent): http.Agent {
    if (agent instanceof TunnelAgent) {
      return new TunnelAgent(agent.proxy, this.#tls);
    }
    return agent === this.#plain ? new http.Agent() : new https.Agent(this.#tls);
  }
}

/** The error for an exchange that broke off. */
class BrokenExchange extends Error {
  readonly error: unknown;
  readonly partial: PartialResponse;
  /** Whether a kept-alive connection had been closed by the server. */
  readonly stale: boolean;

  constructor(error: unknown, partial: PartialResponse, stale: boolean) {
    super("the exchange broke off");
    this.error = error;
    this.partial = partial;
    this.stale = stale;
  }
}

function exchange(
  { method, url, headers = {}, body, signal }: HttpRequest,
  agent: http.Agent,
  { caller }: Call,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    let partial: PartialResponse = {};
    const { request } = url.protocol === "https:" ? https : http;
    const outgoing = request({
      host: withoutBrackets(url.hostname),
      port: url.port,
      path: `${url.pathname}${url.search}`,
      method,
      headers,
      agent,
      ...(agent instanceof TunnelAgent ? { tunnelSignal: signal } : {}),
    });
    // Takes less CPU time than the option `signal`.
    signal.addEventListener("abort", () => outgoing.destroy(new Error("aborted")));
    const fail = (error: unknown) => {
      const stale = outgoing.reusedSocket && partial.statusCode === undefined && isConnectionClosed(error);
      reject(new BrokenExchange(error, partial, stale));
    };
    outgoing.on("error", fail);
    // In some cases, such as a switch of protocols, Node reports no error.
    outgoing.on("close", () => partial.statusCode === undefined && fail(connectionClosed()));
    outgoing.on("response", (incoming) => {
      const { statusCode = 0 } = incoming;
      partial = { statusCode, requestId: requestIdOf(incoming.headers) };
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on("data", (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size > largestResponse) {
          outgoing.destroy(
            new ResponseTooLarge(`the response is larger than ${largestResponse / 2 ** 20} MiB`),
          );
        }
      });
      incoming.on("error", fail);
      incoming.on("close", () => incoming.complete || fail(connectionClosed()));
      incoming.on("end", () =>
        // Empties the list for the same reason as `takeText`.
        resolve(new HttpResponse(statusCode, incoming.headers, joined(chunks.splice(0)), caller)),
      );
    });
    outgoing.end(body);
  });
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [first, ...others] = chunks;
  return first !== undefined && others.length === 0 ? first : Buffer.concat(chunks);
}

function connectionClosed(): Error {
  return Object.assign(new Error("the connection was closed"), { code: "ECONNRESET" });
}

function isConnectionClosed(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE");
}

/** The options of a request through a tunnel. Node doesn't pass the option `signal` on to the agent. */
interface TunnelOptions extends https.RequestOptions {
  /** Cancels the request to the proxy. */
  readonly tunnelSignal?: AbortSignal;
}

/**
 * Opens connections through a proxy's tunnel. https-proxy-agent isn't used, because it logs the proxy's password when DEBUG is
 * set and returns the proxy's error as the service's response.
 */
class TunnelAgent extends https.Agent {
  readonly proxy: URL;

  constructor(proxy: URL, options: https.AgentOptions) {
    super(options);
    this.proxy = proxy;
  }

  override createConnection(
    options: TunnelOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const { tunnelSignal: signal } = options;
    const host = isIPv6(options.host ?? "") ? `[${options.host}]` : options.host;
    const { hostname, port, protocol, username, password } = this.proxy;
    const target = `${host}:${options.port}`;
    const user = `${decodedPart(username)}:${decodedPart(password)}`;
    const { request } = protocol === "https:" ? https : http;
    const { rejectUnauthorized, secureContext } = this.options;
    const connect = request({
      // Not all options, because newer versions of Node store the agent's own protocol among them.
      ...{ rejectUnauthorized, secureContext },
      method: "CONNECT",
      host: withoutBrackets(hostname),
      port: port || (protocol === "https:" ? 443 : 80),
      path: target,
      headers: {
        host: target,
        ...(user === ":" ? {} : { "proxy-authorization": `Basic ${Buffer.from(user).toString("base64")}` }),
      },
      agent: false,
      ...(signal === undefined ? {} : { signal }),
    });
    const fail = (problem: number | Error) =>
      callback?.(new ProxyFailure(this.proxy.host, problem), new Duplex());
    connect.on("error", fail);
    connect.on("response", ({ statusCode = 0 }) => {
      connect.destroy();
      fail(statusCode);
    });
    connect.on("connect", ({ statusCode = 0 }, socket, head) => {
      connect.off("error", fail);
      if (statusCode !== 200) {
        socket.destroy();
        fail(statusCode);
        return;
      }
      socket.unshift(head);
      const tunnelled = { ...options, socket };
      const secured = super.createConnection(tunnelled);
      if (secured) {
        callback?.(null, secured);
      }
    });
    connect.end();
  }
}

const pemCertificate = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** Created once, because reading about 150 certificates takes longer than opening a connection. */
function secureContextFor(caFile: Setting, extraCaFile: string | undefined): SecureContext {
  const certificates = readCertificates(caFile);
  const extra = extraCaFile === undefined ? [] : readExtraCertificates(extraCaFile);
  return createSecureContext({ ca: [...rootCertificates, ...extra, certificates] });
}

function readCertificates(setting: Setting): string {
  const { path, text, problem } = readTextFile(setting.value);
  if (text === undefined) {
    throw invalidCertificates(setting, `${path} ${problem}`);
  }
  const certificates = text.match(pemCertificate) ?? [];
  if (certificates.length === 0) {
    throw invalidCertificates(setting, `${path} contains no PEM certificate (-----BEGIN CERTIFICATE-----)`);
  }
  for (const certificate of certificates) {
    try {
      // OpenSSL silently ignores a certificate that it can't read.
      new X509Certificate(certificate);
    } catch {
      throw invalidCertificates(setting, `${path} contains a certificate that can't be read`);
    }
  }
  return certificates.join("\n");
}

/** Reads the certificates like Node, which warns about a file that it can't read and ignores it. */
function readExtraCertificates(path: string): string[] {
  const { text } = readTextFile(path);
  return text === undefined ? [] : [text];
}

function invalidCertificates({ source, key }: Setting, problem: string): SettingsError {
  return new SettingsError("InvalidSetting", `Invalid ${source}: ${problem}.`, { setting: key });
}
