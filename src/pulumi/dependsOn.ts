import type * as pulumi from "@pulumi/pulumi";
import { engineMonitor } from "./program.js";
import {
  all,
  ComponentResource,
  CustomResource,
  isDryRun,
  output,
  Resource,
  RunError,
  unknown,
} from "./sdk.js";

/** The value of the option `dependsOn`. */
export type DependsOn = NonNullable<pulumi.InvokeOutputOptions["dependsOn"]>;

/** Returns an Output that is known once the resources in `dependsOn` exist, including the children of components. */
export function whenCreated(dependsOn: DependsOn): pulumi.Output<unknown> {
  return output<object>(dependsOn).apply((named) => {
    const resources = (Array.isArray(named) ? named : [named]).map(requireResource);
    const ids = all(resources.map(idOf));
    return resources.every((resource) => CustomResource.isInstance(resource))
      ? ids
      : all([ids, all(resources.map(({ urn }) => urn))]).apply(([, urns]) => confirm(resources, urns));
  });
}

function requireResource(value: unknown): pulumi.Resource {
  if (!Resource.isInstance(value)) {
    throw new RunError("opts.dependsOn must contain only resources");
  }
  return value;
}

function idOf(resource: pulumi.Resource): pulumi.Output<unknown> {
  if (CustomResource.isInstance(resource)) {
    return resource.id;
  }
  return isComponent(resource) ? childIds(resource) : resource.urn;
}

/** The parts of a component that the SDK keeps without a public accessor. */
interface Component extends pulumi.Resource {
  /** The construction of the component. */
  readonly __data: Promise<unknown>;
  /** The children that this program declares. */
  readonly __childResources?: Set<pulumi.Resource>;
  /** Whether another process constructs the component and declares its children. */
  readonly __remote?: boolean;
}

function isComponent(resource: pulumi.Resource): resource is Component {
  return ComponentResource.isInstance(resource) && "__data" in resource && resource.__data instanceof Promise;
}

function childIds(component: Component): pulumi.Output<unknown> {
  // The list of children is complete only after construction.
  const constructed = output(component.__data.then(() => component.urn));
  return constructed.apply(() => all([...(component.__childResources ?? [])].map(idOf)));
}

/**
 * Asks the engine whether the resources exist, because only the engine knows the children that another process declares.
 *
 * Engines before 3.256 can't tell. A preview then treats a remote component as not created yet: a lookup that runs too early
 * would silently find too few items.
 */
async function confirm(resources: readonly pulumi.Resource[], urns: readonly string[]): Promise<unknown> {
  const { exist }: typeof import("./existence.js") = require("./existence.js");
  const monitor = engineMonitor();
  const exists = monitor === undefined ? undefined : await exist(monitor, urns);
  const created = exists ?? !(isDryRun() && resources.some(containsRemote));
  return created ? true : unknown;
}

function containsRemote(resource: pulumi.Resource): boolean {
  return (
    isComponent(resource) &&
    (resource.__remote === true || [...(resource.__childResources ?? [])].some(containsRemote))
  );
}
