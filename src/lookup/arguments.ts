import { closest, distance } from "fastest-levenshtein";
import { given, isRecord, messageOf, propertyPath } from "../common/values.js";
import { ArgumentError, type ArgumentProblem } from "../errors/errors.js";
import { compilePattern } from "./pattern.js";

/** Where to look, and as whom. */
export interface WhereArgs {
  /**
   * The region of the service. Default: `outboundbot:region`, else `OUTBOUNDBOT_REGION`, else `cn-shanghai`, the only
   * region that OutboundBot serves. Another one is refused (`UnknownRegion`), unless an endpoint is given or configured, which goes
   * before any region.
   */
  region?: string | undefined;
  /**
   * The service's address as `host`, `host:port` or a URL without a path, in place of the region's own. Plain HTTP is accepted
   * for loopback addresses only, and is their default; anything else is refused (`InvalidEndpoint`). Default:
   * `outboundbot:endpoint`, else `ALIBABA_CLOUD_ENDPOINT_OUTBOUNDBOT`, else `OUTBOUNDBOT_ENDPOINT`, else the region's:
   * `outboundbot.cn-shanghai.aliyuncs.com`, or `outboundbot-vpc.cn-shanghai.aliyuncs.com` with `outboundbot:network` `vpc`.
   */
  endpoint?: string | undefined;
  /**
   * The name of a profile of the vendor's command-line client, or of its SDKs' file, to sign in with, in place of every configured
   * credential and role. One that leads to no credentials is an error (`NoCredentials`). Default: what is configured.
   */
  profile?: string | undefined;
}

/** Which instances to find. Everything given must match; with nothing given, all instances match. */
export interface SelectionArgs {
  /**
   * Tags that an instance must carry, all of them: a map of keys, which must not be empty, to values. An empty value means that the
   * tag may have any value. Sent as the API's `Tag.N.Key` and `Tag.N.Value`, and checked again on what comes back. Default: any tags.
   */
  tags?: Record<string, string> | undefined;
  /**
   * The instance's name, not empty, matched by the service (the API's `Name`; the service does not state whether a part is enough).
   * Default: any name.
   */
  name?: string | undefined;
  /**
   * An [RE2](https://github.com/google/re2/wiki/Syntax) regular expression, not empty, that the instance's name must match somewhere
   * (unanchored); an instance without a name matches none. Applied to what the service returned. Default: any name.
   */
  nameRegex?: string | undefined;
  /** Only instances with one of these ids. An empty list matches nothing. Applied to what the service returned. Default: any id. */
  ids?: string[] | undefined;
  /**
   * Only instances of this resource group (the API's `ResourceGroupId`), such as `rg-acfm3iugit3uw7a`; not empty. Sent to the
   * service, and checked again on what comes back. Default: any group.
   */
  resourceGroupId?: string | undefined;
  /**
   * How many instances to ask for at once (the API's `PageSize`), a whole number from 1 to 100. Default: 100. It does not limit the
   * result: all pages are read, and a service that gives or accepts fewer is followed.
   */
  pageSize?: number | undefined;
}

/** The arguments of {@link getInstances}. */
export interface GetInstancesArgs extends SelectionArgs, WhereArgs {
  /**
   * Turns automatic paging off: read this one page (the API's `PageNumber`) of `pageSize` instances, a whole number from 1 to
   * 2147483647. It is a page of what the service finds for `tags`, `name` and `resourceGroupId`; `ids` and `nameRegex` select within
   * it. Where the service gives smaller pages than asked for, it is an error. Default: all pages.
   */
  pageNumber?: number | undefined;
  /**
   * The path of a file that receives the instances found as JSON, also in a preview. Written whole or not at all, in place of one that
   * is there, readable by its owner only. A leading `~/` is the home directory; the folder must exist. Default: no file.
   */
  outputFile?: string | undefined;
}

/** The arguments of {@link getInstance}. */
export interface GetInstanceArgs extends SelectionArgs, WhereArgs {}

/** The arguments of {@link listInstances}. */
export interface ListInstancesArgs extends SelectionArgs, WhereArgs {}

const largestInt32 = 2_147_483_647;
const largestPageSize = 100;

const selectionNames = [
  "tags",
  "name",
  "nameRegex",
  "ids",
  "resourceGroupId",
  "pageSize",
  "region",
  "endpoint",
  "profile",
] as const;

/** The argument names that each function takes. */
export const argumentNames = {
  getInstances: [...selectionNames, "pageNumber", "outputFile"],
  getInstance: selectionNames,
  listInstances: selectionNames,
  InstanceLookup: selectionNames,
} as const satisfies Record<string, readonly (keyof GetInstancesArgs)[]>;

/** A function or resource that takes lookup arguments. */
export type Called = keyof typeof argumentNames;

/**
 * Checks everything about the arguments that can be checked without the service.
 *
 * @returns a copy that holds only what was given; `undefined` counts as not given; `null`, which may stand for a value that was forgotten, is refused.
 * @throws ArgumentError with all problems at once.
 */
