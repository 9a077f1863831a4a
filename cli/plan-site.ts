import { setImmediate } from "node:timers/promises";
import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { Blob } from "../compiler/kind/value.ts";
import type { Plan } from "../compiler/plan.ts";
import { type Prepared, prepare } from "../compiler/evaluate/state/prepare.ts";
import { type ConnectFailure, ConnectionLost, type Session, type Target } from "../runtime/session.ts";
import type { CommandContext } from "./command.ts";
import { UsageProblem } from "./command.ts";
import { checked, hasErrors, loaded, sorted } from "./compile.ts";
import { type Connecting, type Connection, lostWhileReading, startConnecting } from "./connections.ts";
import { foresee, type Foreseen } from "./foresee.ts";
import { type HostPlan, planHost, type PlanHostOptions } from "./host-plan.ts";
import { findRecipe } from "./recipe-path.ts";
import type { FollowedRun } from "./follow-host.ts";
import { type ReadyOptions, readyHost } from "./ready-host.ts";
import { ApplyProgress } from "./reporters/apply-progress.ts";
import { nameOfTarget, parseTarget, showTarget } from "./target.ts";

/** A host as planning found it. */
export type SiteHost =
  | {
      readonly name: string;
      readonly target: Target;
      readonly status: "read";
      readonly plan: Plan;
      readonly work: HostPlan;
      readonly session: Session;
      /** Runs of others that were waited for. */
      readonly followed: readonly FollowedRun[];
    }
  | {
      readonly name: string;
      readonly target: Target;
      readonly status: ConnectFailure["failure"];
      readonly message: string;
      readonly hints: readonly string[];
    };

/** All hosts of one command. With `mistakes` the recipe does not compile, and no host is planned. */
export interface PlannedSite {
  readonly status: "mistakes" | "planned";
  readonly hosts: readonly SiteHost[];
  readonly diagnostics: readonly Diagnostic[];
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

/**
 * Plans a host that was reached; one whose connection breaks meanwhile counts as unreachable. With `ready` no run is at work on
 * the host when it is read.
 */
async function planConnected(
  prepared: Prepared,
  connection: Connection,
  { ready, ...options }: Omit<PlanHostOptions, "ready"> & { readonly ready?: ReadyOptions | undefined },
) {
  if ("failure" in connection) return connection;
  const { name, target } = connection;
  try {
    const free = ready && (await readyHost(name, connection.session, ready));
    if (free && "failure" in free) return { name, target, failure: free };
    const session = free?.session ?? connection.session;
    const work = await planHost(prepared, session, { ...options, ready: free });
    if ("failure" in work) return { name, target, failure: work };
    return { name, target, session, work, followed: free?.followed ?? [] };
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    return { name, target, failure: lostWhileReading(error) };
  }
}

/** How a site is planned. */
export interface PlanSiteOptions {
  /** The hosts are to be changed: what is done about runs that are at work there. */
  readonly toApply?: { readonly wait: boolean };
  readonly showPrivate?: boolean;
}

/** Compiles the recipe while connecting, then plans every host that can be reached. */
export async function planSite(
  path: string | undefined,
  on: readonly string[],
  context: CommandContext,
  { toApply, showPrivate = false }: PlanSiteOptions = {},
): Promise<PlannedSite> {
  const targets = targetsOf(on);
  const recipe = findRecipe(path, context.workingDirectory);
  const connecting = startConnecting(targets, context);
  const site = { reconnect: connecting.reconnect, close: connecting.close };
  try {
    await connecting.underWay;
    // In pieces, between which the connections have their turn.
    const program = loaded(recipe, context);
    await setImmediate();
    const { diagnostics } = checked(program);
    if (hasErrors(diagnostics)) return { ...site, status: "mistakes", hosts: [], diagnostics, blobs: new Map() };
    connecting.allowQuestions();
    const prepared = prepare(program);
    const drafts = new Map<Target, Foreseen>();
    for (const target of targets) drafts.set(target, await foresee(prepared, nameOfTarget(target)));
    const progress = new ApplyProgress(context.progress);
    const planned = await Promise.all(
      (await connecting.connections).map((connection) => {
        const { target } = connection;
        const reconnect = () => connecting.reconnect(target);
        const ready = toApply && { wait: toApply.wait, showPrivate, progress, reconnect, context };
        return planConnected(prepared, connection, { ready, showPrivate, foreseen: drafts.get(target) });
      }),
    );
    const found = planned.flatMap((host) => ("work" in host ? host.work.diagnostics : []));
    const all = sorted([...diagnostics, ...found], program);
    if (hasErrors(all)) return { ...site, status: "mistakes", hosts: [], diagnostics: all, blobs: new Map() };
    const hosts = planned.flatMap((host): SiteHost[] => {
      if ("failure" in host) {
        const { name, target, failure } = host;
        return [{ name, target, status: failure.failure, message: failure.message, hints: failure.hints }];
      }
      if (!("plan" in host.work)) return [];
      const plan = { ...host.work.plan, host: host.name, target: showTarget(host.target) };
      return [
        {
          name: host.name,
          target: host.target,
          status: "read",
          plan,
          work: host.work,
          session: host.session,
          followed: host.followed,
        },
      ];
    });
    const blobs = new Map(hosts.flatMap((host) => (host.status === "read" ? [...host.work.catalog.blobs] : [])));
    return { ...site, status: "planned", hosts, diagnostics: all, blobs };
  } catch (error) {
    await connecting.close();
    throw error;
  }
}
