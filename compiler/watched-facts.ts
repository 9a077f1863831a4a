import type { Facts } from "./kind/facts.ts";

/** Facts that notice which of them are looked at. */
export interface WatchedFacts {
  readonly facts: Facts;
  /** Whether a machine agrees in all that was looked at so far: what was computed from these facts then holds for it, too. */
  readonly agreeWith: (others: Facts) => boolean;
}

/** Watches facts, so that a recipe can be evaluated for facts that are only likely. */
export function watchFacts(facts: Facts): WatchedFacts {
  const used = new Set<string | symbol>();
  const usedOfSystem = new Set<string | symbol>();
  const { os, ...rest } = facts;
  return {
    facts: watch({ ...rest, os: watch(os, usedOfSystem) }, used),
    agreeWith: ({ os: otherOs, ...others }) => agree(rest, others, used) && agree(os, otherOs, usedOfSystem),
  };
}

/** The same object, but names of fields that are read are noted in `used`. */
function watch<T extends object>(object: T, used: Set<string | symbol>): T {
  return new Proxy(object, {
    get(target, name, receiver): unknown {
      used.add(name);
      return Reflect.get(target, name, receiver);
    },
  });
}

function agree<T extends object>(one: T, other: T, names: ReadonlySet<string | symbol>): boolean {
  const others = new Map(Object.entries(other));
  return Object.entries(one).every(
    ([name, value]) => !names.has(name) || JSON.stringify(value) === JSON.stringify(others.get(name)),
  );
}
