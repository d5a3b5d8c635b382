import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb.js";
import { shown } from "../common/shown.js";

/** In characters. */
const longestMessage = 4_000;

/** The engine's end of the conversation, where messages to the user go. */
export class Engine {
  #address: string | undefined;
  #client: EngineClient | undefined;

  constructor(address: string | undefined) {
    this.#address = address;
  }

  /** From now on messages go there. */
  moveTo(address: string): void {
    if (address !== "" && address !== this.#address) {
      this.close();
      this.#address = address;
    }
  }

  /** Ends the connection. A later message opens one again. */
  close(): void {
    this.#client?.close();
    this.#client = undefined;
  }

  warn(message: string): void {
    if (this.#address === undefined) {
      process.stderr.write(`warning: ${shown(message, longestMessage)}\n`);
    } else {
      this.#log(LogSeverity.WARNING, message, false);
    }
  }

  /** Shows a message until the next one. */
  progress(message: string): void {
    if (process.env.PULUMI_CONFIG === undefined) {
      // No stack: `pulumi do`, which prints such messages among the result that it prints as JSON.
      process.stderr.write(`${message}\n`);
    } else {
      this.#log(LogSeverity.INFO, message, true);
    }
  }

  /** Tells those who ask the engine for details. */
  debug(message: string): void {
    this.#log(LogSeverity.DEBUG, message, false);
  }

  #log(severity: LogSeverity, message: string, ephemeral: boolean): void {
    if (this.#address === undefined) {
      return;
    }
    this.#client ??= new EngineClient(this.#address, credentials.createInsecure());
    const request = new LogRequest();
    request.setSeverity(severity);
    request.setMessage(shown(message, longestMessage));
    request.setEphemeral(ephemeral);
    // A message that does not arrive must not spoil the lookup.
    this.#client.log(request, () => {});
  }
}

/**
 * The engine's address among the arguments: the last one. The engine puts flags for its log before it; whoever starts the
 * plugin to have an engine attach gives none.
 */
export function engineAddress(args: readonly string[]): string | undefined {
  const positional = args.filter((arg, index) => !arg.startsWith("-") && args[index - 1] !== "--tracing");
  return positional.at(-1);
}
