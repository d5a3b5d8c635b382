// Checked by `tsc --noEmit` and never run: the types that functions accept, reject and return.
import * as pulumi from "@pulumi/pulumi";
import {
  getInstance,
  getInstanceOutput,
  getInstances,
  getInstancesOutput,
  InstanceLookup,
  listInstances,
  OutboundBotError,
  ServiceError,
} from "../src/index.js";
import type { GetInstancesResult, Instance } from "../src/lists/instances.js";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Same<A, B>): void {}

declare const text: pulumi.Output<string>;
declare const later: Promise<string>;
declare const maybe: string | undefined;

export async function plain(): Promise<void> {
  const result = await getInstances({ tags: { env: "prod" }, ids: ["a"], name: maybe, pageNumber: 2 });
  same<typeof result, GetInstancesResult>(true);
  same<typeof result.ids, string[]>(true);
  same<typeof result.instances, Instance[]>(true);
  same<Instance["creatorId"], string | undefined>(true);
  same<Instance["creationTime"], number | undefined>(true);
  same<Instance["instanceName"], string>(true);
  same<Instance["tags"], Record<string, string>>(true);
  same<typeof result.tags, Record<string, string> | undefined>(true);
  const one = await getInstance({ name: "a" });
  same<typeof one.id, string>(true);
  for await (const instance of listInstances({ tags: {} }, { signal: new AbortController().signal })) {
    same<typeof instance, Instance>(true);
  }

  await getInstances({ consistency: "verified" });
  await getInstance({ consistency: "counted" });
  // @ts-expect-error a stream cannot be verified
  listInstances({ consistency: "verified" });
  // @ts-expect-error an unknown consistency
  await getInstances({ consistency: "exact" });
  // @ts-expect-error an Output as a plain argument
  await getInstances({ name: text });
  // @ts-expect-error an Output inside a plain argument
  await getInstances({ tags: { env: text } });
  // @ts-expect-error an unknown argument
  await getInstances({ tag: {} });
  // @ts-expect-error getInstance has no pages
  await getInstance({ pageNumber: 1 });
  // @ts-expect-error an access key is not an argument
  await getInstances({ accessKey: "a" });
  // @ts-expect-error null does not count as not given
  await getInstances({ name: null });
}

export function outputs(): void {
  const result = getInstancesOutput({
    tags: { env: text, team: later, plain: "x" },
    name: text,
    nameRegex: later,
    ids: [text, later, "a"],
    resourceGroupId: text,
    pageSize: pulumi.output(10),
    pageNumber: Promise.resolve(1),
    outputFile: text,
    region: text,
    endpoint: text,
    profile: text,
  });
  same<typeof result, pulumi.Output<GetInstancesResult>>(true);
  same<typeof result.ids, pulumi.Output<string[]>>(true);
  getInstancesOutput({ tags: pulumi.output({ env: text }), ids: pulumi.output([text]) });
  getInstancesOutput({ tags: Promise.resolve({ env: "x" }), ids: Promise.resolve(["x"]), name: maybe });
  getInstancesOutput({}, { dependsOn: [new pulumi.ComponentResource("a:b:C", "c")] });
  const one = getInstanceOutput({ tags: { env: text } });
  same<typeof one.id, pulumi.Output<string>>(true);
  // Arguments of other resources accept the fields of a result without a cast.
  const wired: { name: pulumi.Input<string>; tags: pulumi.Input<Record<string, pulumi.Input<string>>> } = {
    name: one.instanceName,
    tags: one.tags,
  };
  void wired;
  const bots = new InstanceLookup("bots");
  const names: pulumi.Input<string>[] = [bots.instances.apply((found) => found[0]?.instanceName ?? "none")];
  void names;

  // @ts-expect-error a number instead of a string
  getInstancesOutput({ name: pulumi.output(1) });
  // @ts-expect-error a number as the value of a tag
  getInstancesOutput({ tags: { env: pulumi.output(1) } });
  // @ts-expect-error an unknown argument
  getInstancesOutput({ tag: text });
  // @ts-expect-error getInstanceOutput has no outputFile
  getInstanceOutput({ outputFile: text });
}

export function errors(error: unknown): void {
  if (ServiceError.isInstance(error)) {
    same<typeof error.statusCode, number>(true);
    same<typeof error.requestId, string | undefined>(true);
    const base: OutboundBotError = error;
    same<typeof base.code, string>(true);
  }
  if (OutboundBotError.isInstance(error)) {
    // @ts-expect-error not every error has a status
    void error.statusCode;
  }
}
