import type { AttemptInfo, OnRetry } from "../api/calls.js";
import { CallFailure } from "../api/failure.js";
import type { Noun } from "../lists/listApi.js";
import type { SendCall } from "../lists/page.js";
import type { ListingObserver } from "../paging/wholeList.js";
import { errorType, requestAttributes, Trace } from "../tracing/trace.js";
import type { Connection } from "./connection.js";
import { Progress } from "./progress.js";
import { describeReport, type LookupReport, lookupChannel } from "./report.js";

/** Shorter waits, in milliseconds, don't become spans. */
const shortestWaitShown = 1;

/** The receivers of a lookup's messages. */
export interface LookupListeners {
  /** Receives the progress of a slow lookup. */
  readonly progress: (message: string) => void;
  /** Receives a one-line summary when the lookup ends. Default: none. */
  readonly debug?: ((message: string) => void) | undefined;
}

/** The record of one lookup, from which progress, the report, the log line and the spans are made. */
export class LookupRecord implements ListingObserver {
  readonly #functionName: string;
  readonly #list: { readonly action: string; readonly noun: Noun };
  readonly #listeners: LookupListeners;
  readonly #progress: Progress;
  readonly #trace: Trace | undefined;
  readonly #startedAt = performance.now();
  #endpoint: string | undefined;
  #found = 0;
  #calls = 0;
  readonly #retries = { throttled: 0, transient: 0 };
  #listings = 0;
  #waited = 0;
  /** The time until which waits have been counted. */
  #waitedUntil = 0;
  #shared = false;

  constructor(
    functionName: string,
    list: { readonly action: string; readonly noun: Noun },
    listeners: LookupListeners,
  ) {
    this.#functionName = functionName;
    this.#list = list;
    this.#listeners = listeners;
    this.#progress = new Progress(list.noun, listeners.progress);
    this.#trace = Trace.start({
      name: `outboundbot.${functionName}`,
      attributes: { "outboundbot.action": list.action },
    });
  }

  /** Called when the settings are read and the connection is open. */
  connected({ endpoint }: Connection): void {
    this.#endpoint = endpoint;
    this.#trace?.event("outboundbot.connected");
  }

  started(): void {
    this.#progress.started();
    this.#listings++;
    if (this.#listings > 1) {
      this.#trace?.event("outboundbot.restarted", { "outboundbot.listing": this.#listings });
    }
  }

  pageRead(items: number, totalCount: number | undefined): void {
    this.#progress.pageRead(items, totalCount);
  }

  readonly retried: OnRetry = (retry, failure) => {
    this.#retries[retry]++;
    this.#progress.retried(retry, failure);
  };

  /** The failure of the last retried call. */
  get lastFailure(): CallFailure | undefined {
    return this.#progress.lastFailure;
  }

  found(items: number): void {
    this.#found += items;
  }

  /** Called when the list came from an identical lookup. */
  joined(): void {
    this.#shared = true;
  }

  /**
   * Records one attempt of a call for a page.
   *
   * @param send sends the call.
   * @param request makes the call with the given `send`.
   */
  attempt<Page>(
    page: { readonly number: number; readonly size: number },
    turn: AttemptInfo,
    send: SendCall,
    request: (send: SendCall) => Promise<Page>,
  ): Promise<Page> {
    this.#calls++;
    this.#waited += Math.max(0, turn.sentAt - Math.max(turn.queuedAt, this.#waitedUntil));
    this.#waitedUntil = turn.sentAt;
    return this.#trace === undefined
      ? request(send)
      : recordAttempt(this.#trace, this.#list.action, this.#endpoint ?? "", page, turn, send, request);
  }

  /** Ends the record, and publishes it. */
  end(failure?: unknown): void {
    const { debug } = this.#listeners;
    const trace = this.#trace;
    if (debug === undefined && trace === undefined && !lookupChannel.hasSubscribers) {
      return;
    }
    const report = this.#report(failure);
    if (lookupChannel.hasSubscribers) {
      lookupChannel.publish(report);
    }
    debug?.(describeReport(report, this.#list.noun));
    if (trace !== undefined) {
      const { found, calls, retried, throttled, restarted, waited, shared } = report;
      trace.set({
        ...(report.endpoint === undefined ? {} : serverOf(report.endpoint)),
        "outboundbot.found": found,
        "outboundbot.calls": calls,
        "outboundbot.retried": retried,
        "outboundbot.throttled": throttled,
        "outboundbot.restarted": restarted,
        "outboundbot.waited": waited,
        "outboundbot.shared": shared,
      });
      trace.end(failure);
    }
  }

  #report(failure: unknown): LookupReport {
    return {
      function: this.#functionName,
      action: this.#list.action,
      endpoint: this.#endpoint,
      errorCode: failure === undefined ? undefined : errorType(failure),
      found: this.#found,
      calls: this.#calls,
      retried: this.#retries.transient,
      throttled: this.#retries.throttled,
      restarted: Math.max(0, this.#listings - 1),
      waited: Math.round(this.#waited),
      elapsed: Math.round(performance.now() - this.#startedAt),
      shared: this.#shared,
    };
  }
}

function serverOf(endpoint: string) {
  const { "http.request.method": _, ...server } = requestAttributes("", endpoint);
  return server;
}

function recordAttempt<Page>(
  lookup: Trace,
  action: string,
  endpoint: string,
  page: { readonly number: number; readonly size: number },
  { attempts, queuedAt, sentAt, signal }: AttemptInfo,
  send: SendCall,
  request: (send: SendCall) => Promise<Page>,
): Promise<Page> {
  const waited = sentAt - queuedAt;
  const place = { "outboundbot.page": page.number, "outboundbot.page_size": page.size };
  if (waited >= shortestWaitShown) {
    lookup.child({ name: "outboundbot.wait", attributes: place, ago: performance.now() - queuedAt }).end();
  }
  const trace = lookup.child({
    name: `POST ${action}`,
    isRequest: true,
    attributes: {
      ...requestAttributes("POST", endpoint),
      ...(attempts === 1 ? {} : { "http.request.resend_count": attempts - 1 }),
      ...place,
      "outboundbot.waited": Math.round(waited),
    },
  });
  // A sign-in that other calls wait for continues after this lookup's deadline.
  signal.addEventListener("abort", () => trace.end(signal.reason), { once: true });
  const recordedSend: SendCall = async (...call) => {
    const response = await send(...call);
    trace.set({ "http.response.status_code": response.statusCode });
    return response;
  };
  return trace.record(async () => {
    try {
      return await request(recordedSend);
    } catch (failure) {
      trace.set({ "outboundbot.retry": CallFailure.from(failure)?.retry ?? "never" });
      throw failure;
    }
  });
}
