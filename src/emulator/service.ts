import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { type Answer, errorAnswer, faultyAnswer, jsonAnswer } from "./answers.js";
import { Authentication, readSignature } from "./authentication.js";
import type { CallRecord } from "./callLog.js";
import {
  type AnswerFault,
  appliesTo,
  type DeliveryFault,
  type Fault,
  isDeliveryFault,
  isListFault,
} from "./faults.js";
import { InstanceItems } from "./instanceItems.js";
import type { InstanceList } from "./instanceList.js";
import { instanceListing } from "./listInstances.js";
import { type Listing, listPage, type PageQuery, readPageQuery } from "./listPage.js";
import type { Settings } from "./options.js";
import { outboundCallNumberKind, type ServiceOutboundCallNumber } from "./outboundCallNumbers.js";
import { RateLimit } from "./rateLimit.js";
import { type Action, namedAction, type ServiceRequest, servedAction, toServiceRequest } from "./request.js";
import { type ServiceScript, scriptKind } from "./scripts.js";
import { ServiceError, throttled } from "./serviceError.js";

/** A request as the HTTP server received it. */
export interface RawRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What the call log records while a call is processed. */
export type CallNotes = { -readonly [Name in keyof CallRecord]?: CallRecord[Name] };

/** The response to a call, and the fault that affects its delivery. */
export interface Outcome {
  readonly answer: Answer;
  readonly delivery: DeliveryFault | undefined;
}

/** A valid call. */
interface AdmittedCall {
  readonly page: PageQuery;
  readonly listing: Listing;
}

const longestUrl = 32_768;

/** The service without HTTP: authentication, actions, faults and responses. */
export class Service {
  readonly #settings: Settings;
  readonly #list: InstanceList;
  readonly #scripts: InstanceItems<ServiceScript>;
  readonly #numbers: InstanceItems<ServiceOutboundCallNumber>;
  readonly #authentication: Authentication;
  readonly #rateLimit: RateLimit | undefined;
  #faults: readonly Fault[];
  /** The number of calls that the fault plan has counted. */
  #calls = 0;

  constructor(settings: Settings, list: InstanceList) {
    const { rateLimit } = settings;
    this.#settings = settings;
    this.#list = list;
    this.#scripts = new InstanceItems(scriptKind(settings.nameMatch), list, settings.scripts);
    this.#numbers = new InstanceItems(outboundCallNumberKind, list, settings.outboundCallNumbers);
    this.#faults = settings.faults;
    this.#authentication = new Authentication(settings, () => Date.now() + settings.clockOffset);
    this.#rateLimit =
      rateLimit && new RateLimit(rateLimit.callsPerSecond, rateLimit.burst, () => performance.now());
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
    const refusing = (answer: () => Outcome) => () => {
      try {
        return answer();
      } catch (error) {
        if (!(error instanceof ServiceError)) {
          throw error;
        }
        return { answer: errorAnswer(error, requestId, host), delivery: undefined };
      }
    };
    try {
      const call = this.#admit(readRequest(raw), notes);
      const faults = this.#faultsOf(call);
      notes.faults = faults.map(({ kind }) => kind);
      return refusing(() => this.#answer(call, faults, requestId, host));
    } catch (error) {
      return refusing(() => {
        throw error;
      });
    }
  }

  #admit(request: ServiceRequest, notes: CallNotes): AdmittedCall {
    const action = namedAction(request);
    if (action !== undefined) {
      notes.action = action;
    }
    const signed = readSignature(request);
    notes.accessKeyId = signed.accessKeyId;
    this.#authentication.check(signed);
    const served = servedAction(request);
    // Page number and size are optional for ListInstances only.
    const page = readPageQuery(request, served === "ListInstances" ? 10 : undefined);
    const listing = this.#listing(served, request);
    notes.pageNumber = page.pageNumber;
    notes.pageSize = page.pageSize;
    notes.tags = listing.tags;
    if (this.#rateLimit?.take() === false) {
      throw throttled();
    }
    return { page, listing };
  }

  #listing(action: Action, request: ServiceRequest): Listing {
    switch (action) {
      case "ListInstances":
        return instanceListing(this.#list, request);
      case "ListScripts":
        return this.#scripts.listing(request);
      case "ListOutboundCallNumbers":
        return this.#numbers.listing(request);
    }
  }

  /** Returns the faults that apply to the call: one answer or delivery fault, or else any number of list faults. */
  #faultsOf({ page }: AdmittedCall): readonly Fault[] {
    this.#calls++;
    const applicable = this.#faults.filter(({ when }) => appliesTo(when, this.#calls, page.pageNumber));
    const decisive = applicable.find((fault) => !isListFault(fault));
    return decisive === undefined ? applicable : [decisive];
  }

  #answer(
    { page, listing }: AdmittedCall,
    faults: readonly Fault[],
    requestId: string,
    host: string,
  ): Outcome {
    const fault = faults.find(isAnswerFault);
    if (fault !== undefined) {
      return { answer: faultyAnswer(fault, requestId, host), delivery: undefined };
    }
    const body = listPage(listing, page, this.#settings.pageLimit, faults.filter(isListFault), requestId);
    return { answer: jsonAnswer(200, "OK", requestId, body), delivery: faults.find(isDeliveryFault) };
  }
}

function isAnswerFault(fault: Fault): fault is Extract<Fault, AnswerFault> {
  return !isListFault(fault) && !isDeliveryFault(fault);
}

function readRequest({ method, url, headers, body }: RawRequest): ServiceRequest {
  if (method !== "GET" && method !== "POST") {
    throw new ServiceError("UnsupportedHTTPMethod", 405, "This http method is not supported.", {
      allow: "GET, POST",
    });
  }
  if (url.length > longestUrl) {
    throw new ServiceError("RequestURITooLong", 414, `The URL is longer than ${longestUrl} characters.`);
  }
  return toServiceRequest(method, url, headers, body);
}
