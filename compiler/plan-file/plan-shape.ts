import { observesOf } from "../graph/condition-observes.ts";
import type { Call } from "../kind/call.ts";
import type { Plan } from "../plan.ts";
import { condition } from "./condition-shape.ts";
import { count, digest, either, listOf, type Misfit, oneOf, orNull, record, text, whole, yesNo } from "./shape.ts";

const call = record({ verb: text, arguments: listOf(either("text or a blob", text, record({ blob: digest }))) });

const step = record(
  {
    id: count,
    resource: text,
    kind: text,
    title: text,
    action: oneOf("create", "update", "remove", "run", "start", "stop", "reload", "restart"),
    because: listOf(record({ text }, { resource: text })),
    source: record({ file: text, line: count }),
    certain: yesNo,
    changes: listOf(record({ property: text, to: text }, { from: text })),
    requires: listOf(count),
    fingerprint: orNull(text),
    identity: listOf(text),
    calls: listOf(call),
    notifies: listOf(record({ resource: text, event: text }, { keeps: yesNo })),
    reactions: listOf(record({ event: text, calls: listOf(call) })),
  },
  {
    aliases: listOf(record({ resource: text, source: record({ file: text, line: count }) })),
    diff: record({ before: orNull(text), after: orNull(text) }),
    hidden: record({ lines: orNull(count) }),
    sensitive: yesNo,
    transaction: count,
    guard: record({ call, confirms: yesNo }),
    when: condition,
    retry: record({ count, everyMilliseconds: count }),
    timeoutMilliseconds: count,
  },
);

const shape = record(
  {
    version: oneOf(1),
    host: text,
    steps: listOf(step),
    transactions: listOf(listOf(call)),
    observes: listOf(record({ call, seen: record({ status: whole, output: text }) })),
    unchanged: count,
    seen: listOf(record({ resource: text, kind: text, identity: listOf(text), fingerprint: text })),
    blobs: listOf(digest),
  },
  { target: text },
);

/** A plan that came from outside: itself when it is one in every part, else what is wrong and where. */
export function toPlan(
  value: unknown,
  path: string,
): { readonly plan: Plan } | { readonly misfit: NonNullable<Misfit> } {
  const misfit = shape(value, path);
  if (misfit) return { misfit };
  if (!isPlan(value, path)) return { misfit: { path, wanted: "a plan" } };
  const wrong = inconsistency(value, path);
  return wrong ? { misfit: wrong } : { plan: value };
}

function isPlan(value: unknown, path: string): value is Plan {
  return shape(value, path) === undefined;
}

/** Numbers that point to nothing. */
function inconsistency(plan: Plan, path: string): Misfit {
  for (const [at, one] of plan.steps.entries()) {
    const here = `${path}.steps[${at}]`;
    if (one.id !== at) return { path: `${here}.id`, wanted: `${at}` };
    if (one.requires.some((required) => required >= at)) return { path: `${here}.requires`, wanted: "earlier steps" };
    if (one.transaction !== undefined && one.transaction >= plan.transactions.length) {
      return { path: `${here}.transaction`, wanted: "a transaction of the plan" };
    }
    if (one.when && observesOf(one.when).some((observe) => observe >= plan.observes.length)) {
      return { path: `${here}.when`, wanted: "observes of the plan" };
    }
  }
  const known = new Set(plan.blobs);
  const missing = blobsOf(plan).find((blob) => !known.has(blob));
  return missing === undefined ? undefined : { path: `${path}.blobs`, wanted: missing };
}

function blobsOf(plan: Plan): readonly string[] {
  const calls: readonly Call[] = [
    ...plan.transactions.flat(),
    ...plan.steps.flatMap((one) => [
      ...one.calls,
      ...(one.guard ? [one.guard.call] : []),
      ...one.reactions.flatMap((reaction) => reaction.calls),
    ]),
  ];
  return calls.flatMap((one) =>
    one.arguments.flatMap((argument) => (typeof argument === "string" ? [] : [argument.blob])),
  );
}
