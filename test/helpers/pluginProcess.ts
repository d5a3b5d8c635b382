import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { type ClientUnaryCall, credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { ConfigureRequest, InvokeRequest, type InvokeResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb.js";

export type Properties = Record<string, JavaScriptValue>;

const executable = resolve(__dirname, "../../dist/plugin/cli.js");

type Done<Response> = (error: ServiceError | null, response: Response) => void;

/** The plugin process as an engine starts it, and the engine's end of the connection. */
export class PluginProcess implements AsyncDisposable {
  readonly port: number;
  readonly child: ChildProcess;
  readonly client: ResourceProviderClient;
  readonly #printed: string[];

  private constructor(port: number, child: ChildProcess, printed: string[]) {
    this.port = port;
    this.child = child;
    this.#printed = printed;
    this.client = this.connect();
  }

  static async start({
    environment = {},
    args = ["127.0.0.1:0"],
    stdin = "pipe",
    command = [process.execPath, executable],
    cwd,
  }: {
    environment?: NodeJS.ProcessEnv;
    args?: readonly string[];
    stdin?: "pipe" | "ignore";
    command?: readonly [string, ...string[]];
    cwd?: string;
  } = {}): Promise<PluginProcess> {
    const [file, ...before] = command;
    const child = spawn(file, [...before, ...args], {
      cwd,
      env: { PATH: process.env.PATH, ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true", ...environment },
      stdio: [stdin, "pipe", "pipe"],
    });
    const printed: string[] = [];
    const onText = (text: Buffer) => void printed.push(text.toString("utf8"));
    child.stderr?.on("data", onText);
    const [line]: Buffer[] = await once(child.stdout ?? child, "data");
    child.stdout?.on("data", onText);
    return new PluginProcess(Number(line), child, printed);
  }

  /** The output, without the port. */
  get printed(): string {
    return this.#printed.join("");
  }

  /** Opens another connection, as an attached engine does for a second provider. */
  connect(): ResourceProviderClient {
    // Clients of one address share a connection unless an option differs.
    const own = { "grpc.use_local_subchannel_pool": 1 };
    return new ResourceProviderClient(`127.0.0.1:${this.port}`, credentials.createInsecure(), own);
  }

  async configure(settings: Properties, client = this.client): Promise<void> {
    const request = new ConfigureRequest();
    request.setArgs(Struct.fromJavaScript(settings));
    await call((done) => client.configure(request, done));
  }

  async invoke(name: string, args: Properties, client = this.client): Promise<InvokeResponse> {
    return call((done) => client.invoke(invokeRequest(name, args), done));
  }

  /** Returns the result of a function that must succeed. */
  async result(name: string, args: Properties, client = this.client): Promise<unknown> {
    const response = await this.invoke(name, args, client);
    return response.getReturn()?.toJavaScript();
  }

  /** Returns the exit code, or the signal that killed the process. */
  async ended(): Promise<unknown> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await once(this.child, "exit");
    }
    return this.child.exitCode ?? this.child.signalCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    this.child.kill("SIGKILL");
    await this.ended();
  }
}

export function invokeRequest(name: string, args?: Properties): InvokeRequest {
  const request = new InvokeRequest();
  request.setTok(`outboundbot:index:${name}`);
  if (args !== undefined) {
    request.setArgs(Struct.fromJavaScript(args));
  }
  return request;
}

/** Makes one call of a method. */
export function call<Response>(make: (done: Done<Response>) => ClientUnaryCall): Promise<Response> {
  return new Promise((fulfil, reject) => {
    make((error, response) => (error === null ? fulfil(response) : reject(error)));
  });
}

/** Returns the settings of an emulator, as the properties of a provider. */
export function settingsOf({ ALIBABA_CLOUD_ENDPOINT_OUTBOUNDBOT, ...keys }: NodeJS.ProcessEnv): Properties {
  return {
    endpoint: ALIBABA_CLOUD_ENDPOINT_OUTBOUNDBOT ?? "",
    accessKey: keys.ALIBABA_CLOUD_ACCESS_KEY_ID ?? "",
    secretKey: keys.ALIBABA_CLOUD_ACCESS_KEY_SECRET ?? "",
  };
}

/** Returns a value in the encoding of a secret. */
export function secret(value: JavaScriptValue): Properties {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

/** The encoding of an unknown value. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
