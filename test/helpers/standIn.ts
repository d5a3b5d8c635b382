import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** One request that a stand-in received. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** The response of a stand-in. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: string | object;
}

/** A test's own server on a free loopback port. */
export interface StandIn {
  readonly origin: string;
  readonly port: number;
  readonly received: Received[];
}

const open: (() => void)[] = [];

/** An `afterEach` hook: stops everything that a test started. */
export function endAll(): void {
  for (const end of open.splice(0)) {
    end();
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return isAddress(address) ? address.port : 0;
}

function isAddress(address: ReturnType<Server["address"]>): address is AddressInfo {
  return typeof address === "object" && address !== null;
}

function listener(received: Received[], answer: (request: Received) => Reply | undefined): RequestListener {
  return (message, response) => {
    const chunks: Buffer[] = [];
    message.on("data", (chunk: Buffer) => chunks.push(chunk));
    message.on("end", () => {
      const url = new URL(message.url ?? "/", "http://stand-in");
      const request: Received = {
        method: message.method ?? "",
        path: url.pathname,
        query: url.searchParams,
        headers: message.headers,
        body: Buffer.concat(chunks).toString(),
      };
      received.push(request);
      const reply = answer(request);
      if (reply === undefined) {
        return; // The request gets no response.
      }
      const { status = 200, headers = { "content-type": "application/json" }, body } = reply;
      response.writeHead(status, headers);
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    });
  };
}

/** Starts a plain HTTP server. If `answer` returns `undefined`, the request hangs. */
export async function standIn(answer: (request: Received) => Reply | undefined): Promise<StandIn> {
  const received: Received[] = [];
  const port = await listen(createServer(listener(received, answer)));
  return { origin: `http://127.0.0.1:${port}`, port, received };
}

/** Starts a service whose first call hangs, and whose later calls return an empty list. */
export async function hangingOnce(): Promise<{ settings: Record<string, string>; called: Promise<void> }> {
  let onCall = () => {};
  const called = new Promise<void>((resolve) => {
    onCall = resolve;
  });
  const empty = { Code: "OK", Success: true, RequestId: "r", TotalCount: 0, Instances: [] };
  let calls = 0;
  const { origin } = await standIn(() => {
    onCall();
    return ++calls === 1 ? undefined : { body: empty };
  });
  return { settings: { endpoint: origin, accessKey: "LTAIhangingonce", secretKey: "secret" }, called };
}

/** A private certificate authority and a key with a certificate for some hosts, created by openssl for one test run. */
export interface Authority {
  readonly caFile: string;
  readonly key: string;
  readonly cert: string;
}

/** @returns `undefined` without openssl. */
export function makeAuthority(hosts: readonly string[]): Authority | undefined {
  const folder = mkdtempSync(join(tmpdir(), "outboundbot-test-only-ca-"));
  const file = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  try {
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    openssl(
      "req",
      "-x509",
      ...curve,
      "-keyout",
      "ca.key",
      "-out",
      "ca.pem",
      "-days",
      "2",
      "-subj",
      "/CN=Test only",
    );
    openssl("req", ...curve, "-keyout", "host.key", "-out", "host.csr", "-subj", "/CN=test-only-host");
    const names = hosts.map((host) => (/^[\d.]+$/.test(host) ? `IP:${host}` : `DNS:${host}`)).join(",");
    writeFileSync(file("names"), `subjectAltName=${names}\n`);
    const sign = ["x509", "-req", "-in", "host.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"];
    openssl(...sign, "-out", "host.pem", "-days", "2", "-extfile", "names");
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    return {
      caFile: file("ca.pem"),
      key: readFileSync(file("host.key"), "utf8"),
      cert: readFileSync(file("host.pem"), "utf8"),
    };
  } catch {
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  }
}

/** Starts an HTTPS server with a certificate of a private authority. */
export async function tlsStandIn(
  { key, cert }: Authority,
  answer: (request: Received) => Reply | undefined,
): Promise<StandIn> {
  const received: Received[] = [];
  const port = await listen(createTlsServer({ key, cert }, listener(received, answer)));
  return { origin: `https://127.0.0.1:${port}`, port, received };
}

/** A proxy that accepts CONNECT, records the target and connects to `target` instead. */
export interface TestProxy {
  readonly url: string;
  readonly port: number;
  /** The requested targets, as `host:port`. */
  readonly tunnels: string[];
  /** The requests without a tunnel. */
  readonly plain: string[];
  readonly authorizations: (string | undefined)[];
}

/**
 * Starts a proxy.
 *
 * @param refuseWith the status with which it refuses tunnels; `reset` closes the connection.
 * @param refusals how many tunnels it refuses. Default: all.
 */
export async function connectProxy(
  target: number,
  refuseWith?: string,
  refusals = Number.POSITIVE_INFINITY,
): Promise<TestProxy> {
  const tunnels: string[] = [];
  const plain: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const server = createServer((message, response) => {
    plain.push(message.url ?? "");
    response.writeHead(502).end();
  });
  server.on("connect", (message: IncomingMessage, client: Socket) => {
    tunnels.push(message.url ?? "");
    authorizations.push(message.headers["proxy-authorization"]);
    client.on("error", () => {});
    if (refuseWith !== undefined && tunnels.length <= refusals) {
      if (refuseWith === "reset") {
        client.resetAndDestroy();
        return;
      }
      client.end(`HTTP/1.1 ${refuseWith}\r\n\r\n`);
      return;
    }
    const upstream = connect(target, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    open.push(() => {
      client.destroy();
      upstream.destroy();
    });
  });
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}`, port, tunnels, plain, authorizations };
}

/** Creates a folder with these files that serves as a home directory. */
export function makeHome(files: Record<string, string | object> = {}): string {
  const home = mkdtempSync(join(tmpdir(), "outboundbot-home-"));
  open.push(() => rmSync(home, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    const whole = join(home, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, typeof content === "string" ? content : JSON.stringify(content));
  }
  return home;
}
