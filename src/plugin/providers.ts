import { status } from "@grpc/grpc-js";
import { onAbort } from "../common/abort.js";
import type { LookupContext } from "../lookup/lookup.js";
import type { SettingsSources } from "../settings/reading.js";
import { EngineLog } from "./engineLog.js";
import { StatusError } from "./statusError.js";

/** One provider of a program, with its settings and its requests in flight. */
export class Provider {
  readonly engine: EngineLog;
  #sources: SettingsSources | undefined;
  readonly #underWay = new Set<AbortController>();

  constructor(engineAddress: string | undefined) {
    this.engine = new EngineLog(engineAddress);
  }

  configure(sources: SettingsSources): void {
    this.#sources = sources;
  }

  /** Cancels the requests in flight. Later requests are served, because an attached engine may cancel and continue. */
  cancel(): void {
    for (const abort of this.#underWay) {
      abort.abort(new StatusError(status.CANCELLED, "The lookup was cancelled."));
    }
  }

  /**
   * Runs a lookup, and cancels it when `signal` is aborted or the provider is cancelled.
   *
   * @param work receives the context of the lookup.
   */
  async run<Result>(signal: AbortSignal, work: (context: LookupContext) => Promise<Result>): Promise<Result> {
    if (this.#sources === undefined) {
      throw new StatusError(status.FAILED_PRECONDITION, "The outboundbot provider is not configured yet.");
    }
    // AbortSignal.any isn't used, because a long-lived signal keeps more memory with each request.
    const abort = new AbortController();
    const removeCallback = onAbort(signal, () => abort.abort(signal.reason));
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
      removeCallback();
    }
  }
}

/**
 * The providers that this process serves, one for each connection. An engine starts one process for each provider. A process that
 * engines attach to serves several, which must not see each other's settings.
 */
export class Providers {
  readonly #engineAddress: string | undefined;
  readonly #byPeer = new Map<string, Provider>();

  constructor(engineAddress: string | undefined) {
    this.#engineAddress = engineAddress;
  }

  /** Returns the provider of a connection. */
  at(peer: string): Provider {
    const provider = this.#byPeer.get(peer) ?? new Provider(this.#engineAddress);
    this.#byPeer.set(peer, provider);
    return provider;
  }

  /** Removes the provider of a connection that has ended. */
  remove(peer: string): void {
    this.#byPeer.get(peer)?.engine.close();
    this.#byPeer.delete(peer);
  }
}
