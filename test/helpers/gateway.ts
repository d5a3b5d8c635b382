import { once } from "node:events";
import { createServer, request } from "node:http";
import type { Emulator } from "../../src/emulator/index.js";

/** One endpoint for several accounts, like the service's. */
export interface Gateway extends AsyncDisposable {
  readonly endpoint: string;
}

/** Passes each call to the emulator whose access key signed it. A call with another key gets 404. */
export async function startGateway(...accounts: readonly Emulator[]): Promise<Gateway> {
  const server = createServer((incoming, outgoing) => {
    const { authorization = "" } = incoming.headers;
    const account = accounts.find(({ accessKeyId }) => authorization.includes(`Credential=${accessKeyId},`));
    if (account === undefined) {
      outgoing.writeHead(404).end();
      return;
    }
    const { port } = new URL(account.endpoint);
    const { method, url, headers } = incoming;
    const onward = request({ host: "127.0.0.1", port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.once("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("A server on TCP has a port.");
  }
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}
