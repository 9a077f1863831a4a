import type { Group, Name, Order, Property } from "../../../grammar/ast.ts";
import { hostsType } from "../../host-type.ts";
import type { Type } from "../../kind/type.ts";
import { isLifeCycleEvent, lifeCycleEvents } from "../../life-cycle.ts";
import { diagnostic } from "../../messages.ts";
import type { OwnResource } from "../../own-resource.ts";
import { suggest } from "../../suggest.ts";
import type { Checker } from "../checker.ts";
import type { Scope } from "../names/name-scope.ts";

/** What a layer says of its hosts, and how they are worked off. */
const layerProperties: ReadonlyMap<string, Type> = new Map([
  ["hosts", hostsType],
  ["max_failures", { type: "int", range: { min: 0 } }],
  ["rolling", { type: "int", range: { min: 1 } }],
]);

/** Checks `name = value` directly in a layer. */
export function checkLayerProperty({ name, value }: Property, scope: Scope, checker: Checker): void {
  const type = layerProperties.get(name.text);
  if (type) {
    checker.expect(value, type, scope, `\`${name.text}\``);
    return;
  }
  checker.infer(value, scope);
  const known = [...layerProperties.keys()];
  const suggestion = suggest(name.text, known);
  const data = { kind: "layer", property: name.text, suggestion, known, what: "property" as const };
  checker.report(diagnostic("R101", name.span, data));
}

/** A layer names its hosts, and says everything once. */
export function checkLayer({ name, body }: Group, checker: Checker): void {
  const seen = new Map<string, Name>();
  for (const item of body.items) {
    if (item.type !== "property") continue;
    const before = seen.get(item.name.text);
    if (!before) seen.set(item.name.text, item.name);
    else {
      const related = [{ span: before.span, message: "first here" }];
      checker.report(diagnostic("R106", item.name.span, { property: item.name.text }, { related }));
    }
  }
  if (!seen.has("hosts")) checker.report(diagnostic("H105", name.span, { layer: name.text }));
}

/** Reports a name after `on` that is no event of the life cycle. */
export function checkEventName({ text, span }: Name, checker: Checker): void {
  if (isLifeCycleEvent(text)) return;
  checker.report(
    diagnostic("H109", span, { name: text, suggestion: suggest(text, lifeCycleEvents), known: lifeCycleEvents }),
  );
}

/** `db -> web`: the names are layers of this stack. */
export function checkOrder({ names }: Order, stack: OwnResource, checker: Checker): void {
  const known = [...stack.groups.keys()];
  for (const { text, span } of names) {
    if (stack.groups.has(text)) continue;
    checker.report(
      diagnostic("H107", span, { name: text, stack: stack.kind, suggestion: suggest(text, known), known }),
    );
  }
}
