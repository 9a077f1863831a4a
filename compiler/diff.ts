import { positionAt, type Span } from "../grammar/source.ts";
import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { Catalog, ResourceId } from "./catalog.ts";
import { carried } from "./diff/condition.ts";
import type { Draft } from "./diff/draft.ts";
import { settledChanges } from "./diff/forecast.ts";
import { strongestOf } from "./diff/incoming.ts";
import { foldersToAsk, hiddenDiffOf, isHidden } from "./diff/hidden.ts";
import { requiredSteps } from "./diff/requires.ts";
import { textDiffOf } from "./diff/text-diff.ts";
import { groupTransactions } from "./diff/transactions.ts";
import { walk } from "./diff/walk.ts";
import { pathOf } from "./footprint-index.ts";
import type { Graph } from "./graph.ts";
import { observesOf } from "./graph/condition-observes.ts";
import { declaredAt } from "./graph/places.ts";
import type { Argument, Call } from "./kind/call.ts";
import type { Action, Change, ReadContext } from "./kind/kind.ts";
import type { Because, Plan, Seen, Source, Step, TextDiff } from "./plan.ts";
import { isBlob, showChange } from "./show-value.ts";
import type { State } from "./state.ts";

export { neededForecasts, type NeededForecast } from "./diff/forecast.ts";
export { neededKeys } from "./diff/needs.ts";

/** What planning came to: no plan when there is an error. */
export interface Planned {
  readonly plan?: Plan;
  readonly diagnostics: readonly Diagnostic[];
}

/** What a plan shows. */
export interface DiffOptions {
  /** Show also content that the host hides from ordinary accounts, or that was declared `sensitive`. */
  readonly showPrivate?: boolean;
}

/** The exact work that makes a host, as it was read, what the catalog says. */
export function diff(
  catalog: Catalog,
  graph: Graph,
  state: State,
  context: ReadContext,
  { showPrivate = false }: DiffOptions = {},
): Planned {
  const { drafts, diagnostics } = walk(catalog, graph, state, context);
  if (diagnostics.some((diagnostic) => diagnostic.severity === "error")) return { diagnostics };
  const stepOf = new Map([...drafts.keys()].map((id, step) => [id, step]));
  const requires = requiredSteps(graph, stepOf);
  const { transactions, transactionOf } = groupTransactions([...drafts.values()], graph, requires, context);
  const observes = observesOfPlan(drafts, catalog, state);
  const steps = [...drafts.values()].map((draft, id): Step => {
    const transaction = transactionOf.get(id);
    return {
      ...plainStep(draft, id, { catalog, state, context, showPrivate }),
      requires: requires.get(id) ?? [],
      ...(transaction === undefined ? {} : { transaction }),
      ...whenOf(draft, observes.place),
      notifies: notifiesOf(draft, graph, drafts),
    };
  });
  const plan: Plan = {
    version: 1,
    host: catalog.host,
    steps,
    transactions,
    observes: observes.commands,
    unchanged: graph.order.length - steps.length,
    seen: seenOf(graph, state, context),
    blobs: blobsOf(steps, transactions),
  };
  return { plan, diagnostics };
}

/** The part of a step that depends on its own resource alone. */
function plainStep(
  draft: Draft,
  id: number,
  {
    catalog,
    state,
    context,
    showPrivate,
  }: { readonly catalog: Catalog; readonly state: State; readonly context: ReadContext; readonly showPrivate: boolean },
) {
  const { resource, have, action, guard } = draft;
  const { kind, want } = resource;
  const text = textDiffOf(resource, action, draft.changes, state.contents);
  const hidden = !showPrivate && isHidden(resource, have, catalog, state);
  const { retry, timeoutMilliseconds } = resource;
  return {
    id,
    resource: resource.id,
    kind: kind.name,
    title: want.title,
    action,
    because: draft.because.filter(isFirst),
    source: sourceOf(declaredAt(resource)),
    ...(resource.aliases
      ? { aliases: resource.aliases.map((one) => ({ resource: one.id, source: sourceOf(one.span) })) }
      : {}),
    certain: draft.certain,
    changes: settledChanges(draft.changes, state.forecasts?.get(resource.id)).map((change) =>
      showChange(change, kind.properties[change.property], hidden),
    ),
    ...(hidden ? hiddenPart(text, action, draft.changes) : text === undefined ? {} : { diff: text }),
    // What a `verify` prints quotes the content that it looks at.
    ...(hidden || want.properties["sensitive"] === true ? { sensitive: true } : {}),
    fingerprint: draft.keepsState && have !== undefined ? kind.fingerprint(have) : null,
    identity: kind.identity?.(want) ?? [want.title],
    calls: draft.applies ? kind.apply(want, draft.keepsState ? have : undefined, context) : [],
    ...(guard
      ? {
          guard: {
            call: guard.call,
            confirms: guard.confirms,
          },
        }
      : {}),
    ...(retry ? { retry } : {}),
    ...(timeoutMilliseconds === undefined ? {} : { timeoutMilliseconds }),
    reactions: draft.takesEvents
      ? draft.events.flatMap((event) => {
          const calls = kind.react?.(want, event) ?? [];
          return calls.length > 0
            ? [
                {
                  event,
                  calls,
                },
              ]
            : [];
        })
      : [],
  };
}

