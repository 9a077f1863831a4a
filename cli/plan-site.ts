import { setImmediate } from "node:timers/promises";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Diagnostic } from "../grammar/diagnostic.ts";
import { readSite } from "../compiler/evaluate/site/read-site.ts";
import { type Prepared, prepare } from "../compiler/evaluate/state/prepare.ts";
import type { Setting } from "../compiler/data/setting.ts";
import type { LifeCycleEvent } from "../compiler/life-cycle.ts";
import type { Blob } from "../compiler/kind/value.ts";
import { allAtOnce, type Rollout, rolloutOf } from "../compiler/rollout.ts";
import type { Target } from "../runtime/session.ts";
import { type CommandContext, UsageProblem } from "./command.ts";
import { checked, type Compiled, hasErrors, loaded, sorted } from "./compile.ts";
import { type Connecting, type Connection, startConnecting } from "./connections.ts";
import { declaredTargets, readFactsOf } from "./declared-targets.ts";
import { foresee, type Foreseen } from "./foresee.ts";
import type { PlanHostOptions } from "./host-plan.ts";
import { type Planned, planConnected, type SiteHost, siteHost } from "./plan-connected.ts";
import { findRecipe } from "./recipe-path.ts";
import { ApplyProgress } from "./reporters/apply-progress.ts";
import { type FactsRead, SiteFacts } from "./site-facts.ts";
import { nameOfTarget, parseTarget, showTarget } from "./target.ts";

/** All hosts of one command. With `mistakes` the recipe does not compile, and no host is planned. */
export interface PlannedSite {
  readonly status: "mistakes" | "planned";
  readonly hosts: readonly SiteHost[];
  readonly diagnostics: readonly Diagnostic[];
  /** In what order the hosts are to be worked off. */
  readonly rollout: Rollout;
  /** Bytes that the plans send, by digest. */
  readonly blobs: ReadonlyMap<string, Blob>;
  readonly reconnect: Connecting["reconnect"];
  readonly close: () => Promise<void>;
}

