import type { Resource } from "../catalog.ts";
import { type FootprintIndex, type Line, pathOf } from "../footprint-index.ts";
import type { Change } from "../kind/kind.ts";
import type { Cells } from "./cells.ts";
import type { Draft } from "./draft.ts";

/** Properties of a package that change nothing but the package manager's own notes. */
const notes = new Set(["hold", "mark"]);

/** Properties of an account whose change moves what belongs to it. */
const numbers = new Set(["gid", "group", "uid"]);

/** Overlays what a step will have done, for the steps after it. */
export function overlay(draft: Draft, index: FootprintIndex, cells: Cells): void {
  const { resource } = draft;
  const lines = index.lines[index.positions.get(resource.id) ?? -1] ?? [];
  for (const line of lines) overlayLine(line, draft, cells);
  const path = pathOf(resource);
  if (path !== undefined && index.links.has(path)) {
    cells.set(`tree:${path}`, { prediction: "unknown", by: resource.id });
    cells.set(`file:${path}`, { prediction: "present", by: resource.id });
  }
  if (
    isAccount(resource) &&
    draft.action === "update" &&
    draft.changes.some((change) => numbers.has(change.property))
  ) {
    cells.set(`${resource.kind.name}:${resource.want.title}`, { prediction: "unknown", by: resource.id });
  }
}

/** A login or a group. */
export function isAccount(resource: Resource): boolean {
  return resource.kind.name === "user" || resource.kind.name === "group";
}

function overlayLine(line: Line, draft: Draft, cells: Cells): void {
  const by = draft.resource.id;
  switch (line.mode) {
    case "provides":
      cells.set(line.key, { prediction: "present", by });
      break;
    case "removes":
      cells.set(line.key, { prediction: "absent", by });
      if (line.key.startsWith("file:"))
        cells.set(`tree:${line.key.slice("file:".length)}`, { prediction: "absent", by });
      break;
    case "changes":
      cells.set(line.key, { prediction: "unknown", by });
      break;
    case "may-provide":
    case "may-remove":
      if (bringsThings(draft)) cells.set(line.key, { prediction: line.listed ? "beside" : "unknown", by });
      // The unit of a file that changes is still there, but how systemd sees it may be another.
      else if (line.grade === "rule") cells.set(line.key, { prediction: "beside", by });
      break;
    default:
  }
}

/** Whether the step brings or takes what its resource may provide: not when only a property of something that is there changes. */
function bringsThings(draft: Draft): boolean {
  if (draft.action !== "update") return true;
  return draft.resource.kind.transaction !== undefined && !onlyNotes(draft.changes);
}

/** Whether a package stays as it is but for a note. */
export function onlyNotes(changes: readonly Change[]): boolean {
  return changes.length > 0 && changes.every((change) => notes.has(change.property));
}
