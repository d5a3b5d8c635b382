import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { CallFailure } from "../../src/api/failure.js";
import type { HttpResponse } from "../../src/api/httpResponse.js";
import { Transport } from "../../src/api/transport.js";
import { endAll, standIn } from "../helpers/standIn.js";

const never = new AbortController().signal;

function open(connections = 16): Transport {
  return new Transport({ proxy: undefined, caFile: undefined, extraCaFile: undefined }, connections);
}

async function get(transport: Transport, origin: string, signal = never): Promise<HttpResponse> {
  const call = { action: "Read", endpoint: origin };
  try {
    return await transport.send({ method: "GET", url: new URL(origin), signal }, call);
  } catch (thrown) {
    throw CallFailure.from(thrown)?.toError() ?? thrown;
  }
}

describe("Transport", () => {
  const servers: Server[] = [];
  const sockets: Socket[] = [];

  /** Starts a server that lets each socket do something. Returns its host and port. */
  async function rawServer(onSocket: (socket: Socket) => void): Promise<string> {
    const server = createServer((socket) => {
      sockets.push(socket.on("error", () => {}));
      onSocket(socket);
    }).listen(0, "127.0.0.1");
    servers.push(server);
    await once(server, "listening");
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    return `127.0.0.1:${address.port}`;
  }

  afterEach(() => {
    endAll();
    for (const socket of sockets.splice(0)) {
      socket.destroy();
    }
    for (const server of servers.splice(0)) {
      server.close();
    }
  });

  it("receives a large response while another endpoint's large responses have stalled", async () => {
    const large = "x".repeat(1 << 20);
    const abort = new AbortController();
    const transport = open();
    await new Promise<void>((resolve) => {
      let stalled = 0;
      const head = `HTTP/1.1 200 OK\r\nContent-Length: ${2 * large.length}\r\n\r\n`;
      void rawServer((socket) =>
        socket.once("data", () => socket.write(`${head}${large}`, () => ++stalled === 9 && resolve())),
      ).then((host) => {
        for (let response = 0; response < 9; response++) {
          get(transport, `http://${host}`, abort.signal).catch(() => {});
        }
      });
    });

    const { origin } = await standIn(() => ({ body: large }));
    assert.equal((await get(open(), origin)).size, large.length);

    abort.abort();
  });

  it("requests responses without an encoding, and rejects one that has an encoding all the same", async () => {
    for (const encoding of ["gzip", "br", "deflate, X-GZIP"]) {
      const body = gzipSync("{}").toString("latin1");
      const { origin, received } = await standIn(() => ({ headers: { "content-encoding": encoding }, body }));
      await assert.rejects(get(open(), origin), {
        code: "UnreadableResponse",
        statusCode: 200,
        message: new RegExp(`the response has the encoding ${encoding}, although the request excludes it`),
      });
      assert.equal(received[0]?.headers["accept-encoding"], "identity");
    }
  });

  it("reads a response whose encoding is the identity or a mistake", async () => {
    for (const encoding of ["identity", "Identity", "", "utf-8", "none"]) {
      const { origin } = await standIn(() => ({ headers: { "content-encoding": encoding }, body: "{}" }));
      assert.equal((await get(open(), origin)).takeText(), "{}");
    }
  });

  it("doesn't retry an encoded response, unless the server failed", async () => {
    for (const [statusCode, retryable] of [
      [200, false],
      [502, true],
    ] as const) {
      const headers = { "content-encoding": "gzip" };
      const { origin } = await standIn(() => ({ status: statusCode, headers, body: "x" }));
      await assert.rejects(get(open(), origin), { code: "UnreadableResponse", statusCode, retryable });
    }
  });

  const advice =
    "Check the port. If the server doesn't use TLS, write http:// instead of https:// in its URL.";
  for (const banner of [
    "HTTP/1.1 400 Bad Request\r\n\r\n",
    "SSH-2.0-OpenSSH_9.6\r\n",
    "220 mail ready\r\n",
  ]) {
    it(`tells that a server doesn't speak TLS if it sends ${JSON.stringify(banner)}`, async () => {
      const host = await rawServer((socket) => socket.once("data", () => socket.write(banner)));
      await assert.rejects(get(open(), `https://${host}`), {
        code: "TlsFailure",
        reason: /: the server doesn't speak TLS on this port, /,
        advice,
      });
      const proxy = { url: `https://${host}`, noProxy: "" };
      const proxied = new Transport({ proxy, caFile: undefined, extraCaFile: undefined }, 1);
      await assert.rejects(get(proxied, "https://bots.example"), {
        code: "ProxyFailure",
        reason: new RegExp(`: the proxy ${host} can't be used: the server doesn't speak TLS on this port, `),
        advice,
      });
    });
  }
});
