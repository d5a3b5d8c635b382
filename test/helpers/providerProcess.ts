import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb.js";

type Properties = Record<string, JavaScriptValue>;

/** The module of the SDK that an engine runs for dynamic providers. */
const providerMain = resolve(__dirname, "../../node_modules/@pulumi/pulumi/cmd/dynamic-provider/index.js");

/** The program, which prints what the SDK would send to the engine for one InstanceLookup. */
const program = `
  const pulumi = require("@pulumi/pulumi");
  pulumi.runtime.setMocks({
    newResource({ inputs }) {
      process.stdout.write(JSON.stringify(inputs));
      return { id: "id", state: inputs };
    },
    call: ({ inputs }) => inputs,
  });
  const { InstanceLookup } = require("pulumi-outboundbot");
  new InstanceLookup("bots", JSON.parse(process.argv[1]));
`;

/** Returns the inputs that a program in `folder` sends, including the provider as serialized by the SDK. */
export async function sentInputs(
  folder: string,
  args: object,
  environment: NodeJS.ProcessEnv = {},
): Promise<Properties> {
  const options = { cwd: folder, env: { ...process.env, ...environment } };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["-e", program, JSON.stringify(args)],
    options,
  );
  return JSON.parse(stdout);
}

/** The process that an engine starts for the dynamic providers of a project, called over gRPC as the engine does. */
export class ProviderProcess implements AsyncDisposable {
  readonly #child;
  readonly #client;
  #printed = "";

  private constructor(child: ReturnType<typeof ProviderProcess.spawn>, client: ResourceProviderClient) {
    this.#child = child;
    this.#client = client;
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#printed += text;
    });
  }

  private static spawn(folder: string, environment: NodeJS.ProcessEnv, main: string) {
    return spawn(process.execPath, [main, "127.0.0.1:0"], {
      cwd: folder,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  static async start(
    folder: string,
    {
      environment = {},
      config = {},
      main = providerMain,
    }: { environment?: NodeJS.ProcessEnv; config?: Properties; main?: string } = {},
  ): Promise<ProviderProcess> {
    const own = { PATH: process.env.PATH, HOME: folder, ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true" };
    const child = ProviderProcess.spawn(folder, { ...own, ...environment }, main);
    const lines = createInterface(child.stdout);
    const [port]: unknown[] = await once(lines, "line");
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
      "grpc.max_receive_message_length": -1,
    });
    const running = new ProviderProcess(child, client);
    lines.on("line", (line) => {
      running.#printed += `${line}\n`;
    });
    const request = new messages.ConfigureRequest();
    request.setArgs(Struct.fromJavaScript(config));
    await call((done) => client.configure(request, done));
    return running;
  }

  /** The output of the process without its port, which an engine shows to the user. */
  get printed(): string {
    return this.#printed;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  async check(olds: Properties, news: Properties) {
    const request = new messages.CheckRequest();
    request.setOlds(Struct.fromJavaScript(olds));
    request.setNews(Struct.fromJavaScript(news));
    const response = await call<messages.CheckResponse>((done) => this.#client.check(request, done));
    return {
      inputs: response.getInputs()?.toJavaScript() ?? {},
      failures: response.getFailuresList().map((failure) => failure.toObject()),
    };
  }

  async diff(olds: Properties, news: Properties) {
    const request = new messages.DiffRequest();
    request.setOlds(Struct.fromJavaScript(olds));
    request.setNews(Struct.fromJavaScript(news));
    const response = await call<messages.DiffResponse>((done) => this.#client.diff(request, done));
    return { changes: response.getChanges(), replaces: response.getReplacesList() };
  }

  async create(inputs: Properties) {
    const request = new messages.CreateRequest();
    request.setProperties(Struct.fromJavaScript(inputs));
    const response = await call<messages.CreateResponse>((done) => this.#client.create(request, done));
    return { id: response.getId(), outs: response.getProperties()?.toJavaScript() ?? {} };
  }

  async update(id: string, olds: Properties, news: Properties): Promise<Properties> {
    const request = new messages.UpdateRequest();
    request.setId(id);
    request.setOlds(Struct.fromJavaScript(olds));
    request.setNews(Struct.fromJavaScript(news));
    const response = await call<messages.UpdateResponse>((done) => this.#client.update(request, done));
    return response.getProperties()?.toJavaScript() ?? {};
  }

  async read(id: string, properties: Properties) {
    const request = new messages.ReadRequest();
    request.setId(id);
    request.setProperties(Struct.fromJavaScript(properties));
    const response = await call<messages.ReadResponse>((done) => this.#client.read(request, done));
    return {
      id: response.getId(),
      props: response.getProperties()?.toJavaScript() ?? {},
      inputs: response.getInputs()?.toJavaScript() ?? {},
    };
  }

  async delete(id: string, properties: Properties): Promise<void> {
    const request = new messages.DeleteRequest();
    request.setId(id);
    request.setProperties(Struct.fromJavaScript(properties));
    await call((done) => this.#client.delete(request, done));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.close();
    const ended = once(this.#child, "close");
    this.#child.kill("SIGKILL");
    await ended;
  }
}

function call<Response>(start: (done: (error: Error | null, response: Response) => void) => void) {
  return new Promise<Response>((resolve, reject) => {
    start((error, response) => (error === null ? resolve(response) : reject(error)));
  });
}
