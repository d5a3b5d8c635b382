import { Client, credentials } from "@grpc/grpc-js";
import { redact } from "../common/redact.js";
import { longestMessage } from "./statusError.js";
import { message as encodeMessage, integer, text } from "./wireWriter.js";

/** The severities of the engine's LogRequest. */
const severities = { debug: 0, info: 1, warning: 2 } as const;

/** Sends messages to the engine, which shows them to the user. */
export class EngineLog {
  #address: string | undefined;
  #client: Client | undefined;

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
      this.#log(severities.warning, message, false);
    }
  }

  /** Shows a message until the next one. */
  progress(message: string): void {
    if (process.env.PULUMI_CONFIG === undefined) {
      // There is no stack under `pulumi do`, which prints such messages into its JSON output.
      process.stderr.write(`${redact(message, longestMessage)}\n`);
    } else {
      this.#log(severities.info, message, true);
    }
  }

  /** Sends a message that the engine shows when asked for details. */
  debug(message: string): void {
    this.#log(severities.debug, message, false);
  }

  #log(severity: number, message: string, ephemeral: boolean): void {
    if (this.#address === undefined) {
      return;
    }
    this.#client ??= new Client(this.#address, credentials.createInsecure());
    const request = encodeMessage(
      integer(1, severity),
      text(2, redact(message, longestMessage)),
      integer(5, ephemeral),
    );
    const asIs = (bytes: Buffer) => bytes;
    // A lost message must not fail the lookup.
    this.#client.makeUnaryRequest("/pulumirpc.Engine/Log", asIs, asIs, request, () => {});
  }
}