function sourceOf({ file, start }: Span): Source {
  return { file: file.path, line: positionAt(file, start).line };
}

/** Whether no reason before it has the same words. */
function isFirst(one: Because, at: number, all: readonly Because[]): boolean {
  return all.findIndex((other) => other.text === one.text) === at;
}

/** What a step says of content that it does not show; nothing where no content changes. */
function hiddenPart(text: TextDiff | undefined, action: Action, changes: readonly Change[]): Pick<Step, "hidden"> {
  const touches = text !== undefined || action === "remove" || changes.some((change) => isBlob(change.to));
  return touches ? { hidden: hiddenDiffOf(text) } : {};
}

function whenOf({ resource, settlesCondition }: Draft, place: (observe: number) => number): Pick<Step, "when"> {
  if (!resource.when) return {};
  const when = carried(resource.when, place, settlesCondition);
  return when.type === "constant" && when.value ? {} : { when };
}

/** Numbers the observes that conditions of steps look at. */
function observesOfPlan(drafts: ReadonlyMap<ResourceId, Draft>, catalog: Catalog, state: State) {
  const used = new Set(
    [...drafts.values()].flatMap(({ resource }) => (resource.when ? observesOf(resource.when) : [])),
  );
  const observes = catalog.observes.filter((observe) => used.has(observe.index));
  const places = new Map(observes.map((observe, place) => [observe.index, place]));
  return {
    place: (observe: number) => places.get(observe) ?? -1,
    commands: observes.map(({ command, index }) => ({
      call: { verb: "ask_command", arguments: ["", "", command.script, ...command.arguments] },
      seen: state.observes?.get(index) ?? { status: 127, output: "" },
    })),
  };
}

/** The events a step causes, one for each taker that has a step. */
function notifiesOf(draft: Draft, graph: Graph, drafts: ReadonlyMap<ResourceId, Draft>): Step["notifies"] {
  const edges = graph.eventsFrom(draft.resource.id);
  const sent = strongestOf(
    edges,
    (edge) => edge.to,
    (event, { to }) => drafts.get(to)?.events.indexOf(event ?? "") ?? -1,
  );
  const isPath = pathOf(draft.resource) !== undefined;
  return [...sent].map(([resource, event]) => {
    const verifies = (drafts.get(resource)?.resource.want.properties["verify"] ?? null) !== null;
    return { resource, event, ...(isPath && verifies ? { keeps: true } : {}) };
  });
}

function seenOf(graph: Graph, state: State, context: ReadContext): readonly Seen[] {
  return graph.order.flatMap(({ id, kind, want }) => {
    const reading = state.resources.get(id);
    if (!reading || !("have" in reading) || kind.probe([want], context) === undefined) return [];
    const identity = kind.identity?.(want) ?? [want.title];
    return [{ resource: id, kind: kind.name, identity, fingerprint: kind.fingerprint(reading.have) }];
  });
}

function blobsOf(steps: readonly Step[], transactions: readonly (readonly Call[])[]): readonly string[] {
  const calls = [
    ...transactions.flat(),
    ...steps.flatMap((step) => [
      ...step.calls,
      ...(step.guard ? [step.guard.call] : []),
      ...step.reactions.flatMap((reaction) => reaction.calls),
    ]),
  ];
  const digestOf = (argument: Argument) => (typeof argument === "string" ? [] : [argument.blob]);
  return [...new Set(calls.flatMap((one) => one.arguments.flatMap(digestOf)))].toSorted();
}

/** What more is to be read before a plan can be shown. */
export interface NeededContents {
  /** Files whose present content the plan shows: those it will replace or remove. */
  readonly files: readonly string[];
  /** Folders above files that it shows, which may keep others from reading them. */
  readonly folders: readonly string[];
}

/** What is to be read before the differences of a plan's files can be shown. */
export function neededContents(plan: Plan, state: State): NeededContents {
  const replaces = ({ action, changes, hidden }: Step) =>
    action === "remove" ||
    (action === "update" && (hidden !== undefined || changes.some((change) => change.to.startsWith("sha256 "))));
  const steps = plan.steps.filter((step) => step.kind === "file");
  const shown = steps.filter((step) => step.hidden === undefined && (step.diff !== undefined || replaces(step)));
  return {
    files: steps.filter(replaces).map((step) => step.title),
    folders: [...new Set(shown.flatMap((step) => foldersToAsk(step.title, state)))],
  };
}
