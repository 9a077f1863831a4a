import type { Resource } from "../catalog.ts";
import { pathOf } from "../footprint-index.ts";
import type { Action, Change } from "../kind/kind.ts";
import type { TextDiff } from "../plan.ts";
import { isBlob } from "../show-value.ts";

/** Files larger than this, in bytes, are shown by digest and size only. */
export const largestShownText = 256 * 1024;

/** The content of a file before and after a step; undefined when there is none to show: binary, large, or not read. */
export function textDiffOf(
  resource: Resource,
  action: Action,
  changes: readonly Change[],
  contents: ReadonlyMap<string, Uint8Array>,
): TextDiff | undefined {
  const path = pathOf(resource);
  const property = contentProperty(resource);
  if (path === undefined || property === undefined) return undefined;
  const old = contents.get(path);
  if (action === "remove") {
    const before = old && textOfBytes(old);
    return before === undefined ? undefined : { before, after: null };
  }
  const wanted = resource.want.properties[property];
  const after = isBlob(wanted) ? textOfBytes(wanted.bytes) : undefined;
  if (after === undefined) return undefined;
  if (action === "create") return { before: null, after };
  if (!changes.some((change) => isBlob(change.to))) return undefined;
  const before = old && textOfBytes(old);
  return before === undefined ? undefined : { before, after };
}

/** The property that holds the bytes of a file. */
function contentProperty(resource: Resource): string | undefined {
  const names = Object.keys(resource.kind.properties).filter((name) => {
    const property = resource.kind.properties[name];
    return property?.blob === true || property?.reads === "source";
  });
  return names.find((name) => isBlob(resource.want.properties[name])) ?? names[0];
}

function textOfBytes(bytes: Uint8Array): string | undefined {
  if (bytes.length > largestShownText || bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
