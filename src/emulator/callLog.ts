/** One HTTP request that the emulator received, and its outcome. */
export interface CallRecord {
  /** The time of arrival, in milliseconds since the Unix epoch. */
  readonly time: number;
  /** The API action in the request, such as `ListInstances`; absent when the request names none. */
  readonly action?: string;
  /** The request's `PageNumber`; absent when the parameter is missing or invalid. */
  readonly pageNumber?: number;
  /** The request's `PageSize`; absent when the parameter is missing or invalid. */
  readonly pageSize?: number;
  /** The tags in the request; a tag without a value matches any value. */
  readonly tags: readonly RequestedTag[];
  /** The ID of the access key that signed the request; absent when the request has no readable signature. */
  readonly accessKeyId?: string;
  /** The HTTP status of the response; absent when no part of a response was sent. */
  readonly status?: number;
  /** The service's code in the response, such as `OK`; absent when the response has none. */
  readonly code?: string;
  /** The kinds of the faults that applied to the call. */
  readonly faults: readonly string[];
}

/** A tag that a request selects. */
export interface RequestedTag {
  /** The tag's key. */
  readonly key: string;
  /** The tag's value; `undefined` for any value. */
  readonly value: string | undefined;
}

/** The totals since the start. Unlike the log, they cover all calls. */
export interface CallCounters {
  /** The number of HTTP requests received. */
  readonly calls: number;
  /**
   * The number of calls by the service's code in the response (`OK`, `Throttling.User`, …); `""` counts responses without a code.
   */
  readonly byCode: Readonly<Record<string, number>>;
}

export class CallLog {
  /** The number of requests received, with those that have no response yet. */
  calls = 0;
  readonly records: CallRecord[] = [];
  readonly #byCode = new Map<string, number>();

  constructor(readonly onCall: ((call: CallRecord) => void) | undefined) {}

  record(record: CallRecord): void {
    const code = record.code ?? "";
    this.#byCode.set(code, (this.#byCode.get(code) ?? 0) + 1);
    this.records.push(record);
    if (this.records.length > 10_000) {
      this.records.shift();
    }
    this.onCall?.(record);
  }

  get counters(): CallCounters {
    return { calls: this.calls, byCode: Object.fromEntries(this.#byCode) };
  }
}
