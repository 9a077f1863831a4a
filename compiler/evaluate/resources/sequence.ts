import type { AnyResource, Composite, Declaring, Primitive, Slot } from "../state/declared-resource.ts";

/** Everything declared, in the order of the source: what a resource is made of stands where it is first declared. */
export interface Sequence {
  readonly primitives: readonly Primitive[];
  readonly composites: readonly Composite[];
}

/** Walks the places of the order, and puts the declarations of each resource into it too. */
export function sequence(root: Slot): Sequence {
  const seen = new Map<AnyResource, Declaring[]>();
  // A stack of its own: resources within resources may be nested as deeply as a recipe likes.
  const pending: Slot[] = [root];
  for (let slot = pending.pop(); slot; slot = pending.pop()) {
    let inner: readonly Slot[] = slot.children;
    if (slot.declared) {
      const { resource, declaring } = slot.declared;
      const declarings = seen.get(resource);
      if (declarings) declarings.push(declaring);
      else {
        seen.set(resource, [declaring]);
        if (resource.type === "composite") inner = resource.slot.children;
      }
    }
    for (let index = inner.length - 1; index >= 0; index--) {
      const child = inner[index];
      if (child) pending.push(child);
    }
  }
  const primitives: Primitive[] = [];
  const composites: Composite[] = [];
  for (const [resource, declarings] of seen) {
    resource.declarings.splice(0, resource.declarings.length, ...declarings);
    if (resource.type === "primitive") primitives.push(resource);
    else composites.push(resource);
  }
  return { primitives, composites };
}