/** The targets that `--on` names; `local` when it names none. */
export function targetsOf(names: readonly string[]): readonly Target[] {
  const targets = (names.length > 0 ? names : ["local"]).map((name) => {
    const target = parseTarget(name);
    if ("problem" in target) throw new UsageProblem(target.problem);
    return target;
  });
  const shown = targets.map(showTarget);
  const twice = shown.find((name, index) => shown.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageProblem(`--on names ${twice} twice`);
  return targets;
}

/** How a site is planned. */
export interface PlanSiteOptions {
  /** The hosts are to be changed: what is done about runs that are at work there. */
  readonly toApply?: { readonly wait: boolean };
  readonly showPrivate?: boolean;
  /** The event that is to be brought about; without it those of `apply`. */
  readonly event?: LifeCycleEvent | undefined;
  /** What the command line sets. */
  readonly settings?: readonly Setting[];
}

/** Compiles the recipe while connecting, then plans every host that can be reached. */
export async function planSite(
  path: string | undefined,
  on: readonly string[],
  context: CommandContext,
  options: PlanSiteOptions = {},
): Promise<PlannedSite> {
  const recipe = findRecipe(path, context.workingDirectory);
  return mayDeclareHosts(resolve(context.workingDirectory, recipe))
    ? planDeclared(recipe, on, context, options)
    : planTargets(recipe, targetsOf(on), context, options);
}

/** Whether a recipe has what declares a host; one that has it only in a text loses a little time. */
function mayDeclareHosts(path: string): boolean {
  try {
    return /\bhost[ \t]+(?:["'(\w]|\.\.\.)/.test(readFileSync(path, "utf8"));
  } catch {
    // Loading it says what is wrong.
    return false;
  }
}

/** Plans targets of the command line; which those are is known at once, so the recipe compiles while they are reached. */
async function planTargets(
  recipe: string,
  targets: readonly Target[],
  context: CommandContext,
  options: PlanSiteOptions,
): Promise<PlannedSite> {
  const connecting = startConnecting(targets, context);
  try {
    await connecting.underWay;
    // In pieces, between which the connections have their turn.
    const program = loaded(recipe, context, options.settings);
    await setImmediate();
    const compiled = checked(program);
    if (hasErrors(compiled.diagnostics)) return withMistakes(compiled.diagnostics, connecting);
    connecting.allowQuestions();
    const prepared = prepare(program);
    const drafts = new Map<Target, Foreseen>();
    for (const target of targets) drafts.set(target, await foresee(prepared, nameOfTarget(target)));
    const planned = await planAll({ prepared, connecting, context, options }, ({ target }) => ({
      foreseen: drafts.get(target),
    }));
    return conclude(planned, compiled, connecting, allAtOnce(targets.map(nameOfTarget)));
  } catch (error) {
    await connecting.close();
    throw error;
  }
}

/** Plans hosts that the recipe declares. Facts of others are read when a host needs them, whatever is to be changed. */
async function planDeclared(
  recipe: string,
  on: readonly string[],
  context: CommandContext,
  options: PlanSiteOptions,
): Promise<PlannedSite> {
  const program = loaded(recipe, context, options.settings);
  const compiled = checked(program);
  if (hasErrors(compiled.diagnostics)) return withMistakes(compiled.diagnostics);
  const prepared = prepare(program);
  const site = readSite(prepared);
  if (site.hosts.size === 0 && !hasErrors(site.diagnostics))
    return planTargets(recipe, targetsOf(on), context, options);
  const known: Compiled = { program, diagnostics: sorted([...compiled.diagnostics, ...site.diagnostics], program) };
  if (hasErrors(known.diagnostics)) return withMistakes(known.diagnostics);
  const targets = declaredTargets(site, on);
  const connecting = startConnecting(targets, context);
  const others = new SiteFacts(site, (name) => readFactsOf(name, site, context));
  const reads = new Map(targets.map((target) => [target, Promise.withResolvers<FactsRead>()]));
  for (const [target, { promise }] of reads) others.expect(nameOfTarget(target), promise);
  try {
    connecting.allowQuestions();
    const planned = await planAll({ prepared, connecting, context, options }, ({ target }) => ({
      others,
      onFacts: (read: FactsRead) => reads.get(target)?.resolve(read),
    }));
    return conclude(planned, known, connecting, rolloutOf(site, targets.map(nameOfTarget)));
  } catch (error) {
    await connecting.close();
    throw error;
  }
}

/** What planning all hosts has in common. */
interface Planning {
  readonly prepared: Prepared;
  readonly connecting: Connecting;
  readonly context: CommandContext;
  readonly options: PlanSiteOptions;
}

async function planAll(
  { prepared, connecting, context, options: { event, toApply, showPrivate = false } }: Planning,
  ofHost: (connection: Connection) => Pick<PlanHostOptions, "foreseen" | "onFacts" | "others">,
): Promise<readonly Planned[]> {
  const progress = new ApplyProgress(context.progress);
  return Promise.all(
    connecting.each.map(async (opening) => {
      const connection = await opening;
      const { target } = connection;
      const reconnect = () => connecting.reconnect(target);
      const ready = toApply && { wait: toApply.wait, showPrivate, progress, reconnect, context };
      const own = ofHost(connection);
      const planned = await planConnected(prepared, connection, { event, ready, showPrivate, ...own });
      // Who waits for its facts learns that there are none; where it has told them this says nothing new.
      if ("failure" in planned) own.onFacts?.({ why: planned.failure.message });
      return planned;
    }),
  );
}

function conclude(
  planned: readonly Planned[],
  { program, diagnostics }: Compiled,
  connecting: Connecting,
  rollout: Rollout,
): PlannedSite {
  const found = planned.flatMap((host) => ("work" in host ? host.work.diagnostics : []));
  const all = sorted([...diagnostics, ...found], program);
  if (hasErrors(all)) return withMistakes(all, connecting);
  const hosts = planned.flatMap(siteHost);
  const blobs = new Map(hosts.flatMap((host) => (host.status === "read" ? [...host.work.catalog.blobs] : [])));
  const { reconnect, close } = connecting;
  return { status: "planned", hosts, diagnostics: all, blobs, rollout, reconnect, close };
}

const nothingOpen: Pick<PlannedSite, "close" | "reconnect"> = {
  close: async () => {},
  reconnect: async () => ({ failure: "unreachable", message: "there is no connection", hints: [] }),
};

function withMistakes(diagnostics: readonly Diagnostic[], connecting?: Connecting): PlannedSite {
  const { close, reconnect } = connecting ?? nothingOpen;
  return {
    status: "mistakes",
    hosts: [],
    diagnostics,
    blobs: new Map(),
    rollout: allAtOnce([]),
    close,
    reconnect,
  };
}
