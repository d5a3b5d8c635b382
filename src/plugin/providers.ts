import type { Socket } from "node:net";
import { status } from "@grpc/grpc-js";
import { onAbort } from "../common/abort.js";
import type { LookupContext } from "../lookup/lookup.js";
import type { SettingsSources } from "../settings/reading.js";
import { EngineLog } from "./engineLog.js";
import { isOtherUser } from "./peerUser.js";
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
 * The providers that this process serves. An engine that starts the plugin uses it for one provider, over one connection at a
 * time. Engines that attach use one connection for each provider, which must not see each other's settings.
 */
export class Providers {
  /** The provider of the engine that started the plugin. It survives the connection, because an idle engine reconnects. */
  readonly #started: Provider | undefined;
  readonly #byConnection = new Map<Socket, Provider>();

  constructor(engineAddress: string | undefined) {
    this.#started = engineAddress === undefined ? undefined : new Provider(engineAddress);
  }

  /**
   * Returns the provider of a connection.
   *
   * @throws StatusError when the connection isn't the engine's.
   */
  at(connection: Socket | undefined): Provider {
    if (connection === undefined || connection.destroyed) {
      throw new StatusError(status.CANCELLED, "The connection ended.");
    }
    const known = this.#byConnection.get(connection);
    if (known !== undefined) {
      return known;
    }
    const isTaken = this.#started !== undefined && this.#byConnection.size > 0;
    if (isTaken || isOtherUser(connection.remotePort, connection.localPort)) {
      throw new StatusError(
        status.PERMISSION_DENIED,
        "The outboundbot provider serves only the engine that started it. Start another provider process.",
      );
    }
    const provider = this.#started ?? new Provider(undefined);
    this.#byConnection.set(connection, provider);
    connection.once("close", () => {
      this.#byConnection.delete(connection);
      provider.engine.close();
    });
    return provider;
  }
}
