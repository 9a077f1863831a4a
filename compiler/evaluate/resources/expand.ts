import type { Statement } from "../../../grammar/ast.ts";
import type { OwnResource } from "../../own-resource.ts";
import { type LifeCycleEvent, lifeCycleEvents } from "../../life-cycle.ts";
import { compareText } from "../values/values.ts";
import type { Composite } from "../state/declared-resource.ts";
import { Unsealed } from "../state/failure.ts";
import type { AnyKind, Declarer } from "../state/declaration-order.ts";
import type { Place } from "../state/place.ts";
import type { Run } from "../state/run.ts";
import { execute, executeStatement, type Put } from "./execute.ts";

/** A definition whose bodies are being carried out. */
interface Opened extends Declarer {
  expanded: boolean;
  /** Statements that wait until all declarations of some kind are known. */
  waiting: { readonly statement: Statement; readonly place: Place; readonly why: Unsealed }[];
}

const nothing: ReadonlySet<string> = new Set();

/**
 * Finds all resources of the host: the root's statements are carried out, then the body of each resource of the person's own,
 * every one once and only after everything that may declare it.
 */
export function expand(run: Run): void {
  const { registry } = run;
  const { declarers: order, recursions } = run.prepared.order;
  for (const { span, names } of recursions) run.report("R114", span, { names });
  const opened = order.map((declarer): Opened => ({ ...declarer, expanded: false, waiting: [] }));
  const declarers = new Declarers(run, opened);
  let left = opened;
  while (left.length > 0) {
    let progress = false;
    for (const one of left) progress = advance(run, one, declarers) || progress;
    left = left.filter((one) => !isDone(one));
    if (progress) continue;
    for (const one of left) giveUp(run, one);
    break;
  }
  registry.open.clear();
  registry.complete = true;
}

function isDone({ expanded, waiting }: Opened): boolean {
  return expanded && waiting.length === 0;
}

/** How many definitions may still declare each kind. */
class Declarers {
  private readonly run: Run;
  private readonly left = new Map<AnyKind, number>();
  private readonly byDefinition: ReadonlyMap<AnyKind, Opened>;

  constructor(run: Run, opened: readonly Opened[]) {
    this.run = run;
    this.byDefinition = new Map(opened.map((one) => [one.definition, one]));
    for (const { declares } of opened) {
      for (const kind of declares) {
        this.left.set(kind, (this.left.get(kind) ?? 0) + 1);
        run.registry.open.add(kind);
      }
    }
  }

  /** Notes that a definition declares nothing more, and closes every kind that nothing can declare any longer. */
  finish({ declares }: Opened): void {
    for (const kind of declares) {
      const left = (this.left.get(kind) ?? 0) - 1;
      this.left.set(kind, left);
      if (left <= 0) this.run.registry.open.delete(kind);
    }
  }

  /** Whether a body, or the body of something it declares, declares a kind. */
  reaches(from: Opened, kind: AnyKind): boolean {
    const seen = new Set<Opened>([from]);
    const pending = [from];
    for (let one = pending.pop(); one; one = pending.pop()) {
      if (one.declares.has(kind)) return true;
      for (const inner of one.declares) {
        const next = this.byDefinition.get(inner);
        if (!next || seen.has(next)) continue;
        seen.add(next);
        pending.push(next);
      }
    }
    return false;
  }
}

function advance(run: Run, one: Opened, declarers: Declarers): boolean {
  const ready = one.waiting.filter(({ why }) => !run.registry.open.has(why.kind));
  const put = putFor(run, one, declarers);
  if (!one.expanded && !run.registry.open.has(one.definition)) {
    one.expanded = true;
    for (const composite of compositesOf(run, one.definition)) expandBody(run, composite, put);
  } else if (ready.length > 0) {
    one.waiting = one.waiting.filter((other) => !ready.includes(other));
    for (const { statement, place } of ready)
      run.inside(place.composite, () => executeStatement(run, statement, place, put));
  } else return false;
  // What is done can declare nothing more, which may let others go on.
  if (isDone(one)) declarers.finish(one);
  return true;
}

/** The declared resources of a definition: those that stand without any condition of an observe first, then by title. */
function compositesOf(run: Run, definition: OwnResource): readonly Composite[] {
  if (definition === run.registry.rootDefinition) return [run.registry.composite(definition, null, null)];
  const all = [...(run.registry.composites.get(definition)?.values() ?? [])];
  return all
    .filter(({ declarings }) => declarings.length > 0)
    .sort((a, b) => Number(isControlled(a)) - Number(isControlled(b)) || compareText(a.id, b.id));
}

function isControlled({ declarings }: Composite): boolean {
  return declarings.length > 0 && declarings.every(({ controls }) => controls.size > 0);
}

function expandBody(run: Run, composite: Composite, put: Put): void {
  const { definition, scope, slot, declarings } = composite;
  let controls = nothing;
  if (isControlled(composite)) {
    controls = new Set(declarings.flatMap((declaring) => [...declaring.controls]));
    const first = declarings[0];
    if (definition.observes && first) {
      run.report("R112", first.span, { name: definition.kind, how: "declares" });
      run.skipped.addBody(definition);
      return;
    }
  }
  const event = eventOf(run, composite);
  run.inside(composite, () => execute(run, definition.items, { composite, scope, slot, controls, event }, put));
}

/** The event that a body belongs to: the first one that is brought about, of those that its declarations belong to. */
function eventOf(run: Run, { declarings }: Composite): LifeCycleEvent {
  const events = new Set(declarings.map(({ event }) => event));
  const inOrder = lifeCycleEvents.filter((event) => events.has(event));
  return inOrder.find((event) => run.events.has(event)) ?? inOrder[0] ?? "setup";
}

/** A statement that waits for a kind which its own body may still declare would never be evaluated: that is a mistake of the recipe. */
function putFor(run: Run, one: Opened, declarers: Declarers): Put {
  return (statement, place, why) => {
    // Everything else has been reported, or comes back when the host has been read.
    run.observes.miss(why);
    if (!(why instanceof Unsealed)) run.skipped.add(statement, place.scope.module);
    else if (declarers.reaches(one, why.kind)) {
      reportUnsealed(run, statement, why);
      run.skipped.add(statement, place.scope.module);
    } else one.waiting.push({ statement, place, why });
  };
}

function reportUnsealed(run: Run, statement: Statement, why: Unsealed): void {
  const { span, what } = decidingPart(statement);
  run.report("R115", span, { resource: why.id, input: why.property, what });
}

function decidingPart(statement: Statement): {
  readonly span: Statement["span"];
  readonly what: "condition" | "loop" | "title";
} {
  switch (statement.type) {
    case "if-statement":
      return { span: statement.condition.span, what: "condition" };
    case "match-statement":
      return { span: statement.subject.span, what: "condition" };
    case "for-statement":
      return { span: statement.head.source.span, what: "loop" };
    case "declaration":
      return { span: statement.titles[0]?.span ?? statement.span, what: "title" };
    default:
      return { span: statement.span, what: "title" };
  }
}

function giveUp(run: Run, one: Opened): void {
  for (const { statement, place, why } of one.waiting) {
    run.skipped.add(statement, place.scope.module);
    const { span, what } = decidingPart(statement);
    run.report("E207", span, { word: what, id: why.id });
  }
  one.waiting = [];
}
