import type { Name } from "../../../grammar/ast.ts";
import type { Type } from "../../kind/type.ts";
import { untraced, type Checker } from "../checker.ts";
import type { ValueBinding } from "./name-scope.ts";
import { unknownType } from "../types/types.ts";

/** How a name gets its value. */
export interface Making {
  readonly name: Name;
  /** With its article: "an input". */
  readonly what: string;
  /** The written type; without it the type is that of the value. */
  readonly declared?: () => Type;
  /** Checks the value and gives its type; runs once, when the name is first used or its statement is reached. */
  readonly check: () => Type;
  readonly given: boolean;
}

/**
 * Names made from names made from names, beyond which the next one is left to its own statement: its type then counts as
 * unknown here, which fits everything.
 */
const deepest = 150;

/** A name that is checked on first use, so that the names of a block are visible throughout it. */
export function lazyValue(making: Making, checker: Checker): ValueBinding {
  let state: "busy" | "done" | "new" = "new";
  let inferred: Type = unknownType;
  let declared: Type | undefined;
  const settle = (): void => {
    if (state !== "new" || checker.place.depth > deepest) return;
    state = "busy";
    const found = checker.making(binding, () => untraced(checker, making.check));
    inferred = found.result;
    binding.observed ||= found.observed;
    binding.given ||= found.given;
    state = "done";
  };
  const valueType = (): Type => {
    if (making.declared) return (declared ??= making.declared());
    settle();
    return inferred;
  };
  const binding: ValueBinding = {
    type: "value",
    name: making.name.text,
    what: making.what,
    span: making.name.span,
    valueType,
    settle,
    settled: () => state === "done",
    observed: false,
    given: making.given,
  };
  return binding;
}
