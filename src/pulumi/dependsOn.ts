import * as pulumi from "@pulumi/pulumi";

/** What an option `dependsOn` takes. */
export type DependsOn = NonNullable<pulumi.InvokeOutputOptions["dependsOn"]>;

/** The ids of the resources that `dependsOn` names. Known once all of them exist, the children of components included. */
export function resourceIds(dependsOn: DependsOn): pulumi.Output<unknown> {
  return pulumi
    .output<object>(dependsOn)
    .apply((resources) => pulumi.all((Array.isArray(resources) ? resources : [resources]).map(idOf)));
}

function idOf(resource: unknown): pulumi.Output<unknown> {
  if (!pulumi.Resource.isInstance(resource)) {
    throw new pulumi.RunError("opts.dependsOn holds a value that is not a resource");
  }
  if (pulumi.CustomResource.isInstance(resource)) {
    return resource.id;
  }
  return isComponent(resource) ? childIds(resource) : resource.urn;
}

/** What the SDK keeps in a component and offers no public way to: a promise of its construction, and its children. */
interface Component extends pulumi.Resource {
  readonly __data: Promise<unknown>;
  readonly __childResources?: Set<pulumi.Resource>;
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
