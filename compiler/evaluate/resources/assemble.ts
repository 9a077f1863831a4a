import type { Catalog, Container, Declared, Edge, Resource, ResourceId } from "../../catalog.ts";
import { withoutFootprint } from "../../kind/kind.ts";
import type { Blob } from "../../kind/value.ts";
import { type LifeCycleEvent, lifeCycleEvents } from "../../life-cycle.ts";
import { suggest } from "../../suggest.ts";
import { ControlReader, type Controls } from "../observes/controls.ts";
import { type Composite, type Declaring, isGroup, type Primitive } from "../state/declared-resource.ts";
import { type Failure, failed } from "../state/failure.ts";
import { givenNames } from "./given.ts";
import { throughOf } from "./source-places.ts";
import { membersOf, relationEdges } from "./relations.ts";
import { observeCommands } from "../observes/observed-value.ts";
import type { Run } from "../state/run.ts";
import { type LifeCycleOrder, lifeCycleOrder } from "./life-cycle-order.ts";
import { type Sequence, sequence } from "./sequence.ts";
import type { Touches } from "../state/thunk.ts";
import { type Wanted, wantOf } from "./want.ts";

/** Computes what every declared resource should be, and the order that the recipe states between them. */
export function assemble(run: Run): Catalog {
  const root = run.registry.composite(run.registry.rootDefinition, null, null);
  const all = sequence(root.slot);
  const members = membersOf(all.primitives);
  const lifeCycle = lifeCycleOrder(all, run.hosts.order);
  const controls = new ControlReader(run);
  const blobs = new Map<string, Blob>();
  const resources: Resource[] = [];
  const edges = new EdgeList();
  const relationsOf = (id: ResourceId, declarings: readonly Declaring[]): readonly Edge[] =>
    declarings.flatMap((declaring) =>
      run.inside(declaring.container, () => relationEdges(run, id, declaring, members)),
    );
  for (const { definition } of run.prepared.order.declarers) {
    for (const composite of run.registry.composites.get(definition)?.values() ?? []) {
      if (composite.declarings.length > 0) controls.enter(composite);
    }
  }
  for (const composite of all.composites) {
    run.inside(composite.declarings[0]?.container, () => checkInputs(run, composite));
    for (const edge of relationsOf(composite.id, composite.declarings)) edges.add(edge);
  }
  for (const edge of lifeCycle.edges) edges.add(edge);
  const found = all.primitives.map((primitive) => {
    const container = primitive.declarings[0]?.container;
    const own = run.inside(container, () => controls.of(primitive.id, primitive.declarings));
    const isOff = isOffIn(own);
    const hasWhen = failed(own) || own.when !== undefined;
    const want = () => run.inside(container, () => wantOf(run, primitive, { blobs, hasWhen, isOff }));
    const wanted = isOff ? undefined : want();
    return { primitive, own, want, wanted, relations: relationsOf(primitive.id, primitive.declarings) };
  });
  // Where a `when` is off the values come last: a mistake in one that others use, too, is then reported for the others.
  const complete = found.map((one) => ({ ...one, wanted: isOffIn(one.own) ? one.want() : one.wanted }));
  for (const { primitive, own, relations, wanted } of complete) {
    for (const edge of relations) edges.add(edge);
    if (!wanted || failed(own)) continue;
    for (const edge of referenceEdges(primitive, wanted, own)) edges.add(edge);
    resources.push(resourceOf(primitive, wanted, own, [root, lifeCycle]));
  }
  return {
    host: run.hostName,
    resources,
    containers: [...containersOf(all, root), ...lifeCycle.containers],
    edges: edges.among(resources, [...all.composites, ...lifeCycle.containers]),
    observes: observeCommands(run),
    blobs,
  };
}

function isOffIn(own: Controls | Failure): boolean {
  return !failed(own) && own.isOff;
}

/** Edges in the order in which they were stated, each once. */
class EdgeList {
  private readonly all: Edge[] = [];
  private readonly known = new Set<string>();

