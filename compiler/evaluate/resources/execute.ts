import type { Block, Expression, For, Group, If, Item, Match, On, Statement } from "../../../grammar/ast.ts";
import type { Value } from "../../kind/value.ts";
import { lifeCycleEvents } from "../../life-cycle.ts";
import { declarationsIn } from "../../own-resource.ts";
import { type Given, isGroup } from "../state/declared-resource.ts";
import { Touches } from "../state/thunk.ts";
import { declare } from "./declare.ts";
import { matches } from "../expressions/evaluate-expression.ts";
import { type Failure, failed } from "../state/failure.ts";
import { takesTurn, turnScope, turnsOf } from "../expressions/loop-turns.ts";
import { observeKey } from "../observes/observed-value.ts";
import { bindNaming } from "./binders.ts";
import { reportNoCase } from "../expressions/no-case.ts";
import { controlled, newSlot, type Place } from "../state/place.ts";
import type { Run } from "../state/run.ts";
import { namesOf, Scope } from "../state/scope.ts";
import { describe } from "../values/values.ts";

/** Told of a statement that could not be carried out, and why; nothing of it has been done, so it can be tried again. */
export type Put = (statement: Statement, place: Place, why: Failure) => void;

/** Carries out the statements of a body or a block whose names are already in the scope. */
export function execute(run: Run, items: readonly Item[], place: Place, put: Put): void {
  for (const item of items) {
    if (!run.machine && !declaresHost(item)) continue;
    if (item.type === "property") {
      // What a layer says of its hosts is known already.
      if (isGroup(place.composite)) continue;
      run.report("R119", item.name.span, { name: item.name.text, isKind: false });
      continue;
    }
    if (item.type === "observe") {
      const name = item.field.name.text;
      if (place.controls.size > 0) run.report("R112", item.field.name.span, { name, how: "under" });
      else run.observes.meet(observeKey(item, place.scope), item, place.scope);
      continue;
    }
    if (namesOnly.has(item.type)) continue;
    executeStatement(run, item, { ...place, slot: newSlot(place.slot) }, put);
  }
}

/** Whether a statement may declare a machine; only those are carried out before there is one. */
function declaresHost(item: Item): boolean {
  return (
    item.type !== "property" &&
    item.type !== "on" &&
    declarationsIn([item]).some(({ kind: { parts } }) => parts.length === 1 && parts[0]?.text === "host")
  );
}

const namesOnly: ReadonlySet<Statement["type"]> = new Set([
  "fn",
  "input",
  "let",
  "output",
  "resource",
  "test",
  "type",
  "use",
]);

/** Carries out one statement at its own place. */
export function executeStatement(run: Run, statement: Statement, place: Place, put: Put): void {
  const failure = attempt(run, statement, place, put);
  if (failure) put(statement, place, failure);
}

function attempt(run: Run, statement: Statement, place: Place, put: Put): Failure | undefined {
  switch (statement.type) {
    case "declaration":
      return declare(run, statement, place);
    case "if-statement":
      return executeIf(run, statement, place, put);
    case "for-statement":
      return executeFor(run, statement, place, put);
    case "match-statement":
      return executeMatch(run, statement, place, put);
    case "expect":
      if (statement.condition && run.events.has(place.event))
        run.expectations.push({ condition: statement.condition, scope: place.scope, within: place.composite });
      return undefined;
    case "layer":
    case "stack":
      executeGroup(run, statement, place);
      return undefined;
    case "on":
      executeOn(run, statement, place, put);
      return undefined;
    default:
      return undefined;
  }
}

/** A stack or layer counts on the machines that belong to it. */
function executeGroup(run: Run, { name, span }: Group, place: Place): void {
  const definition = place.composite.definition.groups.get(name.text);
  if (!definition || !run.hosts.isIn(definition.kind, run.machine)) return;
  const composite = run.registry.composite(definition, null, null);
  const given: Given = { scope: place.scope, entries: [], thunks: new Map(), names: undefined };
  const { controls, event } = place;
  const declaring = { span, given, container: place.composite, titleTouches: new Touches(), controls, event };
  composite.declarings.push(declaring);
  newSlot(place.slot).declared = { resource: composite, declaring };
}

