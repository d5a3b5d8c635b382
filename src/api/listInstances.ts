import { setImmediate as nextTurn } from "node:timers/promises";
import type { Answer } from "./answer.js";
import { ServiceError } from "./errors.js";
import { type Call, readSuccess, unreadable } from "./failure.js";
import { type Reader, UnreadableField } from "./reader.js";

/** The parameters of the API's ListInstances, by their names there. */
export interface ListInstancesRequest {
  readonly PageNumber: number;
  readonly PageSize: number;
  readonly Name?: string | undefined;
  readonly ResourceGroupId?: string | undefined;
  readonly Tag?: readonly { readonly Key: string; readonly Value?: string | undefined }[] | undefined;
}

/** Sends one signed call and waits for the whole answer. */
export type SendCall = (
  action: string,
  version: string,
  query: object,
  signal: AbortSignal,
) => Promise<Answer>;

/** The API's name of the call. */
export const listInstancesAction = "ListInstances";
const version = "2019-12-26";
/** Characters: what is longer is no failure that came with status 200. */
const longestFailure = 4_000;

/**
 * One call of ListInstances.
 *
 * @param readItem reads one element of `Instances`.
 * @param taken is called as soon as it is clear that the service answers with a page.
 * @throws ServiceError, or what `send` throws.
 */
export async function listInstances<Item>(
  send: SendCall,
  endpoint: string,
  request: ListInstancesRequest,
  readItem: (wire: Reader) => Item,
  signal: AbortSignal,
  taken: () => void = () => {},
): Promise<{ items: Item[]; totalCount: number | undefined }> {
  const call: Call = { action: listInstancesAction, endpoint };
  const answer = await send(listInstancesAction, version, request, signal);
  if (answer.statusCode === 200 && answer.body.length > longestFailure) {
    // Reading a page takes as long as sending several calls, so those that wait go first.
    taken();
    await nextTurn();
  }
  try {
    const fields = readSuccess(answer, call);
    const totalCount = readTotalCount(fields);
    const instances = fields.list("Instances");
    if (instances === undefined && totalCount !== 0) {
      throw new UnreadableField("Instances is missing");
    }
    return { items: (instances ?? []).map(readItem), totalCount };
  } catch (error) {
    if (error instanceof UnreadableField) {
      throw unreadable(
        "UnreadableResponse",
        `an answer of another form: ${error.message}`,
        answer,
        call,
        error,
      );
    }
    throw error;
  }
}

/** A count below zero counts nothing, so it is taken as not given. */
function readTotalCount(fields: Reader): number | undefined {
  const totalCount = fields.integer("TotalCount");
  return totalCount === undefined || totalCount < 0 ? undefined : totalCount;
}

/** Whether the service refused a call because it gives no pages of the size asked for. */
export function refusesPageSize(failure: unknown): boolean {
  return (
    ServiceError.isInstance(failure) &&
    failure.statusCode < 500 &&
    /page\s*size/i.test(`${failure.code} ${failure.message}`)
  );
}
