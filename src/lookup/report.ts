import { channel } from "node:diagnostics_channel";
import { counted } from "../common/counted.js";
import type { Noun } from "../lists/listApi.js";

/**
 * A summary of one lookup. Each lookup publishes one when it ends, on the channel `pulumi-outboundbot:lookup` of
 * `node:diagnostics_channel`, while the channel has a subscriber. It holds no secrets and no arguments.
 */
export interface LookupReport {
  /** The function or resource, such as `getInstances`, `listScripts` or `InstanceLookup`. */
  readonly function: string;
  /** The API action, such as `ListInstances`. */
  readonly action: string;
  /** The endpoint, as a URL without a path; absent when the lookup failed before the endpoint was known. */
  readonly endpoint?: string | undefined;
  /**
   * The code of the error that the lookup failed with, or the name of an error of another kind; absent when the lookup succeeded.
   */
  readonly errorCode?: string | undefined;
  /**
   * The number of matching items. For a stream that its reader left early: the matching items on the pages that the reader
   * started.
   */
  readonly found: number;
  /** The number of calls sent, including retries. */
  readonly calls: number;
  /** The number of calls retried after a transient failure. */
  readonly retried: number;
  /** The number of calls retried because they were throttled. */
  readonly throttled: number;
  /** The number of times the list was read again: because it had changed, or to verify it. */
  readonly restarted: number;
  /** The time in which at least one call of this lookup waited for the rate limiter, in milliseconds. */
  readonly waited: number;
  /** The duration of the lookup, in milliseconds. */
  readonly elapsed: number;
  /** Whether the lookup shared the listing of an identical lookup in flight, and sent no calls itself. */
  readonly shared: boolean;
}

/** The channel on which reports are published. */
export const lookupChannel = channel("pulumi-outboundbot:lookup");

/** Formats a report as one line. */
export function describeReport(report: LookupReport, { one, many }: Noun): string {
  const outcome =
    report.errorCode === undefined
      ? `found ${counted(report.found, one, many)} in ${report.elapsed / 1000} s`
      : `failed (${report.errorCode}) after ${report.elapsed / 1000} s`;
  const work = report.shared
    ? "shared the calls of an identical lookup"
    : `${counted(report.calls, "call")}, ${report.throttled} throttled, ${report.retried} retried, ${counted(report.restarted, "restart")}, ${report.waited / 1000} s waiting for the rate limiter`;
  return `OutboundBot: ${report.function} ${outcome}: ${work}.`;
}
