import type { Rollout } from "../rollout.ts";
import { count, listOf, type Misfit, record, text } from "./shape.ts";

const shape = record({
  waves: listOf(listOf(text)),
  layers: listOf(record({ kind: text, hosts: listOf(text), maxFailures: count }, { rolling: count })),
  order: listOf(record({ first: text, then: text })),
});

/** A rollout that came from outside: itself when it is one of exactly these hosts, else what is wrong and where. */
export function toRollout(
  value: unknown,
  hosts: readonly string[],
): { readonly rollout: Rollout } | { readonly misfit: NonNullable<Misfit> } {
  const path = "rollout";
  const misfit = shape(value, path);
  if (misfit) return { misfit };
  if (!isRollout(value)) return { misfit: { path, wanted: "an order of hosts" } };
  const named = value.waves.flat();
  const missing = hosts.find((host) => named.filter((name) => name === host).length !== 1);
  if (missing !== undefined) return { misfit: { path: `${path}.waves`, wanted: `${missing} once` } };
  if (value.layers.some(({ rolling }) => rolling === 0))
    return { misfit: { path: `${path}.layers`, wanted: "at least one host at a time" } };
  return { rollout: value };
}

function isRollout(value: unknown): value is Rollout {
  return shape(value, "") === undefined;
}
