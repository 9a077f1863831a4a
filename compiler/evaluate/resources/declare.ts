import type { Declaration, Title } from "../../../grammar/ast.ts";
import { spanFrom, type Span } from "../../../grammar/source.ts";
import type { Value } from "../../kind/value.ts";
import { suggest } from "../../suggest.ts";
import type { AnyResource, Declaring, Given } from "../state/declared-resource.ts";
import { type Failure, failed } from "../state/failure.ts";
import { declareHost } from "../site/declare-host.ts";
import { type KindNamed, lookupKind } from "../state/lookup.ts";
import { controlled, newSlot, type Place } from "../state/place.ts";
import { mostResources } from "../state/registry.ts";
import type { Run } from "../state/run.ts";
import { Touches } from "../state/thunk.ts";
import { titleText, type TitleText } from "../values/title-text.ts";
import { describe, isList } from "../values/values.ts";

interface MadeTitle {
  readonly title: TitleText | undefined;
  readonly span: Span;
  readonly touches: Touches;
}

/** Carries out `kind "title" { … }`: the titles are made now, what stands in the body is left for later. */
export function declare(run: Run, node: Declaration, place: Place): Failure | undefined {
  const name = node.kind.parts.map((part) => part.text).join(".");
  const named = lookupKind(node.kind, place.scope.module, run.registry);
  // The machines of a recipe are made out before it is evaluated for one of them.
  if (!named && name === "host") return run.machine ? undefined : declareHost(run, node, place);
  if (!named) return unknownKind(run, node, name, place);
  if (!isBroughtAbout(run, named, place)) return undefined;
  const titles = makeTitles(run, node, named, place);
  if (failed(titles)) return titles;
  const given: Given = {
    scope: place.scope,
    entries: node.body?.entries ?? [],
    thunks: new Map(),
    names: undefined,
  };
  for (const { title, span, touches } of titles) {
    const resource = resourceOf(run, named, title);
    const { composite } = place;
    const declaring: Declaring = {
      span,
      given,
      container: composite,
      titleTouches: touches,
      controls: controlled(place, touches.observes).controls,
      event: place.event,
    };
    resource.declarings.push(declaring);
    if (resource.declarings.length === 1) {
      run.registry.declaredCount += 1;
      if (run.registry.declaredCount === mostResources + 1)
        return run.report("E401", span, { what: "resources", limit: mostResources });
    }
    newSlot(place.slot).declared = { resource, declaring };
    if (run.registry.declaredCount > mostResources) return undefined;
  }
  return undefined;
}

/** Whether a declaration counts at the events that are brought about; one of a resource of the person's own may hold such an event. */
function isBroughtAbout(run: Run, named: KindNamed, { event }: Place): boolean {
  if (run.events.has(event)) return true;
  return "definition" in named && run.prepared.holdsEvent(named.definition, run.events);
}

function unknownKind(run: Run, node: Declaration, name: string, place: Place): Failure {
  const { module } = place.scope;
  const known = [...module.resources.keys(), ...module.uses.keys(), ...run.registry.kinds.keys()];
  return run.report("R104", node.kind.span, { name, suggestion: suggest(name, known) });
}

function resourceOf(run: Run, named: KindNamed, title: TitleText | undefined): AnyResource {
  if ("definition" in named)
    return run.registry.composite(named.definition, title?.value ?? null, title === undefined ? null : title.text);
  return run.registry.primitive(named.kind, title?.text ?? "");
}

function makeTitles(run: Run, node: Declaration, named: KindNamed, place: Place): readonly MadeTitle[] | Failure {
  const hasTitle = "kind" in named || named.definition.title !== undefined;
  const [first] = node.titles;
  const name = "kind" in named ? named.kind.name : named.definition.kind;
  if (hasTitle && !first) {
    const title = "kind" in named ? named.kind.title.name : (named.definition.title?.name.text ?? "");
    return run.report("R107", node.kind.span, { kind: name, title });
  }
  if (!hasTitle) {
    if (first) return run.report("R108", first.span, { kind: name });
    return [{ title: undefined, span: node.kind.span, touches: new Touches() }];
  }
  const made: MadeTitle[] = [];
  for (const [index, title] of node.titles.entries()) {
    const span = index === 0 ? spanFrom(node.kind.span, title.span) : title.span;
    const failure = makeTitle(run, title, span, named, place, made);
    if (failure) return failure;
  }
  return made;
}

function makeTitle(
  run: Run,
  title: Title,
  span: Span,
  named: KindNamed,
  { scope }: Place,
  made: MadeTitle[],
): Failure | undefined {
  const { result, touches } = run.settle(() => run.evaluate(title.value, scope));
  if (failed(result)) return result;
  if (title.spread && !isList(result))
    return run.report("T149", title.value.span, { has: describe(result), into: "titles" });
  const values: readonly Value[] = title.spread && isList(result) ? result : [result];
  for (const value of values) {
    const purpose = { subject: "", span: title.span, expression: title.value, scope: title.spread ? undefined : scope };
    const text = titleText(run, named, value, purpose);
    if (failed(text)) return text;
    made.push({ title: text, span, touches });
  }
  return undefined;
}
