/** The calls that a fault applies to. Calls are numbered from 1, starting when the fault plan is set. */
export type When =
  /** Every call. */
  | { readonly calls: "always" }
  /** The first `count` calls. */
  | {
      readonly calls: "first";
      /** The number of calls. */
      readonly count: number;
    }
  /** Every `step`-th call, starting with call `from`. */
  | {
      readonly calls: "every";
      /** The distance from one call to the next. */
      readonly step: number;
      /** The number of the first call. Default: `step`. */
      readonly from?: number;
    }
  /** The calls with these numbers. */
  | {
      readonly calls: "numbered";
      /** The numbers, from 1. */
      readonly numbers: readonly number[];
    }
  /** Every call that requests this page. */
  | {
      readonly calls: "page";
      /** The page number, from 1. */
      readonly page: number;
    };

/** A fault that replaces the correct response. */
export type AnswerFault =
  /** 400 `Throttling.User`. */
  | {
      readonly kind: "throttling";
      /** The wait that the service requests. Default: none. */
      readonly retryAfter?:
        | {
            /** The wait in milliseconds, sent as `x-acs-retry-after`. */
            readonly milliseconds: number;
          }
        | {
            /** The wait in seconds, sent as `Retry-After`. */
            readonly seconds: number;
          };
    }
  /** 500 `InternalError`. */
  | { readonly kind: "error-500" }
  /** 503 `ServiceUnavailable`. */
  | { readonly kind: "error-503" }
  /** 403 `Forbidden.RAM`. */
  | { readonly kind: "forbidden" }
  /** Any other error of the service. */
  | {
      readonly kind: "error";
      /** The service's code, such as `NoPermission`. */
      readonly code: string;
      /** The HTTP status. Default: 400. */
      readonly status?: number;
    }
  /** HTTP 200 with `Success: false` and an error code. */
  | {
      readonly kind: "soft";
      /** The code in the body. */
      readonly code: "Throttling.User" | "InternalError";
    }
  /** 502 with an HTML page, like a broken gateway. */
  | { readonly kind: "html" }
  /** 200 with an HTML page, like a captive portal. */
  | { readonly kind: "html-ok" }
  /** 200 with an empty body. */
  | { readonly kind: "empty" }
  /** 302 to another path of the emulator, which returns 404. */
  | { readonly kind: "redirect" };

/** A fault in the delivery of the correct response. */
export type DeliveryFault =
  /** The connection is reset before any byte of a response. */
  | { readonly kind: "reset" }
  /** The call gets no response. */
  | { readonly kind: "hang" }
  /** The response is sent at one byte per second. */
  | { readonly kind: "drip" }
  /** Half of the body is sent, then the connection closes; `content-length` states the full length. */
  | { readonly kind: "truncated" }
  /** Half of the body is sent; `content-length` states the length of that half. */
  | { readonly kind: "cut" };

/** A fault in the contents of a list. */
export type ListFault =
  /** The list changes before the page is returned. The inserted instance matches the filter of the call. */
  | {
      readonly kind: "changed";
      /**
       * `inserted`: an instance is inserted at the start. `removed`: the first instance is removed. `swapped`: the first instance
       * is removed and another one is appended, so the total stays the same while every instance moves up by one.
       */
      readonly change: "inserted" | "removed" | "swapped";
    }
  /** Page 1 is returned, whatever page was requested. */
  | { readonly kind: "repeat" }
  /** The page has no instances; TotalCount is correct. */
  | { readonly kind: "empty-page" }
  /** The response has no TotalCount. */
  | { readonly kind: "total-missing" }
  /** The response's TotalCount is `total`. */
  | {
      readonly kind: "total-wrong";
      /** The TotalCount to return. */
      readonly total: number;
    };

/** The effect of a fault. */
export type FaultEffect = AnswerFault | DeliveryFault | ListFault;

/**
 * The effect of a fault, and the calls that it applies to. Only valid calls are counted and affected: signed, for a known action
 * and within the rate limit. The first answer or delivery fault in the plan that applies to a call decides. If none applies, all
 * list faults that apply take effect.
 */
export type Fault = FaultEffect & {
  /** The calls that the fault applies to. */
  readonly when: When;
};

/** Returns whether a fault affects the delivery. */
export function isDeliveryFault(fault: Fault): fault is Extract<Fault, DeliveryFault> {
  return ["reset", "hang", "drip", "truncated", "cut"].includes(fault.kind);
}

/** Returns whether a fault affects the contents of a list. */
export function isListFault(fault: Fault): fault is Extract<Fault, ListFault> {
  return ["changed", "repeat", "empty-page", "total-missing", "total-wrong"].includes(fault.kind);
}

/** Returns whether a fault applies to the call with this number and page. */
export function appliesTo(when: When, call: number, page: number | undefined): boolean {
  switch (when.calls) {
    case "always":
      return true;
    case "first":
      return call <= when.count;
    case "every": {
      const from = when.from ?? when.step;
      return call >= from && (call - from) % when.step === 0;
    }
    case "numbered":
      return when.numbers.includes(call);
    case "page":
      return page === when.page;
  }
}
