import assert from "node:assert/strict";
import { createServer, type Server, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import type { ServiceInstance } from "../../src/emulator/index.js";
import type { Instance } from "../../src/lists/instances.js";
import { expected } from "./expected.js";

/** Pseudorandom numbers from a seed (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[Math.floor(this.next() * items.length)] ?? items[0];
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }
}

/** A request as text, and the body of the correct response. */
export interface Exchange {
  readonly request: string;
  readonly right: object;
  readonly dice: Dice;
  /** Receives each body before the HTTP framing corrupts it. */
  readonly onBody?: (body: Buffer) => void;
}

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const signature = "4dabf18193072939515e22adb298388d";

function wrongValue({ dice, request }: Exchange): unknown {
  return dice.pick<unknown>([
    null,
    true,
    0,
    -1,
    1e300,
    2 ** 53,
    "",
    "x",
    [],
    {},
    [[]],
    [null],
    "9".repeat(400),
    unknown,
    signature,
    "__proto__",
    "x".repeat(100_000),
    "\ud800",
    "\u0000\u001b[31m",
    request,
    encodeURIComponent(request),
    Buffer.from(request).toString("base64"),
    Buffer.from(` ${request}`).toString("base64url"),
    { __proto__: null, toString: 1 },
  ]);
}

/** Returns the correct body with one wrong value somewhere. */
function mutated(exchange: Exchange): object {
  const { dice } = exchange;
  const copy: Record<string, unknown> = JSON.parse(JSON.stringify(exchange.right));
  let at: Record<string, unknown> = copy;
  for (let depth = 0; depth < 5; depth++) {
    const [first, ...names] = Object.keys(at);
    if (first === undefined) {
      break;
    }
    const name = dice.pick([first, ...names]);
    const inner = at[name];
    if (typeof inner !== "object" || inner === null || dice.chance(0.15)) {
      at[name] = wrongValue(exchange);
      break;
    }
    at = Object(inner);
  }
  return copy;
}

/** Returns any kind of body that a service may send, correct or wrong. */
function bodyOf(exchange: Exchange): string | Buffer {
  const { dice, right, request } = exchange;
  const json = JSON.stringify(right);
  return dice.pick<() => string | Buffer>([
    () => json,
    () => json,
    () => JSON.stringify(mutated(exchange)),
    () => JSON.stringify(mutated(exchange)),
    () => JSON.stringify(mutated(exchange)),
    () => json.slice(0, Math.floor(dice.next() * json.length)),
    () => "",
    () => "<html><body>sign in</body></html>",
    () => request,
    () => JSON.stringify({ ...right, Success: false, Code: "Echo", Message: request, RequestId: request }),
    () =>
      JSON.stringify({
        Code: dice.pick(["SignatureDoesNotMatch", "Forbidden.RAM", request.slice(0, 300)]),
        Message: request,
      }),
    () => JSON.stringify({ Code: "X", Message: Buffer.from(request).toString("base64") }),
    () => JSON.stringify({ Code: "X", Message: encodeURIComponent(request).toLowerCase() }),
    () => `${"[".repeat(50_000)}${"]".repeat(50_000)}`,
    () => `{"a":`.repeat(20_000),
    () => "x".repeat(5 * 1024 * 1024),
    () => gzipSync("0".repeat(20_000_000)),
    () => Buffer.from(json, "utf16le"),
    () => `\ufeff${json}`,
    () => `{"__proto__":{"Success":true},"constructor":1,${json.slice(1)}`,
    () => json.replaceAll('"', "'"),
    () => JSON.stringify([right]),
    () => "null",
  ])();
}

function headersOf({ dice, request }: Exchange): string[] {
  const flat = request.replaceAll(/[\r\n]+/g, " ");
  const odd: (() => string[])[] = [
    () => ["content-type: text/html"],
    () => ["content-encoding: gzip"],
    () => ["content-encoding: nonsense, br"],
    () => ["content-type: application/json; charset=utf-16"],
    () => [`x-acs-request-id: ${flat.slice(0, 8_000)}`],
    () => ["x-acs-request-id: a", "x-acs-request-id: b"],
    () => [`location: http://169.254.1.1/${flat.slice(0, 2_000)}`],
    () => [`x-long: ${"h".repeat(30_000)}`],
    () => Array.from({ length: 3_000 }, (_, index) => `x-many-${index}: 1`),
    () => ["x-none-ascii: \u00e9\u4e2d\u0001"],
    () => ["retry-after: -1", "x-acs-retry-after: 1e999"],
    () => ["date: yesterday"],
    () => ["set-cookie: a=b", "set-cookie: c=d"],
    () => ["connection: close"],
    () => ["keep-alive: timeout=0"],
    () => ["upgrade: h2c", "connection: upgrade"],
    () => ["bad header line"],
    () => [": no name"],
    () => ["__proto__: polluted", "constructor: x"],
    () => ["trailer: x-acs-request-id"],
  ];
  const [first = () => [], ...others] = odd;
  return dice.chance(0.5) ? [] : dice.pick([first, ...others])();
}

/** A TLS socket can't be reset. */
function reset(socket: Socket): void {
  if (socket instanceof TLSSocket) {
    socket.destroy();
  } else {
    socket.resetAndDestroy();
  }
}

/** Sends one response, correct or wrong in any way that HTTP allows, and then keeps, closes or breaks the connection. */
export function answer(socket: Socket, exchange: Exchange): void {
  const { dice } = exchange;
  const status = dice.pick([
    200, 200, 200, 200, 200, 200, 201, 204, 299, 301, 302, 304, 307, 400, 403, 404, 407, 418, 429, 500, 502,
    503, 599, 999,
  ]);
  const body = Buffer.from(bodyOf(exchange));
  exchange.onBody?.(body);
  const head = [
    `HTTP/1.1 ${status} ${dice.pick(["OK", "", "\u00e9", "x".repeat(500)])}`,
    ...headersOf(exchange),
  ];
  const send = (lines: readonly string[], rest: Buffer = body) =>
    socket.write(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), rest]));
  const length = `content-length: ${body.length}`;
  const chunked = "transfer-encoding: chunked";
  const chunk = (bytes: Buffer) =>
    Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
  const whole = () => send([...head, length]);
  dice.pick<() => void>([
    whole,
    whole,
    whole,
    whole,
    () => send([...head, chunked], Buffer.concat([chunk(body), Buffer.from("0\r\n\r\n")])),
    () =>
      send(
        [...head, chunked],
        Buffer.concat([
          chunk(body),
          Buffer.from(
            `0\r\nx-acs-request-id: ${exchange.request.slice(0, 50).replaceAll(/\s/g, "")}\r\n\r\n`,
          ),
        ]),
      ),
    () => send([...head, chunked]),
    () => send([...head, chunked], Buffer.from(`ffffffffffffffffff\r\n${exchange.request}`)),
    () => void (send([...head, chunked], chunk(body.subarray(0, 10))) && socket.end()),
    () => void (send([...head, `content-length: ${body.length + 10}`]) && socket.end()),
    () => send([...head, `content-length: ${Math.max(0, body.length - 10)}`]),
    () => send([...head, "content-length: -5"]),
    () => send([...head, "content-length: nonsense"]),
    () => send([...head, length, chunked]),
    () => send([...head, length, `content-length: ${body.length + 1}`]),
    () => void (send(head) && socket.end()),
    () => send(["HTTP/1.1 100 Continue", "", ...head, length]),
    () => send(["HTTP/1.1 103 Early Hints", "link: </x>", "", ...head, length]),
    () => send(["HTTP/1.1 101 Switching Protocols", "upgrade: x", "connection: upgrade"]),
    () =>
      send(
        Array.from({ length: 50 }, () => "HTTP/1.1 102 Processing\r\n"),
        Buffer.concat([]),
      ),
    () => void socket.write(exchange.request),
    () => void socket.write("HTTP/9.9 200 OK\r\n\r\n"),
    () => void socket.write(Buffer.from([0x16, 0x03, 0x01, 0, 5, 1, 2, 3, 4, 5])),
    () => void socket.write("\r\n\r\n\r\n"),
    () => socket.destroy(),
    () => reset(socket),
    () => socket.end(),
    () => void (send([...head, length], body.subarray(0, 20)) && setTimeout(() => reset(socket), 2).unref()),
    () => {
      // Sends nothing more, so the call ends at its deadline.
      send([...head, length], body.subarray(0, 5));
    },
    () => void (whole() && send(["HTTP/1.1 200 OK", "content-length: 2"], Buffer.from("{}"))),
    () => void (whole() && socket.end()),
    () => void (whole() && setTimeout(() => reset(socket), 1).unref()),
  ])();
}

