/** One HTTP request that the emulator took, and what became of it. */
export interface CallRecord {
  /** When it arrived, in ms since the epoch. */
  readonly time: number;
  /** The API action that it named, such as `ListInstances`; absent where it named none. */
  readonly action?: string;
  /** The PageNumber that it asked for; absent where it asked for nothing readable. */
  readonly pageNumber?: number;
  /** The PageSize that it asked for; absent where it asked for nothing readable. */
  readonly pageSize?: number;
  /** The tags that it asked for; a tag without a value is one that may have any. */
  readonly tags: readonly {
    /** The tag's key. */
    readonly key: string;
    /** The tag's value; `undefined` for any. */
    readonly value: string | undefined;
  }[];
  /** The id of the access key that signed it; absent on a call without a readable signature. */
  readonly accessKeyId?: string;
  /** The HTTP status of the answer; absent where no answer went out whole or in part. */
  readonly status?: number;
  /** The service's code in the answer, such as `OK`; absent where the answer carries none. */
  readonly code?: string;
  /** The kinds of the faults that struck it. */
  readonly faults: readonly string[];
  /** The number of the connection that it came on: 1 for the first one that was opened. */
  readonly connection: number;
  /** How many connections were open when it arrived. */
  readonly openConnections: number;
}

/** Totals since the start. Unlike the log they forget nothing. */
export interface CallCounters {
  /** HTTP requests taken. */
  readonly calls: number;
  /** Connections opened. */
  readonly connections: number;
  /** The most calls that were under way at once. */
  readonly mostAtOnce: number;
  /** Calls by the service's code in their answer (`OK`, `Throttling.User`, …); `""` for answers without one. */
  readonly byCode: Readonly<Record<string, number>>;
}

/** How many calls the log keeps. */
const capacity = 10_000;

export class CallLog {
  #records: CallRecord[] = [];
  #calls = 0;
  #connections = 0;
  #open = 0;
  #underWay = 0;
  #mostAtOnce = 0;
  readonly #byCode = new Map<string, number>();

  constructor(readonly onCall: (call: CallRecord) => void) {}

  /** Notes a new connection and returns its number; `whenClosed` must be called once it is gone. */
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
    this.#mostAtOnce = Math.max(this.#mostAtOnce, this.#underWay);
    return { openConnections: this.#open };
  }

  record(record: CallRecord): void {
    const code = record.code ?? "";
    this.#byCode.set(code, (this.#byCode.get(code) ?? 0) + 1);
    this.#records.push(record);
    // Dropping a whole half at a time keeps a long run linear.
    if (this.#records.length >= 2 * capacity) {
      this.#records = this.#records.slice(-capacity);
    }
    this.onCall(record);
  }

  /** Ends what begin began; a call that is never answered is under way until its connection closes. */
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
      mostAtOnce: this.#mostAtOnce,
      byCode: Object.fromEntries(this.#byCode),
    };
  }
}
