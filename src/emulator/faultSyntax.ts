import type { Fault, FaultEffect, When } from "./faults.js";
import { EmulatorOptionError, show, wholeNumber } from "./optionError.js";

type Kind = Fault["kind"];

interface KindSyntax {
  /** The syntax of the argument; empty when there is none. */
  readonly argument: string;
  readonly summary: string;
  parse(argument: string | undefined, complaint: (expected: string) => EmulatorOptionError): FaultEffect;
}

const mostCalls = 1_000_000_000;

/** The kinds of faults, in the order of the help. */
export const faultKinds: Readonly<Record<Kind, KindSyntax>> = {
  throttling: {
    argument: "[:500ms|:2s]",
    summary: "400 Throttling.User, with a delay in x-acs-retry-after (ms) or Retry-After (s)",
    parse: (argument, complaint) => {
      if (argument === undefined) {
        return { kind: "throttling" };
      }
      const [, amount, unit] = /^(\d{1,9})(ms|s)$/.exec(argument) ?? [];
      if (amount === undefined) {
        throw complaint("a delay such as throttling:500ms or throttling:2s");
      }
      const wait = Number(amount);
      return { kind: "throttling", retryAfter: unit === "s" ? { seconds: wait } : { milliseconds: wait } };
    },
  },
  "error-500": plain({ kind: "error-500" }, "500 InternalError"),
  "error-503": plain({ kind: "error-503" }, "503 ServiceUnavailable"),
  forbidden: plain({ kind: "forbidden" }, "403 Forbidden.RAM"),
  error: {
    argument: ":CODE[:STATUS]",
    summary: "any error code, with an HTTP status (default 400)",
    parse: (argument, complaint) => {
      const [, code, status] = /^([A-Za-z][\w.-]*)(?::([45]\d\d))?$/.exec(argument ?? "") ?? [];
      if (code === undefined) {
        throw complaint("a code with an optional status, such as error:NoPermission:403");
      }
      return { kind: "error", code, ...(status === undefined ? {} : { status: Number(status) }) };
    },
  },
  soft: {
    argument: "[:Throttling.User|:InternalError]",
    summary: "200 with Success: false and this code (default Throttling.User)",
    parse: (argument = "Throttling.User", complaint) => {
      if (argument === "Throttling.User" || argument === "InternalError") {
        return { kind: "soft", code: argument };
      }
      throw complaint("soft:Throttling.User or soft:InternalError");
    },
  },
  html: plain({ kind: "html" }, "502 with an HTML page"),
  "html-ok": plain({ kind: "html-ok" }, "200 with an HTML page"),
  empty: plain({ kind: "empty" }, "200 with an empty body"),
  redirect: plain({ kind: "redirect" }, "302 to another path of the emulator"),
  reset: plain({ kind: "reset" }, "resets the connection"),
  hang: plain({ kind: "hang" }, "accepts the request and never responds"),
  drip: plain({ kind: "drip" }, "sends one byte per second"),
  truncated: plain({ kind: "truncated" }, "sends half of the body, then closes the connection"),
  cut: plain({ kind: "cut" }, "sends half of the JSON, with a matching Content-Length"),
  changed: {
    argument: "[:inserted|:removed|:swapped]",
    summary: "changes the list before the response (default inserted); swapped keeps the total",
    parse: (argument = "inserted", complaint) => {
      if (argument === "inserted" || argument === "removed" || argument === "swapped") {
        return { kind: "changed", change: argument };
      }
      throw complaint("changed:inserted, changed:removed or changed:swapped");
    },
  },
  repeat: plain({ kind: "repeat" }, "returns page 1 for every page"),
  "empty-page": plain({ kind: "empty-page" }, "returns an empty page with the correct TotalCount"),
  "total-missing": plain({ kind: "total-missing" }, "omits TotalCount"),
  "total-wrong": {
    argument: ":N",
    summary: "returns N as TotalCount",
    parse: (argument = "", complaint) => {
      if (!/^\d{1,9}$/.test(argument)) {
        throw complaint("a number such as total-wrong:7");
      }
      return { kind: "total-wrong", total: Number(argument) };
    },
  },
};