/**
 * A server on raw sockets. `respond` receives each complete request as text.
 *
 * @param create creates the server, if that isn't one of plain TCP.
 */
export async function hostileServer(
  respond: (request: string, socket: Socket) => void,
  create: (onConnection: (socket: Socket) => void) => Server = (onConnection) => createServer(onConnection),
): Promise<{ readonly origin: string; readonly port: number; readonly close: () => void }> {
  const sockets = new Set<Socket>();
  const server = create((socket) => {
    let received = "";
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    socket.setEncoding("latin1").on("data", (text: string) => {
      received += text;
      const end = received.indexOf("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
      if (end >= 0 && received.length >= end + 4 + length) {
        const request = received;
        received = "";
        respond(request, socket);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    close: () => {
      for (const socket of sockets) {
        socket.destroy();
      }
      server.close();
    },
  };
}

/** Returns everything that a value shows, however it is inspected. */
export function everythingOf(value: unknown): string {
  const text = value instanceof Error ? `${value.message}\n${value.stack}` : "";
  return `${inspect(value, { depth: Infinity, showHidden: true })}\n${JSON.stringify(value)}\n${text}`;
}

/** Returns a secret in every form in which it must not appear. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [secret, encodeURIComponent(secret), bytes.toString("base64"), bytes.toString("base64url")];
}

/** Records what this process prints while `work` runs, and still prints it. */
export async function printedDuring(work: () => Promise<void>): Promise<string> {
  const printed: string[] = [];
  const streams = [process.stdout, process.stderr] as const;
  const originals = streams.map(({ write }) => write);
  for (const stream of streams) {
    const { write } = stream;
    Object.assign(stream, {
      write: (...args: Parameters<typeof write>) => {
        printed.push(Buffer.from(args[0]).toString("utf8"));
        return Reflect.apply(write, stream, args);
      },
    });
  }
  try {
    await work();
  } finally {
    for (const [index, stream] of streams.entries()) {
      Object.assign(stream, { write: originals[index] });
    }
  }
  return printed.join("");
}

/** Fails if a text contains one of the secrets in any form, also in base64 with something before it. */
export function assertWithout(secrets: readonly string[], text: string): void {
  const decoded = [...text.matchAll(/[\w+/-]{16,}/g)].map(([run]) =>
    Buffer.from(run, "base64").toString("latin1"),
  );
  const seen = [text, ...decoded].join("\n").toLowerCase();
  for (const form of secrets.flatMap(formsOf)) {
    assert.equal(seen.includes(form.toLowerCase()), false, `${form} in ${text.slice(0, 2_000)}`);
  }
}

/** The secrets of the caller of a hostile service. */
export const serviceSecrets = ["PlantedKeySecret/0123456789+", "PlantedSecurityToken/0123456789=="];

const bots = Array.from({ length: 3 }, (_, index) => ({
  InstanceId: `bot-${index}`,
  InstanceName: `Bot ${index}`,
  CreationTime: index,
  ResourceTags: [{ Key: "env", Value: "prod" }],
}));
/** The correct response of a hostile service. */
export const rightList = {
  Success: true,
  Code: "OK",
  HttpStatusCode: 200,
  RequestId: "R",
  TotalCount: 3,
  PageNumber: 1,
  PageSize: 100,
  Instances: bots,
};

/** Returns the list that a body represents, or `undefined` if it represents none. Independent of the code under test. */
export function listIn(body: Buffer): Instance[] | undefined {
  try {
    const { Instances }: { Instances: ServiceInstance[] } = JSON.parse(
      body.toString("utf8").replace(/^\ufeff/, ""),
      (_name, value: unknown) => (typeof value === "string" ? value.toWellFormed() : value),
    );
    return expected(Instances.map(withoutReserved));
  } catch {
    return undefined;
  }
}

function withoutReserved({ InstanceName, CreationTime, ResourceTags, ...others }: ServiceInstance) {
  const tags = (ResourceTags ?? []).filter(({ Key, Value }) => Key && ![Key, Value].some(isReserved));
  return {
    ...others,
    InstanceName: isReserved(InstanceName) ? "" : (InstanceName ?? ""),
    ...(CreationTime === null ? {} : { CreationTime: Number(CreationTime) }),
    ResourceTags: tags.map(({ Key, Value }) => ({ Key, Value: String(Value ?? "") })),
  };
}

function isReserved(text: unknown): boolean {
  return [unknown, signature].some((reserved) => reserved === text);
}
