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
import {
  isConnectionClosed,
  type PartialResponse,
  ProxyFailure,
  RefusedResponse,
  toCallFailure,
} from "./connectionFailure.js";
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

const compression = /\b(gzip|deflate|br|zstd|compress)\b/i;

/** One way to reach hosts: the agent with the kept-alive connections, and how to create another one. */
class Route {
  readonly create: (options: https.AgentOptions) => http.Agent;
  readonly pool: http.Agent;

  constructor(connections: number, create: (options: https.AgentOptions) => http.Agent) {
    this.create = create;
    this.pool = create({
      keepAlive: true,
      maxSockets: connections,
      scheduling: "lifo",
      timeout: longestIdle,
    });
  }
}

/** Sends requests over keep-alive connections, through the configured proxy. */
export class Transport {
  readonly #plain: Route;
  readonly #direct: Route;
  readonly #proxied: Route;
  readonly #noProxy: NoProxy;
  /** The hosts that have responded. */
  readonly #responded = new Set<string>();

  /**
   * @param connections the maximum number of open connections to one host.
   * @throws SettingsError `InvalidSetting` when the file of certificates can't be used.
   */
  constructor({ proxy, caFile, extraCaFile }: TransportSettings, connections: number) {
    const tls = {
      // Set explicitly, so that NODE_TLS_REJECT_UNAUTHORIZED=0 can't turn verification off.
      rejectUnauthorized: true,
      ...(caFile === undefined ? {} : { secureContext: secureContextFor(caFile, extraCaFile) }),
    };
    this.#plain = new Route(connections, (options) => new http.Agent(options));
    this.#direct = new Route(connections, (options) => new https.Agent({ ...options, ...tls }));
    this.#proxied =
      proxy === undefined
        ? this.#direct
        : new Route(connections, (options) => new TunnelAgent(new URL(proxy.url), { ...options, ...tls }));
    this.#noProxy = parseNoProxy(proxy?.noProxy ?? "");
  }

  /**
   * Sends one request and returns the complete response with any status.
   *
   * @throws CallFailure when no complete response arrives; the signal's reason once the signal is aborted.
   */
  async send(request: HttpRequest, call: Call): Promise<HttpResponse> {
    const { pool, create } = this.#routeFor(request);
    try {
      return await exchange(request, pool, call, this.#responded);
    } catch (failure) {
      if (failure instanceof StaleConnection) {
        return exchange(request, create({}), call, this.#responded);
      }
      throw failure;
    }
  }

  /**
   * Returns the route to a URL. Plain HTTP never uses a proxy: the address is on this machine or on its own link, and the proxy
   * would see the credentials.
   */
  #routeFor({ url, direct = false }: HttpRequest): Route {
    if (url.protocol === "http:") {
      return this.#plain;
    }
    return direct || this.#noProxy(url) ? this.#direct : this.#proxied;
  }
}

/** The server closed a kept-alive connection while the request was in transit, so it didn't read the request. */
class StaleConnection extends Error {}

function exchange(
  { method, url, headers = {}, body, signal }: HttpRequest,
  agent: http.Agent,
  call: Call,
  responded: Set<string>,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    let partial: PartialResponse = {};
    const { request } = url.protocol === "https:" ? https : http;
    // Node's debug log (NODE_DEBUG) prints the options of a request, so path and headers are set later.
    const options: TunnelOptions = {
      host: withoutBrackets(url.hostname),
      port: url.port,
      method,
      agent,
      tunnelSignal: signal,
    };
    const outgoing = request(options);
    outgoing.path = `${url.pathname}${url.search}`;
    setHeaders(outgoing, { "accept-encoding": "identity", ...headers });
    // Takes less CPU time than the option `signal`.
    signal.addEventListener("abort", () => outgoing.destroy(new Error("aborted")));
    const fail = (error: unknown) => {
      if (signal.aborted) {
        reject(signal.reason);
      } else if (outgoing.reusedSocket && partial.statusCode === undefined && isConnectionClosed(error)) {
        reject(new StaleConnection());
      } else {
        reject(toCallFailure(error, call, partial, responded.has(url.host)));
      }
    };
    const refuse = (problem: string) => {
      fail(new RefusedResponse(problem));
      outgoing.destroy();
    };
    outgoing.on("error", fail);
    // In some cases, such as a switch of protocols, Node reports no error.
    outgoing.on("close", () => partial.statusCode === undefined && fail(connectionClosed()));
    outgoing.on("response", (incoming) => {
      const { statusCode = 0 } = incoming;
      responded.add(url.host);
      partial = { statusCode, requestId: requestIdOf(incoming.headers) };
      const { "content-encoding": encoding = "" } = incoming.headers;
      // Other values, such as a charset, are mistakes of a gateway about a text that can be read.
      if (compression.test(encoding)) {
        refuse(`the response has the encoding ${encoding}, although the request excludes it`);
      }
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on("data", (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size > largestResponse) {
          refuse(`the response is larger than ${largestResponse / 2 ** 20} MiB`);
        }
      });
      incoming.on("error", fail);
      incoming.on("close", () => incoming.complete || fail(connectionClosed()));
      incoming.on("end", () =>
        // Empties the list for the same reason as `takeText`.
        resolve(new HttpResponse(statusCode, incoming.headers, joined(chunks.splice(0)), call.caller)),
      );
    });
    outgoing.end(body);
  });
}

function setHeaders(request: http.ClientRequest, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    request.setHeader(name, value);
  }
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [first, ...others] = chunks;
  return first !== undefined && others.length === 0 ? first : Buffer.concat(chunks);
}

function connectionClosed(): Error {
  return Object.assign(new Error("the connection was closed"), { code: "ECONNRESET" });
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
  /** Private, because Node's debug log prints the agent of a request. */
  readonly #proxy: URL;

  constructor(proxy: URL, options: https.AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(
    options: TunnelOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const { tunnelSignal: signal } = options;
    const host = isIPv6(options.host ?? "") ? `[${options.host}]` : options.host;
    const { hostname, port, protocol, username, password } = this.#proxy;
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
      agent: false,
      ...(signal === undefined ? {} : { signal }),
    });
    setHeaders(connect, {
      host: target,
      ...(user === ":" ? {} : { "proxy-authorization": `Basic ${Buffer.from(user).toString("base64")}` }),
    });
    const fail = (problem: number | Error) =>
      callback?.(new ProxyFailure(this.#proxy.host, problem), new Duplex());
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
