import { diagnostic } from "../../messages.ts";
import type { Checker } from "../checker.ts";
import type { OwnResource } from "../../own-resource.ts";
import type { Binding } from "../names/name-scope.ts";

/**
 * Reports conditions, loops and titles that depend on inputs of a resource which their own body may still declare:
 * what such a resource is given is settled only once every declaration of it is known.
 */
export function reportDecisions(checker: Checker): void {
  const owners = inputOwners(checker);
  const declares = new Map<OwnResource, ReadonlySet<OwnResource>>();
  for (const decision of checker.decisions) {
    const inside = declares.get(decision.body) ?? declaredBy(decision.body, checker);
    declares.set(decision.body, inside);
    if (inside.size === 0) continue;
    for (const binding of reachable(decision.uses, checker)) {
      const owner = owners.get(binding);
      if (!owner || owner === decision.body || !inside.has(owner)) continue;
      const data = { resource: owner.kind, input: binding.name, what: decision.what };
      checker.report(diagnostic("R115", decision.span, data));
      break;
    }
  }
}

function inputOwners(checker: Checker): ReadonlyMap<Binding, OwnResource> {
  const owners = new Map<Binding, OwnResource>();
  for (const resource of checker.resources.values()) {
    if (resource.inputs.size === 0) continue;
    const { names } = checker.bodyScope(resource);
    for (const name of resource.inputs.keys()) {
      const binding = names.get(name);
      if (binding) owners.set(binding, resource);
    }
  }
  return owners;
}

/** All resources that a body may declare, also through those it declares. */
function declaredBy(body: OwnResource, checker: Checker): ReadonlySet<OwnResource> {
  const all = new Set<OwnResource>();
  const waiting = [body];
  for (let resource = waiting.pop(); resource; resource = waiting.pop()) {
    for (const declaration of resource.declarations) {
      const head = checker.findHead(declaration.kind, resource.module);
      if (head?.type !== "own" || all.has(head.resource)) continue;
      all.add(head.resource);
      waiting.push(head.resource);
    }
  }
  return all;
}

function reachable(from: ReadonlySet<Binding>, checker: Checker): ReadonlySet<Binding> {
  const all = new Set(from);
  for (const binding of all) for (const needed of checker.needs.get(binding) ?? []) all.add(needed);
  return all;
}
