import { randomUUID } from "node:crypto";
import { type Account, type PageWriter, readTags } from "./account.js";
import { type Answer, errorAnswer, faultyAnswer, jsonAnswer } from "./answers.js";
import { Authentication, readSignature } from "./authentication.js";
import type { CallRecord } from "./callLog.js";
import { ErrorResponse, invalidParameter } from "./errorResponse.js";
import { appliesTo, type Fault, type FaultKind, isListFault } from "./faults.js";
import type { Settings } from "./options.js";
import { type ListCall, namedAction, type RawRequest, readCall, readRequest } from "./request.js";

/** What the call log records while a call is processed. */
export type CallNotes = { -readonly [Name in keyof CallRecord]?: CallRecord[Name] };

/** The response to a call, and the fault that affects its delivery. */
export interface Outcome {
  readonly answer: Answer;
  /** The kind of the fault; any other than those in the delivery has no effect. */
  readonly delivery?: FaultKind | undefined;
}

/** The service without HTTP: authentication, actions, faults and responses. */
export class Service {
  readonly #settings: Settings;
  readonly #account: Account;
  readonly #authentication: Authentication;
  readonly #rateLimit: RateLimit;
  #faults: readonly Fault[];
  /** The number of calls that the faults have counted. */
  #calls = 0;

  constructor(settings: Settings, account: Account) {
    this.#settings = settings;
    this.#account = account;
    this.#faults = settings.faults;
    this.#authentication = new Authentication(settings, () => Date.now() + settings.clockOffset);
    this.#rateLimit = new RateLimit(settings.rateLimit, settings.rateLimitBurst, () => performance.now());
  }

  setFaults(faults: readonly Fault[]): void {
    this.#faults = faults;
    this.#calls = 0;
  }

  /**
   * Checks a request when it arrives. The returned function creates the response after the latency, from the list at that time.
   */
  receive(raw: RawRequest, notes: CallNotes): () => Outcome {
    const requestId = randomUUID().toUpperCase();
    const host = raw.headers.host ?? "";
    try {
      const { write, call } = this.#admit(raw, notes);
      const faults = this.#faultsOf(call);
      notes.faults = faults.map(({ kind }) => kind);
      const [fault] = faults;
      return fault?.kind === "error" || fault?.kind === "response"
        ? () => ({ answer: faultyAnswer(fault, requestId, host) })
        : () => ({
            answer: jsonAnswer(200, "OK", requestId, write(call, faults, requestId)),
            delivery: fault?.kind,
          });
    } catch (error) {
      if (!(error instanceof ErrorResponse)) {
        throw error;
      }
      return () => ({ answer: errorAnswer(error, requestId, host, error.status) });
    }
  }

  #admit(raw: RawRequest, notes: CallNotes): { readonly write: PageWriter; readonly call: ListCall } {
    const { pageLimit, pageLimitMode } = this.#settings;
    const request = readRequest(raw);
    const named = namedAction(request);
    if (named !== undefined) {
      notes.action = named;
    }
    const signed = readSignature(request);
    notes.accessKeyId = signed.accessKeyId;
    this.#authentication.check(signed);
    const call = readCall(request);
    const { action, pageNumber, pageSize } = call;
    const tags = action === "ListInstances" ? readTags(request) : [];
    const write = this.#account.pageWriter(action, request, tags);
    Object.assign(notes, { pageNumber, pageSize, tags });
    if (pageLimitMode === "refused" && pageSize > pageLimit) {
      throw invalidParameter("PageSize", `It must be at most ${pageLimit}, got ${pageSize}.`);
    }
    if (!this.#rateLimit.accept()) {
      throw new ErrorResponse("Throttling.User");
    }
    return { write, call };
  }

  /** Returns the faults that apply to the call: one response or delivery fault, or else any number of list faults. */
  #faultsOf({ pageNumber }: ListCall): readonly Fault[] {
    this.#calls++;
    const applicable = this.#faults.filter((fault) => appliesTo(fault, this.#calls, pageNumber));
    const decisive = applicable.find((fault) => !isListFault(fault));
    return decisive === undefined ? applicable : [decisive];
  }
}

/** Allows `burst` calls at once, then `callsPerSecond`. */
export class RateLimit {
  /** The time at which the calls accepted so far would be due at the rate. */
  #nextAt = 0;

  constructor(
    readonly callsPerSecond: number,
    readonly burst: number,
    /** A monotonic clock, in milliseconds. */
    readonly now: () => number,
  ) {}

  /** Returns `false` for a call above the limit. */
  accept(): boolean {
    const interval = 1000 / this.callsPerSecond;
    const now = this.now();
    const dueAt = Math.max(this.#nextAt, now);
    const isAccepted = dueAt - now <= (this.burst - 1) * interval;
    this.#nextAt = isAccepted ? dueAt + interval : this.#nextAt;
    return isAccepted;
  }
}
