import type { Expression, Property } from "../../../grammar/ast.ts";
import type { Type } from "../../kind/type.ts";
import type { Value } from "../../kind/value.ts";
import type { OwnResource } from "../../own-resource.ts";
import { type HostGroup, type Layer, type LayerOrder, noSite, type Site } from "../../site.ts";
import { suggest } from "../../suggest.ts";
import { newRun } from "../new-run.ts";
import { execute } from "../resources/execute.ts";
import { failed, type Result } from "../state/failure.ts";
import { Hosts } from "../state/hosts.ts";
import type { Prepared } from "../state/prepare.ts";
import type { Run } from "../state/run.ts";
import { Thunk } from "../state/thunk.ts";
import { fit } from "../values/fit.ts";
import { HostValue } from "../values/host-value.ts";
import { describe, isList } from "../values/values.ts";
import { orderFindings } from "./order-findings.ts";

/** Makes out which machines a recipe declares and how they belong together; no machine is needed for it. */
export function readSite(prepared: Prepared): Site {
  const { rootDefinition } = prepared;
  const hasHosts = rootDefinition.declarations.some(
    ({ kind: { parts } }) => parts.length === 1 && parts[0]?.text === "host",
  );
  if (!hasHosts && rootDefinition.groups.size === 0) return noSite;
  const members = new Map<string, Thunk>();
  const hosts = new Hosts(
    noSite,
    () => undefined,
    (kind) => {
      const thunk = members.get(kind);
      return thunk ? run.force(thunk) : [];
    },
  );
  const run: Run = newRun(prepared, {
    hosts,
    machine: undefined,
    hostName: "the recipe",
    answers: { type: "missing" },
  });
  const root = run.registry.composite(rootDefinition, null, null);
  const place = {
    composite: root,
    scope: root.scope,
    slot: root.slot,
    controls: new Set<string>(),
    event: "setup" as const,
  };
  execute(run, rootDefinition.items, place, () => {});
  for (const stack of rootDefinition.groups.values()) addMembers(run, stack, members);
  const stacks = new Map<string, HostGroup>();
  const layers = new Map<string, Layer>();
  const order: LayerOrder[] = [];
  for (const stack of rootDefinition.groups.values()) {
    for (const layer of stack.groups.values()) layers.set(layer.kind, layerOf(run, layer, stack, members));
    stacks.set(stack.kind, { kind: stack.kind, hosts: namesOf(run, stack.kind, members), span: nameSpan(stack) });
    order.push(...orderOf(stack));
  }
  reportStrayHosts(run, stacks);
  reportStrayData(run);
  const site = { hosts: hosts.all, stacks, layers, order };
  return { ...site, diagnostics: [...run.diagnostics, ...orderFindings(site)] };
}

/** Makes the hosts of a stack and its layers known by name, each computed when it is asked for. */
function addMembers(run: Run, stack: OwnResource, members: Map<string, Thunk>): void {
  const layers = [...stack.groups.values()];
  for (const layer of layers) {
    const given = propertyOf(layer, "hosts");
    const compute = (): Result => (given ? namesIn(run, layer, given.value) : []);
    members.set(layer.kind, new Thunk(`${layer.kind}.hosts`, given?.value.span ?? nameSpan(layer), compute));
  }
  const compute = (): Result => {
    const names = new Set<Value>();
    for (const { kind } of layers) {
      const thunk = members.get(kind);
      const found = thunk ? run.force(thunk) : [];
      if (failed(found)) return found;
      if (isList(found)) for (const name of found) names.add(name);
    }
    return [...names];
  };
  members.set(stack.kind, new Thunk(`${stack.kind}.hosts`, nameSpan(stack), compute));
}

