import { type Client, type ServiceError, status } from "@grpc/grpc-js";
import { BinaryReader, BinaryWriter } from "google-protobuf";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";

/*
 * Asks the engine about resources, because it knows which children a remote component has. Since 3.256 the engine holds back a call while
 * a resource that the call depends on doesn't exist. SDKs since then send dependencies too, but Node 20 has an older one, so this module
 * uses the protocol itself. The numbers are field numbers of the protocol's resource.proto.
 */

/** The feature INVOKE_DEPENDS_ON in the features of a DeploymentInfo. */
const feature = { field: 8, number: 14 };
const request = { token: 1, args: 2, dependsOn: 13 };
const response = { unknown: 3 };

/**
 * Returns whether the resources exist, including every child of those that are components. Waits for children that are being
 * created.
 *
 * @returns `undefined` when the engine can't tell, or there is none.
 */
export async function exist(
  monitor: Client | undefined,
  urns: readonly string[],
): Promise<boolean | undefined> {
  if (monitor === undefined) {
    return undefined;
  }
  try {
    return (await gatesCalls(monitor))
      ? !isUnknown(await call(monitor, "Invoke", invocation(urns)))
      : undefined;
  } catch (error) {
    switch (isServiceError(error) ? error.code : undefined) {
      case status.UNIMPLEMENTED:
        return undefined;
      case status.UNAVAILABLE:
      case status.CANCELLED:
        // The deployment ended because something else failed, and that failure is the message to print.
        return false;
      default:
        throw error;
    }
  }
}

async function gatesCalls(monitor: Client): Promise<boolean> {
  const reader = new BinaryReader(await call(monitor, "GetDeploymentInfo", new Uint8Array()));
  while (reader.nextField()) {
    if (reader.getFieldNumber() !== feature.field) {
      reader.skipField();
    } else if (
      (reader.isDelimited() ? reader.readPackedEnum() : [reader.readEnum()]).includes(feature.number)
    ) {
      return true;
    }
  }
  return false;
}

/**
 * Encodes an invoke of the engine itself, which changes nothing. Only whether the engine holds it back matters, not its result.
 */
function invocation(urns: readonly string[]): Uint8Array {
  const writer = new BinaryWriter();
  writer.writeString(request.token, "pulumi:pulumi:getResource");
  writer.writeBytes(request.args, Struct.fromJavaScript({ urn: urns[0] ?? "" }).serializeBinary());
  writer.writeRepeatedString(request.dependsOn, [...urns]);
  return writer.getResultBuffer();
}

function isUnknown(message: Uint8Array): boolean {
  const reader = new BinaryReader(message);
  while (reader.nextField()) {
    if (reader.getFieldNumber() === response.unknown) {
      return reader.readBool();
    }
    reader.skipField();
  }
  return false;
}

function call(monitor: Client, method: string, message: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    monitor.makeUnaryRequest<Uint8Array, Uint8Array>(
      `/pulumirpc.ResourceMonitor/${method}`,
      (bytes) => Buffer.from(bytes),
      (bytes) => bytes,
      message,
      (error, answer) => (error === null && answer !== undefined ? resolve(answer) : reject(error)),
    );
  });
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error;
}
