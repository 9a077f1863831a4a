import type { Catalog, Resource, ResourceId } from "../catalog.ts";
import { pathOf } from "../footprint-index.ts";
import type { Probe } from "../kind/call.ts";
import type { Change, Forecast, Forecaster, Have, Kind, ReadContext } from "../kind/kind.ts";
import type { Plan, Step } from "../plan.ts";
import type { State } from "../state.ts";

/** A question to a tool of the host: what the steps of one kind would do. */
export interface NeededForecast {
  readonly probe: Probe;
  /** Understands the answer, by resource. */
  readonly read: (output: Uint8Array) => ReadonlyMap<ResourceId, Forecast>;
}

/**
 * The steps of a plan that can be asked about before anything is done: certain ones, and none behind a step that may change what
 * the answer depends on: a command, a file in one of the tool's folders, or a step of the same kind that must come first.
 */
export function neededForecasts(
  plan: Plan,
  catalog: Catalog,
  state: State,
  context: ReadContext,
): readonly NeededForecast[] {
  if (!catalog.resources.some(({ kind }) => kind.forecast)) return [];
  const resources = new Map(catalog.resources.map((resource) => [resource.id, resource]));
  const asked = new Map<Kind, Resource[]>();
  const kindsBefore: (ReadonlySet<string> | undefined)[] = [];
  const touched: string[] = [];
  let commands = false;
  for (const step of plan.steps) {
    const resource = resources.get(step.resource);
    const before = new Set(step.requires.flatMap((id) => [plan.steps[id]?.kind ?? "", ...(kindsBefore[id] ?? [])]));
    kindsBefore[step.id] = before;
    if (!resource) continue;
    const path = pathOf(resource);
    if (path !== undefined) touched.push(path);
    if (step.kind === "execute") commands = true;
    const { forecast } = resource.kind;
    if (!forecast || commands || !isSettled(step, before) || touched.some((one) => isBelow(one, forecast.dependsOn))) {
      continue;
    }
    const same = asked.get(resource.kind);
    if (same) same.push(resource);
    else asked.set(resource.kind, [resource]);
  }
  return [...asked].flatMap(([kind, ofKind]) =>
    kind.forecast ? questionOf(kind.forecast, ofKind, havesOf(ofKind, state), context) : [],
  );
}

function questionOf(
  forecaster: Forecaster,
  resources: readonly Resource[],
  haves: ReadonlyMap<string, Have>,
  context: ReadContext,
): readonly NeededForecast[] {
  const wants = resources.map(({ want }) => want);
  const probe = forecaster.probe(wants, haves);
  if (!probe) return [];
  const read = (output: Uint8Array) => {
    const found = forecaster.read(output, wants, haves, context);
    return new Map(
      resources.flatMap(({ id, want }) => {
        const forecast = found.get(want.title);
        return forecast ? [[id, forecast] as const] : [];
      }),
    );
  };
  return [{ probe, read }];
}

function isSettled(step: Step, before: ReadonlySet<string>): boolean {
  return step.certain && step.calls.length > 0 && !before.has(step.kind);
}

function isBelow(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

function havesOf(resources: readonly Resource[], state: State): ReadonlyMap<string, Have> {
  return new Map(
    resources.flatMap(({ id, want }) => {
      const reading = state.resources.get(id);
      return reading && "have" in reading ? [[want.title, reading.have] as const] : [];
    }),
  );
}

/** The changes of a step as the plan shows them: with what its tool will settle in the place of what the recipe leaves open. */
export function settledChanges(changes: readonly Change[], forecast: Forecast | undefined): readonly Change[] {
  const settles = Object.entries(forecast?.settles ?? {});
  const known = new Map(settles);
  return [
    ...changes.map((change) => ({ ...change, to: known.get(change.property) ?? change.to })),
    ...settles
      .filter(([property]) => !changes.some((change) => change.property === property))
      .map(([property, to]) => ({ property, to })),
  ];
}
