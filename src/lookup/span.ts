import type { Attributes, Context, Span } from "@opentelemetry/api";
import { packageVersion } from "../common/version.js";

type Api = typeof import("@opentelemetry/api");

/** The OpenTelemetry span of a lookup. If nothing records spans, none is created. */
export class LookupSpan {
  readonly #api: Api;
  readonly #span: Span;
  readonly #context: Context;

  private constructor(api: Api, span: Span, context: Context) {
    this.#api = api;
    this.#span = span;
    this.#context = context;
  }

  /** Starts a span below the active one, if any. Returns `undefined` when nothing records it. */
  static start(name: string): LookupSpan | undefined {
    const api = loadApi();
    const span = api.trace.getTracer("pulumi-outboundbot", packageVersion).startSpan(name);
    const context = api.trace.setSpan(api.context.active(), span);
    return span.isRecording() ? new LookupSpan(api, span, context) : undefined;
  }

  /** Runs `work` with this span as the active one, so that the spans of an HTTP instrumentation are its children. */
  within<Result>(work: () => Result): Result {
    return this.#api.context.with(this.#context, work);
  }

  /** Ends the span. Records only the code of a failure, because its text may repeat foreign text. */
  end(attributes: Attributes, errorCode: string | undefined): void {
    this.#span.setAttributes(attributes);
    if (errorCode !== undefined) {
      this.#span.setAttribute("error.type", errorCode);
      this.#span.setStatus({ code: this.#api.SpanStatusCode.ERROR });
    }
    this.#span.end();
  }
}

let loadedApi: Api | undefined;

/** Uses `require` at the first lookup only: for a module that another package loaded first, Node searches the disk each time. */
function loadApi(): Api {
  const api: Api = loadedApi ?? require("@opentelemetry/api");
  loadedApi = api;
  return api;
}
