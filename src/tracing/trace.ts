import type { Attributes, Context, Span, SpanKind } from "@opentelemetry/api";
import { packageVersion } from "../common/version.js";
import { OutboundBotError } from "../errors/errors.js";

type Api = typeof import("@opentelemetry/api");

/** The name and initial attributes of a span. */
export interface SpanStart {
  readonly name: string;
  /** Whether the span is a request to a server. Default: no. */
  readonly isRequest?: boolean;
  readonly attributes?: Attributes;
  /** How long ago the span began, in milliseconds. Default: 0. */
  readonly ago?: number;
}

/** An OpenTelemetry span that is being recorded. If nothing records spans, no `Trace` is created, at no cost. */
export class Trace {
  readonly #api: Api;
  readonly #span: Span;
  readonly #context: Context;
  #hasEnded = false;

  private constructor(api: Api, start: SpanStart, parent: Context) {
    const { name, isRequest = false, attributes = {}, ago } = start;
    const kind: SpanKind = isRequest ? api.SpanKind.CLIENT : api.SpanKind.INTERNAL;
    const startTime = ago === undefined ? undefined : Date.now() - ago;
    this.#api = api;
    this.#span = api.trace
      .getTracer("pulumi-outboundbot", packageVersion)
      .startSpan(name, { kind, attributes, ...(startTime === undefined ? {} : { startTime }) }, parent);
    this.#context = api.trace.setSpan(parent, this.#span);
  }

  /** Starts a span below the active one, if any. Returns `undefined` when nothing records it. */
  static start(start: SpanStart): Trace | undefined {
    const api = loadApi();
    const trace = new Trace(api, start, api.context.active());
    return trace.#span.isRecording() ? trace : undefined;
  }

  /** Starts a span below the active one. Returns `undefined` when no span is active. */
  static startBelow(start: SpanStart): Trace | undefined {
    const api = loadApi();
    return api.trace.getActiveSpan()?.isRecording() === true ? Trace.start(start) : undefined;
  }

  child(start: SpanStart): Trace {
    return new Trace(this.#api, start, this.#context);
  }

  /** Runs `work` with this span as the active one, and ends the span afterwards. */
  async record<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      const result = await this.#api.context.with(this.#context, work);
      this.end();
      return result;
    } catch (failure) {
      this.end(failure);
      throw failure;
    }
  }

  set(attributes: Attributes): void {
    this.#span.setAttributes(attributes);
  }

  event(name: string, attributes: Attributes = {}): void {
    this.#span.addEvent(name, attributes);
  }

  /** Ends the span, once. Records only the code of a failure, because its text may repeat foreign text. */
  end(failure?: unknown): void {
    if (this.#hasEnded) {
      return;
    }
    this.#hasEnded = true;
    if (failure !== undefined) {
      this.#span.setAttribute("error.type", errorType(failure));
      this.#span.setStatus({ code: this.#api.SpanStatusCode.ERROR });
    }
    this.#span.end();
  }
}

/** Returns the code of an error of this package, or the kind of another error. */
export function errorType(failure: unknown): string {
  if (OutboundBotError.isInstance(failure)) {
    return failure.code;
  }
  return failure instanceof Error ? failure.name : "_OTHER";
}

/** Returns the attributes of a request to a server, by OpenTelemetry's HTTP conventions, without path and query. */
export function requestAttributes(method: string, origin: string): Attributes {
  const { hostname, port, protocol } = new URL(origin);
  return {
    "http.request.method": method,
    "server.address": hostname,
    "server.port": Number(port || (protocol === "http:" ? 80 : 443)),
  };
}

/** Records one request as a span below the active one, if any. */
export async function recordRequest<Result extends { readonly statusCode: number }>(
  method: string,
  origin: string,
  send: () => Promise<Result>,
): Promise<Result> {
  const trace = Trace.startBelow({
    name: method,
    isRequest: true,
    attributes: requestAttributes(method, origin),
  });
  return trace === undefined
    ? send()
    : trace.record(async () => {
        const response = await send();
        trace.set({ "http.response.status_code": response.statusCode });
        return response;
      });
}

let loadedApi: Api | undefined;

/** Uses `require` at the first lookup only: for a module that another package loaded first, Node searches the disk each time. */
function loadApi(): Api {
  const api: Api = loadedApi ?? require("@opentelemetry/api");
  loadedApi = api;
  return api;
}
