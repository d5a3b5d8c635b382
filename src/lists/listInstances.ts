import { type Reader, UnreadableField } from "../api/reader.js";
import { callService, type SendCall } from "../api/serviceCall.js";
import { ServiceError } from "../errors/errors.js";

/** The parameters of the API's ListInstances, by their names there. */
export interface ListInstancesRequest {
  readonly PageNumber: number;
  readonly PageSize: number;
  readonly Name?: string | undefined;
  readonly ResourceGroupId?: string | undefined;
  readonly Tag?: readonly { readonly Key: string; readonly Value?: string | undefined }[] | undefined;
}

/** The API's name of the call. */
export const listInstancesAction = "ListInstances";

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
  const readPage = (fields: Reader) => {
    const totalCount = readTotalCount(fields);
    const instances = fields.list("Instances");
    if (instances === undefined && totalCount !== 0) {
      throw new UnreadableField("Instances is missing");
    }
    return { items: (instances ?? []).map(readItem), totalCount };
  };
  return callService(send, { action: listInstancesAction, endpoint }, request, readPage, signal, taken);
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
