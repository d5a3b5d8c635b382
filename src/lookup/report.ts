import { channel } from "node:diagnostics_channel";

/**
 * What a lookup did. Each lookup publishes one at its end on the channel `pulumi-outboundbot:lookup` of `node:diagnostics_channel`, as long as
 * somebody subscribes to it. It holds no secret and none of the arguments.
 */
export interface LookupReport {
  /** What looked up, such as `getInstances`, `listScripts` or `InstanceLookup`. */
  readonly function: string;
  /** The API's name of the list, such as `ListInstances`. */
  readonly action: string;
  /** Where the lookup went, as a URL without a path; absent when it failed before that was known. */
  readonly endpoint?: string | undefined;
  /** The code of the error that the lookup failed with, or the name of an error of another kind; absent when it succeeded. */
  readonly errorCode?: string | undefined;
  /** How many items matched; of a stream that its reader left, those of the pages that it began. */
  readonly found: number;
  /** How many calls were sent, retries included. */
  readonly calls: number;
  /** How many calls were retried after a failure that may pass. */
  readonly retried: number;
  /** How many calls were retried because the service throttled them. */
  readonly throttled: number;
  /** How often the listing started again because the list changed meanwhile. */
  readonly restarted: number;
  /** How long a call of this lookup waited for its turn, in milliseconds; a moment at which several did counts once. */
  readonly waited: number;
  /** How long the lookup took, in milliseconds. */
  readonly elapsed: number;
  /** Whether it took over the list of an identical lookup that was under way, and so made no calls of its own. */
  readonly shared: boolean;
}

/** Where reports are published. */
export const lookupChannel = channel("pulumi-outboundbot:lookup");

/** A report as one line. */
export function describeReport(report: LookupReport, { many }: { readonly many: string }): string {
  const outcome =
    report.errorCode === undefined
      ? `found ${report.found} ${many} in ${report.elapsed / 1000} s`
      : `failed (${report.errorCode}) after ${report.elapsed / 1000} s`;
  const work = report.shared
    ? "shared the calls of an identical lookup"
    : `${report.calls} calls, ${report.throttled} throttled, ${report.retried} retried, ${report.restarted} restarts, ${report.waited / 1000} s waiting for the rate limiter`;
  return `OutboundBot: ${report.function} ${outcome}: ${work}.`;
}
