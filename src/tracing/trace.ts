import type { Attributes, Context, Span, SpanKind } from "@opentelemetry/api";
import { packageVersion } from "../common/version.js";
import { OutboundBotError } from "../errors/errors.js";

type Api = typeof import("@opentelemetry/api");

/** What a span is called, and what it says from its start. */
export interface SpanStart {
  readonly name: string;
  /** Whether it is a request to a server. Default: no. */
  readonly isRequest?: boolean;
  readonly attributes?: Attributes;
  /** How long ago it began, in milliseconds. Default: 0. */
  readonly ago?: number;
}

/** An OpenTelemetry span that somebody records. Where nobody does, there is no `Trace`, and nothing else to do. */
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

  /** Starts a span below the active one, if there is one; `undefined` where nobody records it. */
  static start(start: SpanStart): Trace | undefined {
    const api = loadApi();
    const trace = new Trace(api, start, api.context.active());
    return trace.#span.isRecording() ? trace : undefined;
  }

  /** Starts a span below the active one, and none where no span is active. */
  static startBelow(start: SpanStart): Trace | undefined {
    const api = loadApi();
    return api.trace.getActiveSpan()?.isRecording() === true ? Trace.start(start) : undefined;
  }

  child(start: SpanStart): Trace {
    return new Trace(this.#api, start, this.#context);
  }

  /** Runs `work` with this span as the active one, and ends the span with it. */
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

  /** Ends the span, once. A failure is told by its code alone: its text may repeat what others wrote. */
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

/** The code of one of this package's errors, or the kind of another one. */
export function errorType(failure: unknown): string {
  if (OutboundBotError.isInstance(failure)) {
    return failure.code;
  }
  return failure instanceof Error ? failure.name : "_OTHER";
}

/** The attributes of a request to a server, by OpenTelemetry's conventions for HTTP. The query and the path stay out of them. */
export function requestAttributes(method: string, origin: string): Attributes {
  const { hostname, port, protocol } = new URL(origin);
  return {
    "http.request.method": method,
    "server.address": hostname,
    "server.port": Number(port || (protocol === "http:" ? 80 : 443)),
  };
}

/** Records one request as a span below the active one, if there is one. */
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
        const answer = await send();
        trace.set({ "http.response.status_code": answer.statusCode });
        return answer;
      });
}

/** By `require`, with the first lookup: the API alone loads in less than a millisecond. */
function loadApi(): Api {
  return require("@opentelemetry/api");
}
