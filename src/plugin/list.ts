import { status } from "@grpc/grpc-js";
import { containsUnknown } from "../common/reserved.js";
import type { Cursor } from "../paging/pages.js";
import { instanceType } from "./instanceResource.js";
import type { RunLookup } from "./pluginResource.js";
import { StatusError } from "./statusError.js";
import type { Fields } from "./wireReader.js";
import { bytes, message, text } from "./wireWriter.js";

/** The position of a listing that takes several calls. */
interface Position extends Cursor {
  /** The limit of the call that the listing continues, and the number of instances already sent for it. */
  readonly limit: number;
  readonly sent: number;
}

/**
 * Lists instances as they are read.
 *
 * @param send sends one response of the stream.
 */
export async function list(
  request: Fields,
  run: RunLookup,
  send: (response: Buffer) => Promise<void>,
): Promise<void> {
  const token = request.text(1);
  if (token !== instanceType) {
    throw new StatusError(
      status.INVALID_ARGUMENT,
      `The outboundbot provider can't list ${token}; it lists ${instanceType}.`,
    );
  }
  const { values } = request.properties(2);
  if (containsUnknown(values)) {
    return send(bytes(1, message()));
  }
  const limit = request.count(3);
  const pageSize = request.count(4);
  const position = readToken(request.text(5));
  // On later pages, some clients repeat the limit of the first call; others pass only the number that remains.
  const sentBefore = position?.limit === limit ? position.sent : 0;
  const left = limit < 1 ? Number.POSITIVE_INFINITY : Math.max(0, limit - sentBefore);
  // Loaded on first use, because the lookups load slowly.
  const { instanceLookup }: typeof import("../lookup/functions.js") = require("../lookup/functions.js");
  await run(async (context) => {
    let sent = 0;
    const from = { cursor: position, ...(pageSize > 0 ? { largestPage: pageSize } : {}) };
    for await (const { items, next } of instanceLookup.pages("listInstances", values, context, from)) {
      for (const { id, instanceName } of items.slice(0, left - sent)) {
        await send(bytes(2, message(text(1, id), text(2, instanceName))));
      }
      sent += items.length;
      if (sent >= left || next === undefined) {
        return;
      }
      if (pageSize > 0 && sent > 0 && sent + next.pageSize > pageSize) {
        const marker = writeToken({ ...next, limit, sent: sentBefore + sent });
        return send(bytes(3, message(text(1, marker))));
      }
    }
  });
}

/** A position as text: the fields of `writeToken`, of which the total may be empty. */
const tokenForm = /^([1-9]\d{0,14}),([1-9]\d{0,14}),(\d{0,15}),(\d{1,15}),(\d{1,15}),(.*)$/s;

function writeToken({ pages, pageSize, totalCount, limit, sent, lastId }: Position): string {
  return Buffer.from([pages, pageSize, totalCount, limit, sent, lastId].join()).toString("base64url");
}

function readToken(token: string): Position | undefined {
  if (token === "") {
    return undefined;
  }
  const fields = tokenForm.exec(Buffer.from(token, "base64url").toString());
  if (fields === null) {
    throw new StatusError(
      status.INVALID_ARGUMENT,
      "Listing Instance failed: the continuation token did not come from this provider. Restart the listing without a token.",
    );
  }
  const [, pages, pageSize, total, limit, sent, lastId = ""] = fields;
  const totalCount = total === "" ? undefined : Number(total);
  return {
    pages: Number(pages),
    pageSize: Number(pageSize),
    totalCount,
    limit: Number(limit),
    sent: Number(sent),
    lastId,
  };
}
