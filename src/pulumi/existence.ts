import { type Client, type ServiceError, status } from "@grpc/grpc-js";
import { BinaryReader, BinaryWriter } from "google-protobuf";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { isError } from "../common/values.js";

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
 * @param monitor the program's connection to the engine.
 * @returns `undefined` when the engine can't tell.
 */
export async function exist(monitor: Client, urns: readonly string[]): Promise<boolean | undefined> {
  try {
    const info = await call(monitor, "GetDeploymentInfo", new Uint8Array());
    const gatesCalls = someField(info, feature.field, (reader) =>
      (reader.isDelimited() ? reader.readPackedEnum() : [reader.readEnum()]).includes(feature.number),
    );
    if (!gatesCalls) {
      return undefined;
    }
    const result = await call(monitor, "Invoke", invocation(urns));
    return !someField(result, response.unknown, (reader) => reader.readBool());
  } catch (error) {
    switch (isError(error) && "code" in error ? error.code : undefined) {
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

/** Encodes an invoke of the engine itself, which changes nothing. Only whether the engine holds it back matters, not its result. */
function invocation(urns: readonly string[]): Uint8Array {
  const writer = new BinaryWriter();
  writer.writeString(request.token, "pulumi:pulumi:getResource");
  writer.writeBytes(request.args, Struct.fromJavaScript({ urn: urns[0] ?? "" }).serializeBinary());
  writer.writeRepeatedString(request.dependsOn, [...urns]);
  return writer.getResultBuffer();
}

/** Returns whether a message has a field with this number whose value matches. */
function someField(message: Uint8Array, number: number, matches: (reader: BinaryReader) => boolean): boolean {
  const reader = new BinaryReader(message);
  while (reader.nextField()) {
    if (reader.getFieldNumber() !== number) {
      reader.skipField();
    } else if (matches(reader)) {
      return true;
    }
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
      (error: ServiceError | null, answer) =>
        error === null && answer !== undefined ? resolve(answer) : reject(error),
    );
  });
}
