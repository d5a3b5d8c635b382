/** Which calls a fault strikes. Calls are numbered from 1, from the moment the fault plan was set. */
export type When =
  /** Every call. */
  | { readonly calls: "always" }
  /** The first `count` calls. */
  | {
      readonly calls: "first";
      /** How many calls. */
      readonly count: number;
    }
  /** Every `step`-th call, the first of them being number `from`. */
  | {
      readonly calls: "every";
      /** How many calls it is from one to the next. */
      readonly step: number;
      /** The number of the first one. Default: `step`. */
      readonly from?: number;
    }
  /** The calls of these numbers. */
  | {
      readonly calls: "numbered";
      /** The numbers, from 1. */
      readonly numbers: readonly number[];
    }
  /** Every call that asks for this page. */
  | {
      readonly calls: "page";
      /** The page's number, from 1. */
      readonly page: number;
    };

/** A fault that puts another answer in the place of the right one. */
export type AnswerFault =
  /** 400 `Throttling.User`. */
  | {
      readonly kind: "throttling";
      /** The wait that the service asks for. Default: it asks for none. */
      readonly retryAfter?:
        | {
            /** The wait in ms, sent as `x-acs-retry-after`. */
            readonly milliseconds: number;
          }
        | {
            /** The wait in s, sent as `Retry-After`. */
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
  /** HTTP 200 with `Success: false` and the code of a failure. */
  | {
      readonly kind: "soft";
      /** The code in the body. */
      readonly code: "Throttling.User" | "InternalError";
    }
  /** 502 with an HTML page, as a broken gateway answers. */
  | { readonly kind: "html" }
  /** 200 with an HTML page, as a captive portal answers. */
  | { readonly kind: "html-ok" }
  /** 200 with an empty body. */
  | { readonly kind: "empty" }
  /** 302 to another path of the emulator, which answers 404. */
  | { readonly kind: "redirect" };

/** A fault that spoils how the right answer arrives. */
export type DeliveryFault =
  /** The connection is reset, and no byte answered. */
  | { readonly kind: "reset" }
  /** The call is taken and never answered. */
  | { readonly kind: "hang" }
  /** The answer comes a byte a second. */
  | { readonly kind: "drip" }
  /** Half the body, then the connection closes; `content-length` promised all of it. */
  | { readonly kind: "truncated" }
  /** Half the body, and a `content-length` that agrees with that half. */
  | { readonly kind: "cut" };

/** A fault in what is listed. */
export type ListFault =
  /** The list changes before the page is answered, by an instance that the call's own filter selects. */
  | {
      readonly kind: "changed";
      /**
       * `inserted`: one comes, before all others; `removed`: the first one goes; `swapped`: the first one goes and another comes after
       * all others, so that the total stays while every instance moves up by one.
       */
      readonly change: "inserted" | "removed" | "swapped";
    }
  /** The first page, whatever page was asked for. */
  | { readonly kind: "repeat" }
  /** No instances on the page; TotalCount is right. */
  | { readonly kind: "empty-page" }
  /** The answer has no TotalCount. */
  | { readonly kind: "total-missing" }
  /** The answer's TotalCount is `total`. */
  | {
      readonly kind: "total-wrong";
      /** The TotalCount. */
      readonly total: number;
    };

/** What goes wrong. */
export type FaultEffect = AnswerFault | DeliveryFault | ListFault;

/**
 * What goes wrong, and for which calls. Only calls that are right in themselves (signed, the known
 * action, within the rate limit) are counted and struck. Of the faults that answer or deliver, the first of the plan that
 * strikes a call decides; otherwise all list faults that strike it take effect.
 */
export type Fault = FaultEffect & {
  /** For which calls. */
  readonly when: When;
};

/** True for the faults that spoil the delivery. */
export function isDeliveryFault(fault: Fault): fault is Extract<Fault, DeliveryFault> {
  return ["reset", "hang", "drip", "truncated", "cut"].includes(fault.kind);
}

/** True for the faults in what is listed. */
export function isListFault(fault: Fault): fault is Extract<Fault, ListFault> {
  return ["changed", "repeat", "empty-page", "total-missing", "total-wrong"].includes(fault.kind);
}

/** Whether a fault strikes the call of this number and page. */
export function strikes(when: When, call: number, page: number | undefined): boolean {
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
