import * as pulumi from "@pulumi/pulumi";

/** What an option `dependsOn` takes. */
export type DependsOn = NonNullable<pulumi.InvokeOutputOptions["dependsOn"]>;

/** Known once the resources that `dependsOn` names exist, the children of components included. */
export function whenCreated(dependsOn: DependsOn): pulumi.Output<unknown> {
  return pulumi.output<object>(dependsOn).apply((named) => {
    const resources = (Array.isArray(named) ? named : [named]).map(requireResource);
    const ids = pulumi.all(resources.map(idOf));
    return resources.every((resource) => pulumi.CustomResource.isInstance(resource))
      ? ids
      : pulumi
          .all([ids, pulumi.all(resources.map(({ urn }) => urn))])
          .apply(([, urns]) => confirm(resources, urns));
  });
}

function requireResource(value: unknown): pulumi.Resource {
  if (!pulumi.Resource.isInstance(value)) {
    throw new pulumi.RunError("opts.dependsOn holds a value that is not a resource");
  }
  return value;
}

function idOf(resource: pulumi.Resource): pulumi.Output<unknown> {
  if (pulumi.CustomResource.isInstance(resource)) {
    return resource.id;
  }
  return isComponent(resource) ? childIds(resource) : resource.urn;
}

/** What the SDK keeps in a component and offers no public way to. */
interface Component extends pulumi.Resource {
  /** Its construction. */
  readonly __data: Promise<unknown>;
  /** Its children, as far as this program declares them. */
  readonly __childResources?: Set<pulumi.Resource>;
  /** Whether another process constructs it, and declares its children. */
  readonly __remote?: boolean;
}

function isComponent(resource: pulumi.Resource): resource is Component {
  return (
    pulumi.ComponentResource.isInstance(resource) &&
    "__data" in resource &&
    resource.__data instanceof Promise
  );
}

function childIds(component: Component): pulumi.Output<unknown> {
  // Only when the construction is over are all children there.
  const constructed = pulumi.output(component.__data.then(() => component.urn));
  return constructed.apply(() => pulumi.all([...(component.__childResources ?? [])].map(idOf)));
}

/**
 * Asks the engine, which alone knows the children that another process declares. Before 3.256 it does not say; then a preview takes a
 * remote component for one that does not exist yet, because a lookup that comes too early would find too little in silence.
 */
async function confirm(resources: readonly pulumi.Resource[], urns: readonly string[]): Promise<unknown> {
  const { exist }: typeof import("./engine.js") = require("./engine.js");
  const created =
    (await exist(pulumi.runtime.getMonitor(), urns)) ??
    !(pulumi.runtime.isDryRun() && resources.some(holdsRemote));
  return created ? true : pulumi.unknown;
}

function holdsRemote(resource: pulumi.Resource): boolean {
  return (
    isComponent(resource) &&
    (resource.__remote === true || [...(resource.__childResources ?? [])].some(holdsRemote))
  );
}
