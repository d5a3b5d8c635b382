import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb.js";
import { redact } from "../common/redact.js";

/** The maximum length of a message, in characters. */
const longestMessage = 4_000;

/** The client of the engine, which shows messages to the user. */
export class Engine {
  #address: string | undefined;
  #client: EngineClient | undefined;

  constructor(address: string | undefined) {
    this.#address = address;
  }

  /** Sends later messages to this address. */
  moveTo(address: string): void {
    if (address !== "" && address !== this.#address) {
      this.close();
      this.#address = address;
    }
  }

  /** Closes the connection. A later message opens a new one. */
  close(): void {
    this.#client?.close();
    this.#client = undefined;
  }

  warn(message: string): void {
    if (this.#address === undefined) {
      process.stderr.write(`warning: ${redact(message, longestMessage)}\n`);
    } else {
      this.#log(LogSeverity.WARNING, message, false);
    }
  }

  /** Shows a message until the next one. */
  progress(message: string): void {
    if (process.env.PULUMI_CONFIG === undefined) {
      // There is no stack under `pulumi do`, which prints such messages into its JSON output.
      process.stderr.write(`${redact(message, longestMessage)}\n`);
    } else {
      this.#log(LogSeverity.INFO, message, true);
    }
  }

  /** Sends a message that the engine shows when asked for details. */
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
    request.setMessage(redact(message, longestMessage));
    request.setEphemeral(ephemeral);
    // A lost message must not fail the lookup.
    this.#client.log(request, () => {});
  }
}

/**
 * Returns the engine's address, the last argument. The engine puts flags for its log before it. Without an address, the plugin
 * waits for an engine to attach.
 */
export function engineAddress(args: readonly string[]): string | undefined {
  const positional = args.filter((arg, index) => !arg.startsWith("-") && args[index - 1] !== "--tracing");
  return positional.at(-1);
}
