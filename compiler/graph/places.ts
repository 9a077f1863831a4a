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
