import type { LayerOrder, Site } from "./site.ts";
import { wavesOf } from "./site-waves.ts";

/** A layer, as far as it decides in what order its hosts are worked off. */
export interface RolloutLayer {
  readonly kind: string;
  readonly hosts: readonly string[];
  /** Hosts at work at a time; all of them when it is missing. */
  readonly rolling?: number;
  /** Hosts that may fail before the rest of the layer, and what comes after it, is left untouched. */
  readonly maxFailures: number;
}

/** In what order the hosts of a plan are worked off; part of a saved plan. */
export interface Rollout {
  /** All hosts of one wave may be at work at the same time; a wave begins when the one before has ended. */
  readonly waves: readonly (readonly string[])[];
  readonly layers: readonly RolloutLayer[];
  readonly order: readonly Pick<LayerOrder, "first" | "then">[];
}

/** The order for some hosts of a site; those that are not chosen count for nothing. */
export function rolloutOf(site: Site, chosen: readonly string[]): Rollout {
  const isChosen = new Set(chosen);
  const among = (hosts: readonly string[]): readonly string[] => hosts.filter((host) => isChosen.has(host));
  const waves = wavesOf(site)
    .waves.map(among)
    .filter((wave) => wave.length > 0);
  const known = new Set(waves.flat());
  const others = chosen.filter((host) => !known.has(host));
  const layers = [...site.layers.values()].map(({ kind, hosts, rolling, maxFailures = 0 }) => ({
    kind,
    hosts: among(hosts),
    maxFailures,
    ...(rolling === undefined ? {} : { rolling }),
  }));
  return {
    waves: others.length === 0 ? waves : [[...(waves[0] ?? []), ...others], ...waves.slice(1)],
    layers: layers.filter(({ hosts }) => hosts.length > 0),
    order: site.order.map(({ first, then }) => ({ first, then })),
  };
}

/** The rollout of hosts that no recipe declares: all at once. */
export function allAtOnce(hosts: readonly string[]): Rollout {
  return { waves: hosts.length === 0 ? [] : [hosts], layers: [], order: [] };
}

/** Why a host was left untouched. */
export interface Untouched {
  /** The layer that has stopped. */
  readonly layer: string;
  /** Its hosts that failed. */
  readonly failed: readonly string[];
}

/**
 * Works hosts off in the order of a rollout. `work` does one host and says whether it went well. Gives why each host that was
 * not begun was left untouched. Hosts in `lost` could not be read: that says nothing of what is done to the others of their
 * layer, but a layer that comes after theirs does not begin.
 */
export async function rollOut(
  { waves, layers, order }: Rollout,
  lost: ReadonlySet<string>,
  work: (host: string) => Promise<boolean>,
): Promise<ReadonlyMap<string, Untouched>> {
  const failed = new Set<string>();
  const untouched = new Map<string, Untouched>();
  const stopOf = (host: string): Untouched | undefined => {
    for (const layer of layers) {
      if (!layer.hosts.includes(host)) continue;
      for (const one of [layer, ...layersBefore(layer, layers, order)]) {
        const bad = one.hosts.filter((name) => failed.has(name) || (one !== layer && lost.has(name)));
        if (bad.length > one.maxFailures) return { layer: one.kind, failed: bad };
      }
    }
    return undefined;
  };
  const begin = async (host: string): Promise<void> => {
    if (!(await work(host))) failed.add(host);
  };
  for (const wave of waves) {
    const lanes = Map.groupBy(
      wave.filter((host) => !lost.has(host)),
      (host) => laneOf(host, layers),
    );
    await Promise.all(
      [...lanes].map(async ([lane, hosts]) => {
        const size = lane?.rolling ?? hosts.length;
        for (let at = 0; at < hosts.length; at += size) {
          const batch = hosts.slice(at, at + size).filter((host) => {
            const stop = stopOf(host);
            if (stop) untouched.set(host, stop);
            return !stop;
          });
          await Promise.all(batch.map(begin));
        }
      }),
    );
  }
  return untouched;
}

/** The layer whose `rolling` a host keeps to: of several the one with the fewest at a time. */
function laneOf(host: string, layers: readonly RolloutLayer[]): RolloutLayer | undefined {
  const rolling = layers.filter((layer) => layer.rolling !== undefined && layer.hosts.includes(host));
  return rolling.reduce<RolloutLayer | undefined>(
    (least, layer) => (least?.rolling !== undefined && least.rolling <= (layer.rolling ?? 0) ? least : layer),
    undefined,
  );
}

/** The layers that are done before another begins, directly or not. */
function layersBefore(
  layer: RolloutLayer,
  layers: readonly RolloutLayer[],
  order: Rollout["order"],
): readonly RolloutLayer[] {
  const kinds = new Set([layer.kind]);
  for (const kind of kinds) for (const { first, then } of order) if (then === kind) kinds.add(first);
  kinds.delete(layer.kind);
  return layers.filter(({ kind }) => kinds.has(kind));
}
