import { status } from "@grpc/grpc-js";
import type { LookupContext } from "../lookup/lookup.js";
import type { SettingsSources } from "../settings/reading.js";

import { Engine } from "./engine.js";
import { StatusError } from "./unary.js";

/** One provider of a program: what it was configured with, and what it has under way. */
export class Provider {
  readonly engine: Engine;
  #sources: SettingsSources | undefined;
  #abort = new AbortController();

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
    this.#abort.abort(new StatusError(status.CANCELLED, "The lookup was cancelled."));
    this.#abort = new AbortController();
  }

  /** What a lookup needs to know. */
  context(signal: AbortSignal): LookupContext {
    if (this.#sources === undefined) {
      throw new StatusError(
        status.FAILED_PRECONDITION,
        "The outboundbot provider has not been configured yet.",
      );
    }
    return {
      sources: this.#sources,
      warn: (message) => this.engine.warn(message),
      progress: (message) => this.engine.progress(message),
      debug: (message) => this.engine.debug(message),
      signal: AbortSignal.any([signal, this.#abort.signal]),
    };
  }
}

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
    const known = this.#byPeer.get(peer);
    if (known !== undefined) {
      return known;
    }
    const provider = new Provider(this.#engineAddress);
    this.#byPeer.set(peer, provider);
    return provider;
  }

  /** As `at`, for a request that needs settings. A connection that broke comes back from another port. */
  configuredAt(peer: string): Provider {
    const provider = this.at(peer);
    if (provider.isConfigured) {
      return provider;
    }
    const [only, ...others] = [...this.#byPeer.values()].filter((candidate) => candidate.isConfigured);
    return only === undefined || others.length > 0 ? provider : only;
  }
}