/** The names of the hosts that an expression gives, each once. */
function namesIn(run: Run, { kind }: OwnResource, expression: Expression): Result {
  const { scope } = run.registry.composite(definitionOf(run, kind), null, null);
  const value = run.evaluate(expression, scope);
  if (failed(value)) return value;
  const isHosts = isList(value) && value.every((one) => one instanceof HostValue);
  if (!isHosts)
    return run.report("E108", expression.span, {
      subject: `the hosts of ${kind}`,
      wants: "a list of hosts",
      has: describe(value),
    });
  return [...new Set(value.map((one) => (one instanceof HostValue ? one.hostName : "")))];
}

function definitionOf(run: Run, kind: string): OwnResource {
  const definition = run.prepared.definitions.get(kind);
  if (!definition) throw new Error(`${kind} is a stack or a layer of the program`);
  return definition;
}

function namesOf(run: Run, kind: string, members: ReadonlyMap<string, Thunk>): readonly string[] {
  const { result } = run.settle(() => {
    const thunk = members.get(kind);
    return thunk ? run.force(thunk) : [];
  });
  if (failed(result) || !isList(result)) return [];
  return result.filter((name) => typeof name === "string");
}

function layerOf(run: Run, layer: OwnResource, stack: OwnResource, members: ReadonlyMap<string, Thunk>): Layer {
  const hosts = namesOf(run, layer.kind, members);
  const span = nameSpan(layer);
  const rolling = numberOf(run, layer, "rolling", 1);
  const maxFailures = numberOf(run, layer, "max_failures", 0);
  if (hosts.length === 0 && propertyOf(layer, "hosts") && run.diagnostics.length === 0)
    run.report("H114", span, { layer: layer.kind });
  return {
    kind: layer.kind,
    stack: stack.kind,
    hosts,
    span,
    ...(rolling === undefined ? {} : { rolling }),
    ...(maxFailures === undefined ? {} : { maxFailures }),
  };
}

function numberOf(run: Run, layer: OwnResource, name: string, min: number): number | undefined {
  const property = propertyOf(layer, name);
  if (!property) return undefined;
  const type: Type = { type: "int", range: { min } };
  const { scope } = run.registry.composite(layer, null, null);
  const { result } = run.settle(() => {
    const value = run.evaluate(property.value, scope);
    if (failed(value)) return value;
    return fit(run, value, type, { subject: name, span: property.value.span, expression: property.value, scope });
  });
  return typeof result === "number" ? result : undefined;
}

function propertyOf({ items }: OwnResource, name: string): Property | undefined {
  return items.find((item): item is Property => item.type === "property" && item.name.text === name);
}

function orderOf(stack: OwnResource): readonly LayerOrder[] {
  return stack.items.flatMap((item) => {
    if (item.type !== "order") return [];
    return item.names.slice(1).flatMap((then, index) => {
      const first = stack.groups.get(item.names[index]?.text ?? "");
      const next = stack.groups.get(then.text);
      return first && next ? [{ first: first.kind, then: next.kind, span: item.span }] : [];
    });
  });
}

function nameSpan({ node }: OwnResource) {
  return node.type === "file" ? node.span : node.name.span;
}

/** Data of a host that the recipe does not declare has no effect. */
function reportStrayData(run: Run): void {
  const known = run.hosts.all;
  for (const { level, node, of = "" } of run.program.data.entries) {
    if (level !== "host" || known.has(of) || known.size === 0) continue;
    const { file } = node.span;
    const data = { path: file.path, problem: "host" as const, name: of, suggestion: suggest(of, known.keys()) };
    run.reportOnce("D102", { file, start: 0, end: 0 }, data);
  }
}

/** A host belongs to one stack. */
function reportStrayHosts(run: Run, stacks: ReadonlyMap<string, HostGroup>): void {
  const seen = new Map<string, HostGroup>();
  for (const stack of stacks.values()) {
    for (const host of stack.hosts) {
      const other = seen.get(host);
      if (!other) seen.set(host, stack);
      else {
        const related = [{ span: other.span, message: "and here" }];
        run.report("H106", stack.span, { host, one: other.kind, other: stack.kind }, { related });
      }
    }
  }
}
