import { diagnostic } from "../../messages.ts";
import type { Span } from "../../../grammar/source.ts";
import type { Checker } from "../checker.ts";
import type { OwnResource } from "../../own-resource.ts";
import type { Binding } from "../names/name-scope.ts";

/** Reports functions and values that need themselves, each cycle once, where it begins in the source. */
export function reportCycles(checker: Checker): void {
  for (const cycle of cyclesOf([...checker.needs.keys()], (node) => checker.needs.get(node) ?? [])) {
    const start = firstOf(cycle, spanOf);
    const first = cycle[start];
    const span = first && spanOf(first);
    if (!span) continue;
    const names = [...cycle.slice(start), ...cycle.slice(0, start)].map((node) => node.name);
    const code = cycle.some((node) => node.type === "function") ? "T140" : "T123";
    checker.report(diagnostic(code, span, { names }));
  }
}

/** Reports resources that declare themselves, directly or through others. */
export function reportEndlessResources(checker: Checker): void {
  const inside = (resource: OwnResource): readonly OwnResource[] =>
    resource.declarations.flatMap((declaration) => {
      const head = checker.findHead(declaration.kind, resource.module);
      return head?.type === "own" ? [head.resource] : [];
    });
  for (const cycle of cyclesOf([...checker.resources.values()], inside)) {
    const start = firstOf(cycle, nameSpan);
    const ordered = [...cycle.slice(start), ...cycle.slice(0, start)];
    const [first, second = first] = ordered;
    if (!first || !second) continue;
    const declaration = first.declarations.find((one) => {
      const head = checker.findHead(one.kind, first.module);
      return head?.type === "own" && head.resource === second;
    });
    const span = declaration?.kind.span ?? nameSpan(first);
    checker.report(diagnostic("R114", span, { names: ordered.map((resource) => resource.kind) }));
  }
}

function spanOf(node: Binding): Span | undefined {
  if (node.type === "value") return node.span;
  return node.type === "function" ? node.declaration.name.span : undefined;
}

function nameSpan(resource: OwnResource): Span {
  return resource.node.type === "file" ? resource.node.span : resource.node.name.span;
}

function firstOf<Node>(cycle: readonly Node[], span: (node: Node) => Span | undefined): number {
  let best = 0;
  for (const [index, node] of cycle.entries()) {
    const here = span(node);
    const there = span(cycle[best] ?? node);
    if (here && there && here.file === there.file && here.start < there.start) best = index;
  }
  return best;
}

/** One cycle of each group of nodes that all reach each other; walks without recursion, whatever the depth. */
function cyclesOf<Node>(nodes: readonly Node[], next: (node: Node) => Iterable<Node>): readonly (readonly Node[])[] {
  const done = new Set<Node>();
  const cycles: Node[][] = [];
  for (const start of nodes) {
    if (done.has(start)) continue;
    const path: { readonly node: Node; readonly rest: Iterator<Node> }[] = [];
    const onPath = new Set<Node>();
    const enter = (node: Node): void => {
      path.push({ node, rest: next(node)[Symbol.iterator]() });
      onPath.add(node);
    };
    enter(start);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const step = top.rest.next();
      if (step.done === true) {
        path.pop();
        onPath.delete(top.node);
        done.add(top.node);
      } else if (onPath.has(step.value)) {
        const nodesOnPath = path.map((entry) => entry.node);
        const cycle = nodesOnPath.slice(nodesOnPath.indexOf(step.value));
        // Another cycle through a node that is part of one already would only repeat the same mistake.
        if (!cycles.some((known) => known.some((node) => cycle.includes(node)))) cycles.push(cycle);
      } else if (!done.has(step.value)) enter(step.value);
    }
  }
  return cycles;
}
