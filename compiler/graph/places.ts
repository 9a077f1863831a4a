import type { Related } from "../../grammar/diagnostic.ts";
import { positionAt, type Span } from "../../grammar/source.ts";
import type { Resource } from "../catalog.ts";

const nowhere: Span = { file: { path: "(nowhere)", text: "" }, start: 0, end: 0 };

/** The place where a resource is first declared. */
export function declaredAt(resource: Resource): Span {
  return resource.declared[0]?.span ?? nowhere;
}

/** A place as `FILE:LINE`. */
export function spanText(span: Span): string {
  return `${span.file.path}:${positionAt(span.file, span.start).line}`;
}

/** Where a resource is first declared, as `FILE:LINE`. */
export function placeText(resource: Resource): string {
  return spanText(declaredAt(resource));
}

/** How many places of a long way a message shows. */
const longestWay = 4;

/** The declarations around a resource that is inside others: the nearest first, and always the outermost. */
export function ledTo(resource: Resource): { readonly related?: readonly Related[] } {
  const way = (resource.declared[0]?.through ?? []).map((span) => ({ span, message: `this declares ${resource.id}` }));
  if (way.length === 0) return {};
  return { related: way.length <= longestWay ? way : [...way.slice(0, longestWay - 1), ...way.slice(-1)] };
}