  add(edge: Edge): void {
    const key = JSON.stringify([edge.from, edge.to, edge.reason, edge.event ?? null, edge.because]);
    if (this.known.has(key)) return;
    this.known.add(key);
    this.all.push(edge);
  }

  /** The edges between what there is; the others end in what may be declared by something that was not carried out. */
  among(resources: readonly Resource[], containers: readonly { readonly id: ResourceId }[]): readonly Edge[] {
    const ids = new Set([...resources, ...containers].map(({ id }) => id));
    return this.all.filter(({ from, to }) => ids.has(from) && ids.has(to));
  }
}

/** A body of a resource of the person's own gives inputs, and only those that it has; each is looked at even if nothing uses it. */
function checkInputs(run: Run, composite: Composite): void {
  const { definition, declarings, scope } = composite;
  const known = [...definition.inputs.keys()];
  for (const { given } of declarings) {
    for (const [property, { name: span }] of givenNames(run, given)) {
      if (definition.inputs.has(property)) continue;
      const kind = definition.kind;
      run.reportOnce("R101", span, { kind, property, suggestion: suggest(property, known), known, what: "input" });
    }
  }
  for (const name of known) {
    const thunk = scope.own(name);
    const { result } = thunk ? run.settle(() => run.force(thunk)) : { result: null };
    if (failed(result)) run.observes.miss(result);
  }
}

function resourceOf(
  primitive: Primitive,
  { want, origins, partly, isOff }: Wanted,
  controls: Controls,
  [root, lifeCycle]: Around,
): Resource {
  const { id, declarings } = primitive;
  const place = lifeCycle.placeOf(declarings);
  const kind = partly ? withoutFootprint(primitive.kind) : primitive.kind;
  const { touches: _, isOff: __, ...clauses } = controls;
  return {
    id,
    kind,
    want,
    origins,
    declared: declarings.map(asDeclared),
    containers: [...containerIds(declarings, root), ...place.loose],
    event: eventOf(declarings),
    ...(place.during === undefined ? {} : { during: place.during }),
    ...(partly && isOff ? { isPartial: true as const } : {}),
    ...clauses,
  };
}

function asDeclared(declaring: Declaring): Declared {
  return { span: declaring.span, through: throughOf(declaring) };
}

/** What is around everything: the root file, and the events of the host's life. */
type Around = readonly [root: Composite, lifeCycle: LifeCycleOrder];

/** What directly contains a resource; stacks and layers do so by their events only. */
function containerIds(declarings: readonly Declaring[], root: Composite): readonly ResourceId[] {
  const own = declarings.flatMap(({ container }) => (container === root || isGroup(container) ? [] : [container.id]));
  return [...new Set(own)];
}

/** The first event that a resource belongs to. */
function eventOf(declarings: readonly Declaring[]): LifeCycleEvent {
  return lifeCycleEvents.find((event) => declarings.some((declaring) => declaring.event === event)) ?? "setup";
}

function containersOf({ composites }: Sequence, root: Composite): readonly Container[] {
  return composites
    .filter((composite) => !isGroup(composite))
    .map(({ id, declarings }) => ({
      id,
      declared: declarings.map(asDeclared),
      containers: containerIds(declarings, root),
    }));
}

/** An edge for each resource that a property, the title or the condition of this one refers to. */
function referenceEdges({ id, declarings, kind }: Primitive, wanted: Wanted, controls: Controls): readonly Edge[] {
  const edges: Edge[] = [];
  const add = (touches: Touches, because: string) => {
    for (const [from, span] of touches.references) {
      if (from !== id) edges.push({ from, to: id, reason: "reference", because, span });
    }
  };
  for (const { titleTouches } of declarings) add(titleTouches, `its ${kind.title.name} refers to it`);
  for (const [name, touches] of wanted.touches) add(touches, `its \`${name}\` refers to it`);
  for (const touches of controls.touches) add(touches, "its `when` refers to it");
  return edges;
}
