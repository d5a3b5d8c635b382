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
  readonly tags: readonly {
    /** The tag's key. */
    readonly key: string;
    /** The tag's value; `undefined` for any value. */
    readonly value: string | undefined;
  }[];
  /** The ID of the access key that signed the request; absent when the request has no readable signature. */
  readonly accessKeyId?: string;
  /** The HTTP status of the response; absent when no part of a response was sent. */
  readonly status?: number;
  /** The service's code in the response, such as `OK`; absent when the response has none. */
  readonly code?: string;
  /** The kinds of the faults that applied to the call. */
  readonly faults: readonly string[];
  /** The number of the connection, from 1 in the order of opening. */
  readonly connection: number;
  /** The number of open connections when the request arrived. */
  readonly openConnections: number;
}

/** The totals since the start. Unlike the log, they cover all calls. */
export interface CallCounters {
  /** The number of HTTP requests received. */
  readonly calls: number;
  /** The number of connections opened. */
  readonly connections: number;
  /** The maximum number of concurrent calls. */
  readonly maxConcurrent: number;
  /**
   * The number of calls by the service's code in the response (`OK`, `Throttling.User`, …); `""` counts responses without a code.
   */
  readonly byCode: Readonly<Record<string, number>>;
}

/** The number of calls that the log keeps. */
const capacity = 10_000;

export class CallLog {
  #records: CallRecord[] = [];
  #calls = 0;
  #connections = 0;
  #open = 0;
  #underWay = 0;
  #maxConcurrent = 0;
  readonly #byCode = new Map<string, number>();

  constructor(readonly onCall: (call: CallRecord) => void) {}

  /** Records a new connection and returns its number; call `whenClosed` when it closes. */
  connect(): { readonly number: number; readonly whenClosed: () => void } {
    this.#connections++;
    this.#open++;
    return {
      number: this.#connections,
      whenClosed: () => {
        this.#open--;
      },
    };
  }

  begin(): { readonly openConnections: number } {
    this.#calls++;
    this.#underWay++;
    this.#maxConcurrent = Math.max(this.#maxConcurrent, this.#underWay);
    return { openConnections: this.#open };
  }

  record(record: CallRecord): void {
    const code = record.code ?? "";
    this.#byCode.set(code, (this.#byCode.get(code) ?? 0) + 1);
    this.#records.push(record);
    // Dropping half of the log at once keeps the cost of a long run linear.
    if (this.#records.length >= 2 * capacity) {
      this.#records = this.#records.slice(-capacity);
    }
    this.onCall(record);
  }

  /** Ends the call that `begin` started. A call without a response stays open until its connection closes. */
  end(): void {
    this.#underWay--;
  }

  /** The last 10,000 calls, oldest first. */
  get records(): readonly CallRecord[] {
    return this.#records.slice(-capacity);
  }

  get counters(): CallCounters {
    return {
      calls: this.#calls,
      connections: this.#connections,
      maxConcurrent: this.#maxConcurrent,
      byCode: Object.fromEntries(this.#byCode),
    };
  }
}
