import { status } from "@grpc/grpc-js";
import type { LookupContext } from "../lookup/lookup.js";
import type { SettingsSources } from "../settings/reading.js";

import { Engine } from "./engine.js";
import { StatusError } from "./unary.js";

/** One provider of a program: what it was configured with, and what it has under way. */
export class Provider {
  readonly engine: Engine;
  #sources: SettingsSources | undefined;
  readonly #underWay = new Set<AbortController>();

  constructor(engineAddress: string | undefined) {
    this.engine = new Engine(engineAddress);
  }

  get isConfigured(): boolean {
    return this.#sources !== undefined;
  }

  configure(sources: SettingsSources): void {
    this.#sources = sources;
  }

  /** Ends what is under way. A later request is served: an engine that attached may cancel and go on. */
  cancel(): void {
    for (const abort of this.#underWay) {
      abort.abort(new StatusError(status.CANCELLED, "The lookup was cancelled."));
    }
  }

  /**
   * Runs a lookup, and ends it when `signal` is aborted or the provider is cancelled.
   *
   * @param work gets what a lookup needs to know.
   */
  async run<Result>(signal: AbortSignal, work: (context: LookupContext) => Promise<Result>): Promise<Result> {
    if (this.#sources === undefined) {
      throw new StatusError(
        status.FAILED_PRECONDITION,
        "The outboundbot provider has not been configured yet.",
      );
    }
    // Not AbortSignal.any: what it keeps with a signal that lives on grows with each request.
    const abort = new AbortController();
    const onAbort = () => abort.abort(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    this.#underWay.add(abort);
    try {
      return await work({
        sources: this.#sources,
        warn: (message) => this.engine.warn(message),
        progress: (message) => this.engine.progress(message),
        debug: (message) => this.engine.debug(message),
        signal: abort.signal,
      });
    } finally {
      this.#underWay.delete(abort);
      signal.removeEventListener("abort", onAbort);
    }
  }
}

/** More than any program has. What attached before, and went, leaves its provider behind. */
const mostProviders = 1_000;

/**
 * The providers that this process serves, each with a connection of its own. An engine starts one process for each; only
 * where it attaches to a process that runs already, one serves several, which must not see each other's settings.
 */
export class Providers {
  readonly #engineAddress: string | undefined;
  readonly #byPeer = new Map<string, Provider>();

  constructor(engineAddress: string | undefined) {
    this.#engineAddress = engineAddress;
  }

  /** The provider at the other end of a connection. */
  at(peer: string): Provider {
    const provider = this.#byPeer.get(peer) ?? new Provider(this.#engineAddress);
    // A map keeps the order in which its keys came, so that the first one is the one not used for longest.
    this.#byPeer.delete(peer);
    this.#byPeer.set(peer, provider);
    const [oldest] = this.#byPeer;
    if (oldest !== undefined && this.#byPeer.size > mostProviders) {
      this.#byPeer.delete(oldest[0]);
      oldest[1].engine.close();
    }
    return provider;
  }

  /** As `at`, for a request that needs settings. A connection that broke comes back from another port. */
  configuredAt(peer: string): Provider {
    const known = this.#byPeer.get(peer);
    if (known?.isConfigured) {
      return this.at(peer);
    }
    const [only, ...others] = [...this.#byPeer.values()].filter((candidate) => candidate.isConfigured);
    return only === undefined || others.length > 0 ? (known ?? new Provider(this.#engineAddress)) : only;
  }
}
