import type { Expression } from "../../../grammar/ast.ts";
import { textOf } from "../../../grammar/source.ts";
import type { Value } from "../../kind/value.ts";
import type { Failure } from "../state/failure.ts";
import { lookup } from "../state/lookup.ts";
import { show } from "../values/render.ts";
import type { Run } from "../state/run.ts";
import type { Scope } from "../state/scope.ts";

/** Reports that no case of a match is for a value; over a fact that means that the recipe is not for this machine. */
export function reportNoCase(run: Run, subject: Expression, scope: Scope, found: Value): Failure {
  const value = show(found);
  return isFact(run, subject, scope)
    ? run.report("E180", subject.span, { fact: textOf(subject.span), value, host: run.hostName })
    : run.report("E104", subject.span, { value });
}

function isFact(run: Run, subject: Expression, scope: Scope): boolean {
  let object = subject;
  while (object.type === "member") object = object.object;
  return object !== subject && object.type === "name" && lookup(object.name, scope, run.registry)?.type === "host";
}
