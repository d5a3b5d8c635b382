import { type handleServerStreamingCall, type ServerWritableStream, status } from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { Cursor } from "../paging/resume.js";
import { containsUnknown } from "../resource/unknown.js";
import { loadInstanceLookup } from "./instanceLookup.js";
import { instanceType } from "./instanceResource.js";
import type { Provider } from "./providers.js";
import { inEngineTrace } from "./tracing.js";
import { StatusError, toStatus } from "./unary.js";
import { decode } from "./values.js";

/**
 * The parts of List's messages that this module uses. SDKs before 3.233 have neither the messages nor their types; the plugin
 * then doesn't serve List.
 */
interface ListRequest {
  getToken(): string;
  getQuery(): Struct | undefined;
  getLimit(): number;
  getPageSize(): number;
  getContinuationToken(): string;
}

interface ListResponse {
  setComputed(computed: object): void;
  setResult(result: object): void;
  setContinuation(continuation: object): void;
}

interface ListResponseClass {
  new (): ListResponse;
  readonly Computed: new () => object;
  readonly Result: new () => { setId(id: string): void; setName(name: string): void };
  readonly Continuation: new () => { setContinuationToken(token: string): void };
}

function responseClass(): ListResponseClass {
  const found: unknown = new Map<string, unknown>(Object.entries(messages)).get("ListResponse");
  if (!isResponseClass(found)) {
    throw new StatusError(
      status.UNIMPLEMENTED,
      "Listing Instance failed: it requires @pulumi/pulumi 3.233 or later. Update @pulumi/pulumi.",
    );
  }
  return found;
}

function isResponseClass(value: unknown): value is ListResponseClass {
  return typeof value === "function";
}

type ListCall = ServerWritableStream<ListRequest, ListResponse>;

/** Lists instances as they are read. A failure ends the stream with an error, even after some instances were sent. */
export function list(
  providerAt: (peer: string) => Provider,
): handleServerStreamingCall<ListRequest, ListResponse> {
  return (call) => {
    inEngineTrace(call.metadata, () => send(call, providerAt(call.getPeer()))).then(
      () => call.end(),
      (error: unknown) => call.emit("error", toStatus(error)),
    );
  };
}

/** The position of a listing that takes several calls. */
interface Position extends Cursor {
  /** The limit of the call that the listing continues, and the number of instances already sent for it. */
  readonly limit: number;
  readonly sent: number;
}

async function send(call: ListCall, provider: Provider): Promise<void> {
  const { request } = call;
  const ListResponse = responseClass();
  if (request.getToken() !== instanceType) {
    throw new StatusError(
      status.INVALID_ARGUMENT,
      `The outboundbot provider can't list ${request.getToken()}; it lists ${instanceType}.`,
    );
  }
  const { values } = decode(request.getQuery());
  if (containsUnknown(values)) {
    const response = new ListResponse();
    response.setComputed(new ListResponse.Computed());
    call.write(response);
    return;
  }
  const position = readToken(request.getContinuationToken());
  const pageSize = request.getPageSize();
  const left = remaining(request.getLimit(), position);
  await provider.run(endOf(call), async (context) => {
    let sent = 0;
    const from = { cursor: position, ...(pageSize > 0 ? { largestPage: pageSize } : {}) };
    for await (const { items, next } of loadInstanceLookup().pages("listInstances", values, context, from)) {
      for (const { id, instanceName } of items.slice(0, left - sent)) {
        const result = new ListResponse.Result();
        result.setId(id);
        result.setName(instanceName);
        const response = new ListResponse();
        response.setResult(result);
        await write(call, response);
      }
      sent += items.length;
      if (sent >= left || next === undefined) {
        return;
      }
      if (pageSize > 0 && sent > 0 && sent + next.pageSize > pageSize) {
        const limit = Math.max(0, request.getLimit());
        await write(call, continuation({ ...next, limit, sent: sentBefore(limit, position) + sent }));
        return;
      }
    }
  });
}

/** Returns the maximum number of instances that this call may still return. On later pages, some clients repeat the limit of the
 * first call; others pass only the number that remains. */
function remaining(limit: number, position: Position | undefined): number {
  return limit < 1 ? Number.POSITIVE_INFINITY : Math.max(0, limit - sentBefore(limit, position));
}

function sentBefore(limit: number, position: Position | undefined): number {
  return position?.limit === limit ? position.sent : 0;
}

/** Waits while the engine reads more slowly than the service sends, so that memory is bounded. */
async function write(call: ListCall, response: ListResponse): Promise<void> {
  if (!call.write(response) && !call.cancelled) {
    await new Promise<void>((resolve) => {
      const proceed = () => {
        call.off("drain", proceed);
        call.off("cancelled", proceed);
        resolve();
      };
      call.on("drain", proceed);
      call.on("cancelled", proceed);
    });
  }
}

function endOf(call: ListCall): AbortSignal {
  const abort = new AbortController();
  call.once("cancelled", () => abort.abort(new StatusError(status.CANCELLED, "The call was cancelled.")));
  return abort.signal;
}

function continuation({ pages, pageSize, totalCount, lastId, limit, sent }: Position): ListResponse {
  const ListResponse = responseClass();
  const token = JSON.stringify([pages, pageSize, totalCount ?? null, lastId, limit, sent]);
  const marker = new ListResponse.Continuation();
  marker.setContinuationToken(Buffer.from(token).toString("base64url"));
  const response = new ListResponse();
  response.setContinuation(marker);
  return response;
}

function readToken(token: string): Position | undefined {
  if (token === "") {
    return undefined;
  }
  const [pages, pageSize, totalCount, lastId, limit, sent] = parseToken(token);
  if (
    isCount(pages, 1) &&
    isCount(pageSize, 1) &&
    (totalCount === null || isCount(totalCount, 0)) &&
    typeof lastId === "string" &&
    isCount(limit, 0) &&
    isCount(sent, 0)
  ) {
    return { pages, pageSize, totalCount: totalCount ?? undefined, lastId, limit, sent };
  }
  throw new StatusError(
    status.INVALID_ARGUMENT,
    "Listing Instance failed: the continuation token did not come from this provider. Restart the listing without a token.",
  );
}

function parseToken(token: string): unknown[] {
  try {
    const fields: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    return Array.isArray(fields) ? fields : [];
  } catch {
    return [];
  }
}

function isCount(value: unknown, least: number): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= least;
}
