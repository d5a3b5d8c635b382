import type { ListInstancesRequest } from "../lists/listInstances.js";
import type { GetInstancesArgs, WhereArgs } from "./arguments.js";
import { compilePattern, type Pattern } from "./pattern.js";

/** What the service is asked. */
export interface ServiceFilter {
  /** In the order given; an empty value stands for any. */
  readonly tags: readonly (readonly [key: string, value: string])[];
  readonly name: string | undefined;
  readonly resourceGroupId: string | undefined;
}

/** One lookup: what the service is asked, how its answer is read, and what is kept of it. */
export interface Query {
  readonly where: WhereArgs;
  readonly filter: ServiceFilter;
  readonly namePattern: Pattern | undefined;
  readonly ids: ReadonlySet<string> | undefined;
  readonly pageSize: number;
  /** The only page to read; absent when all are read. */
  readonly pageNumber: number | undefined;
}

const defaultPageSize = 100;

/** Turns checked arguments into a query. */
export function toQuery(args: GetInstancesArgs): Query {
  return {
    where: args,
    filter: {
      tags: Object.entries(args.tags ?? {}),
      name: args.name,
      resourceGroupId: args.resourceGroupId,
    },
    namePattern: args.nameRegex === undefined ? undefined : compilePattern(args.nameRegex),
    ids: args.ids === undefined ? undefined : new Set(args.ids),
    pageSize: args.pageSize ?? defaultPageSize,
    pageNumber: args.pageNumber,
  };
}

/** What the service is asked for one page. */
export function toRequest(filter: ServiceFilter, pageNumber: number, pageSize: number): ListInstancesRequest {
  return {
    PageNumber: pageNumber,
    PageSize: pageSize,
    Name: filter.name,
    ResourceGroupId: filter.resourceGroupId,
    // What the service takes an empty value for is not stated; a key alone leaves the value open.
    Tag: filter.tags.map(([Key, Value]) => (Value === "" ? { Key } : { Key, Value })),
  };
}
