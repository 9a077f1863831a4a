import { FunctionProblem } from "../../builtin-function.ts";
import type { OwnResource } from "../../own-resource.ts";
import type { Kind } from "../../kind/kind.ts";
import type { Value } from "../../kind/value.ts";
import { type Failure, failed } from "../state/failure.ts";
import { fit, type Purpose } from "./fit.ts";
import { render } from "./render.ts";
import type { Run } from "../state/run.ts";
import { describe } from "./values.ts";

/** A title as its kind has it: paths are normalised, everything else stays as it is. */
export interface TitleText {
  readonly kind: string;
  readonly value: Value;
  /** As it stands in the name of the resource. */
  readonly text: string;
}

/** Makes a value the title of a kind, or of a resource of the person's own, or says why it cannot be. */
export function titleText(
  run: Run,
  named: { readonly kind: Kind } | { readonly definition: OwnResource },
  value: Value,
  purpose: Purpose,
): TitleText | Failure {
  if ("kind" in named) {
    const { kind } = named;
    const subject = `the ${kind.title.name} of ${kind.name}`;
    const title = fit(run, value, kind.title.type, { ...purpose, subject });
    if (failed(title)) return title;
    if (typeof title === "string") return { kind: kind.name, value: title, text: title };
    return run.report("E108", purpose.span, { subject, wants: "text", has: describe(title) });
  }
  const { definition } = named;
  const field = definition.title;
  if (!field) return run.report("R108", purpose.span, { kind: definition.kind });
  const subject = `the ${field.name.text} of ${definition.kind}`;
  const title = fit(run, value, run.typeOf(field.valueType, definition.module), { ...purpose, subject });
  if (failed(title)) return title;
  const text = render(title);
  if (text instanceof FunctionProblem) return run.report("E106", purpose.span, { problem: text.message });
  return { kind: definition.kind, value: title, text };
}