/**
 * `on EVENT { … }`. What other events say is carried out only for what it declares of the person's own: that may hold a block
 * of its own for the event at hand.
 */
function executeOn(run: Run, { events: names, body }: On, place: Place, put: Put): void {
  const events = lifeCycleEvents.filter((event) => names.some(({ text }) => text === event));
  const event = events.find((one) => run.events.has(one)) ?? (run.events.has("setup") ? undefined : events[0]);
  if (event) executeBlock(run, body, { ...place, event }, `${body.span.start}`, put);
}

function executeBlock(run: Run, block: Block, place: Place, label: string, put: Put): void {
  const { scope, composite } = place;
  const names = namesOf(block);
  const inner =
    names.size === 0
      ? scope
      : new Scope(scope, scope.module, label, names, (naming, own) => bindNaming(run, naming, own, composite));
  execute(run, block.items, { ...place, scope: inner }, put);
}

/** A value that decides what is carried out, with what it was made from. */
function decide(
  run: Run,
  expression: Expression,
  place: Place,
): { readonly value: Value; readonly place: Place } | Failure {
  const { result, touches } = run.settle(() => run.evaluate(expression, place.scope));
  return failed(result) ? result : { value: result, place: controlled(place, touches.observes) };
}

function executeIf(run: Run, statement: If, start: Place, put: Put): Failure | undefined {
  let place = start;
  let current: If = statement;
  for (;;) {
    const decided = decide(run, current.condition, place);
    if (failed(decided)) return decided;
    if (typeof decided.value !== "boolean") {
      return run.report("E108", current.condition.span, {
        subject: "the condition of `if`",
        wants: "true or false",
        has: describe(decided.value),
      });
    }
    place = decided.place;
    if (decided.value) {
      executeBlock(run, current.then, place, `${current.then.span.start}`, put);
      return undefined;
    }
    if (!current.else) return undefined;
    if ("items" in current.else) {
      executeBlock(run, current.else, place, `${current.else.span.start}`, put);
      return undefined;
    }
    current = current.else;
  }
}

function executeMatch(run: Run, statement: Match, place: Place, put: Put): Failure | undefined {
  const decided = decide(run, statement.subject, place);
  if (failed(decided)) return decided;
  const arm = statement.arms.find(({ pattern }) => matches(pattern, decided.value));
  if (!arm) return reportNoCase(run, statement.subject, place.scope, decided.value);
  executeBlock(run, arm.body, decided.place, `${arm.body.span.start}`, put);
  return undefined;
}

/** All turns are decided before the first is carried out, so that a loop that must wait has done nothing yet. */
function executeFor(run: Run, statement: For, place: Place, put: Put): Failure | undefined {
  const { head, body } = statement;
  const scopes: Scope[] = [];
  const { scope, composite } = place;
  const names = namesOf(body);
  const { result, touches } = run.settle(() => {
    scopes.length = 0;
    const turns = turnsOf(run, head, scope);
    if (failed(turns)) return turns;
    for (const [index, values] of turns.entries()) {
      const bare = new Scope(scope, scope.module, `${body.span.start}:${index}`, names, (naming, own) =>
        bindNaming(run, naming, own, composite),
      );
      const inner = turnScope(head, values, bare);
      const takes = takesTurn(run, head, inner);
      if (failed(takes)) return takes;
      if (takes) scopes.push(inner);
    }
    return null;
  });
  if (failed(result)) return result;
  const inside = controlled(place, touches.observes);
  for (const inner of scopes) execute(run, body.items, { ...inside, scope: inner, slot: newSlot(place.slot) }, put);
  return undefined;
}