export function checkArguments(called: Called, args: unknown): GetInstancesArgs {
  if (args === undefined) {
    return {};
  }
  if (!isRecord(args)) {
    throw new ArgumentError(called, [
      { property: "", reason: `the arguments must be an object, but are ${describe(args)}` },
    ]);
  }
  const check = new ArgumentCheck();
  check.names(called, args);
  const checked: GetInstancesArgs = given({
    tags: check.tags(args.tags),
    name: check.text("name", args.name),
    nameRegex: check.pattern("nameRegex", args.nameRegex),
    ids: check.textList("ids", args.ids),
    resourceGroupId: check.text("resourceGroupId", args.resourceGroupId),
    pageSize: check.integer("pageSize", args.pageSize, largestPageSize),
    pageNumber: check.integer("pageNumber", args.pageNumber, largestInt32),
    outputFile: check.text("outputFile", args.outputFile),
    region: check.text("region", args.region),
    endpoint: check.text("endpoint", args.endpoint),
    profile: check.text("profile", args.profile),
  });
  if (check.problems.length > 0) {
    throw new ArgumentError(called, check.problems);
  }
  return checked;
}

/** Checks one argument after the other and keeps every problem found on the way. */
class ArgumentCheck {
  readonly problems: ArgumentProblem[] = [];

  names(called: Called, args: Record<string, unknown>): void {
    const known: readonly string[] = argumentNames[called];
    for (const name of Object.keys(args)) {
      if (!known.includes(name)) {
        this.refuse(propertyPath("", name), `${called} has no such argument${suggestion(name, known)}`);
      }
    }
  }

  text(path: string, value: unknown): string | undefined {
    if (value === undefined) {
      return undefined;
    }
    if (typeof value !== "string") {
      return this.refuse(path, `must be a string, but is ${describe(value)}`);
    }
    if (value === "") {
      return this.refuse(path, "must not be empty; leave it out to mean any");
    }
    return this.wellFormed(path, value);
  }

  pattern(path: string, value: unknown): string | undefined {
    const pattern = this.text(path, value);
    if (pattern === undefined) {
      return undefined;
    }
    try {
      compilePattern(pattern);
      return pattern;
    } catch (error) {
      return this.refuse(path, `is not a regular expression of RE2: ${messageOf(error)}`);
    }
  }

  textList(path: string, value: unknown): string[] | undefined {
    if (value === undefined) {
      return undefined;
    }
    if (!Array.isArray(value)) {
      return this.refuse(path, `must be a list of strings, but is ${describe(value)}`);
    }
    const list: string[] = [];
    for (const [index, element] of value.entries()) {
      const text = this.element(`${path}[${index}]`, element);
      if (text !== undefined) {
        list.push(text);
      }
    }
    return list;
  }

  tags(value: unknown): Record<string, string> | undefined {
    if (value === undefined) {
      return undefined;
    }
    if (!isRecord(value)) {
      return this.refuse("tags", `must be a map of strings, but is ${describe(value)}`);
    }
    const entries: [string, string][] = [];
    for (const [key, tagValue] of Object.entries(value)) {
      const path = propertyPath("tags", key);
      if (key === "") {
        this.refuse(path, "a tag's key must not be empty");
      } else if (typeof tagValue !== "string") {
        this.refuse(path, `must be a string, but is ${describe(tagValue)}`);
      } else if (this.wellFormed(path, key) !== undefined && this.wellFormed(path, tagValue) !== undefined) {
        entries.push([key, tagValue]);
      }
    }
    return Object.fromEntries(entries);
  }

  integer(path: string, value: unknown, largest: number): number | undefined {
    if (value === undefined) {
      return undefined;
    }
    if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > largest) {
      return this.refuse(path, `must be a whole number from 1 to ${largest}, but is ${describe(value)}`);
    }
    return value;
  }

  private element(path: string, value: unknown): string | undefined {
    if (value === undefined) {
      return this.refuse(path, `must be a string, but is ${describe(value)}`);
    }
    return this.text(path, value);
  }

  /** A lone surrogate has no UTF-8 form, so it can neither be signed nor sent. */
  private wellFormed(path: string, value: string): string | undefined {
    return value.isWellFormed()
      ? value
      : this.refuse(path, "must be well-formed Unicode, but holds half of a surrogate pair");
  }

  private refuse(property: string, reason: string): undefined {
    this.problems.push({ property, reason });
    return undefined;
  }
}

/** ` (did you mean "tags"?)` when a known name is near enough to have been meant, else nothing. */
export function suggestion(name: string, known: readonly string[]): string {
  const nearest = closest(
    name.toLowerCase(),
    known.map((candidate) => candidate.toLowerCase()),
  );
  const match = known.find((candidate) => candidate.toLowerCase() === nearest);
  if (
    match === undefined ||
    distance(name.toLowerCase(), nearest) > Math.max(2, Math.floor(name.length / 3))
  ) {
    return `; it takes ${known.join(", ")}`;
  }
  return `; did you mean ${match}?`;
}

/** What a refused value is. A string is not repeated: it may be a secret that landed in the wrong place. */
function describe(value: unknown): string {
  if (value === null || value === undefined) {
    return String(value);
  }
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") {
    return `the ${typeof value} ${value}`;
  }
  if (Array.isArray(value)) {
    return "a list";
  }
  if (typeof value === "string") {
    return "a string";
  }
  return value instanceof Promise ? "a Promise; await it first" : `a value of type ${typeof value}`;
}