/**
 * Parses a fault in the syntax of the command line: `KIND[:ARGUMENT][@WHEN]`, such as `throttling@every:3`,
 * `error:NoPermission:403` or `hang@calls:2,5`.
 *
 * WHEN is `always` (the default), `first:N`, `every:N` (or `every:N+K`: call K, then every N-th after it), `calls:A,B,C` or
 * `page:N`, with numbers from 1 to 1,000,000,000. {@link AnswerFault}, {@link DeliveryFault} and {@link ListFault} declare the
 * kinds; `outboundbot-emulator --help` lists them.
 *
 * @example
 * ```ts
 * import { parseFault } from "pulumi-outboundbot/emulator";
 *
 * const fault = parseFault("throttling:500ms@every:3");
 * // { kind: "throttling", retryAfter: { milliseconds: 500 }, when: { calls: "every", step: 3 } }
 * ```
 *
 * @param text the fault.
 * @returns the fault as an object.
 * @throws {@link EmulatorOptionError} that lists the valid choices.
 */
export function parseFault(text: string): Fault {
  const at = text.indexOf("@");
  const what = at < 0 ? text : text.slice(0, at);
  const when: When = at < 0 ? { calls: "always" } : parseWhen(text.slice(at + 1), text);
  const colon = what.indexOf(":");
  const kind = colon < 0 ? what : what.slice(0, colon);
  const argument = colon < 0 ? undefined : what.slice(colon + 1);
  if (!isKind(kind)) {
    throw unknownKind(text);
  }
  const complaint = (expected: string) =>
    new EmulatorOptionError(`Invalid fault ${show(text)}: must be ${expected}.`);
  return { ...faultKinds[kind].parse(argument, complaint), when };
}

/** Returns a fault given as text or as an object. */
export function toFault(fault: Fault | string): Fault {
  if (typeof fault === "string") {
    return parseFault(fault);
  }
  // The types exclude an unknown kind, but a JavaScript program isn't type-checked.
  const { kind }: { readonly kind: string } = fault;
  if (isKind(kind)) {
    return fault;
  }
  throw unknownKind(kind);
}

function parseWhen(text: string, fault: string): When {
  const number = (digits: string | undefined) =>
    wholeNumber(`Invalid fault ${show(fault)}: its number`, Number(digits), 1, mostCalls);
  const [, word, first, rest] = /^([a-z]+)(?::(\d+)((?:[,+]\d+)*))?$/.exec(text) ?? [];
  if (word === "always" && first === undefined) {
    return { calls: "always" };
  }
  if (word === "first" && first !== undefined && rest === "") {
    return { calls: "first", count: number(first) };
  }
  if (word === "page" && first !== undefined && rest === "") {
    return { calls: "page", page: number(first) };
  }
  if (word === "every" && first !== undefined && rest === "") {
    return { calls: "every", step: number(first) };
  }
  if (word === "every" && first !== undefined && /^\+\d+$/.test(rest ?? "")) {
    return { calls: "every", step: number(first), from: number(rest?.slice(1)) };
  }
  if (word === "calls" && first !== undefined && !rest?.includes("+")) {
    return { calls: "numbered", numbers: `${first}${rest ?? ""}`.split(",").map(number) };
  }
  throw new EmulatorOptionError(
    `Invalid fault ${show(fault)}: ${show(text)} must be always, first:N, every:N, every:N+K, calls:A,B,C or page:N.`,
  );
}

function unknownKind(fault: unknown): EmulatorOptionError {
  return new EmulatorOptionError(
    `Invalid fault ${show(fault)}: the kind must be one of ${Object.keys(faultKinds).join(", ")}.`,
  );
}

function isKind(text: string): text is Kind {
  return Object.hasOwn(faultKinds, text);
}

function plain(effect: FaultEffect, summary: string): KindSyntax {
  return {
    argument: "",
    summary,
    parse: (argument, complaint) => {
      if (argument !== undefined) {
        throw complaint(`${effect.kind}, without an argument`);
      }
      return effect;
    },
  };
}
