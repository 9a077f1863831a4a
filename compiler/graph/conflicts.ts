import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { type FootprintIndex, isRemoval, type Line, pathOf } from "../footprint-index.ts";
import { planDiagnostic } from "../messages/plan.ts";
import { parentOf } from "./paths.ts";
import { declaredAt, placeText } from "./places.ts";

/** Contradictions between footprints that no order can solve: two owners of one path, a folder that is a file, needs of what is taken away. */
export function findConflicts(index: FootprintIndex): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const owners = new Map<string, number>();
  for (const [at, resource] of index.resources.entries()) {
    const path = pathOf(resource);
    if (path === undefined) continue;
    const first = owners.get(path);
    const other = first === undefined ? undefined : index.resources[first];
    if (other) {
      const data = { path, first: other.id, second: resource.id };
      found.push(
        planDiagnostic("P302", declaredAt(resource), data, {
          related: [{ span: declaredAt(other), message: `${other.id} is declared here` }],
        }),
      );
    } else owners.set(path, at);
    const parent = index
      .writers(`file:${parentOf(path)}`)
      .find((line) => line.mode === "provides" && isFile(line, index));
    const file = parent && index.resources[parent.at];
    if (file && !isRemoval(resource)) {
      const data = { inner: resource.id, folder: parentOf(path) };
      found.push(
        planDiagnostic("P306", declaredAt(resource), data, {
          related: [{ span: declaredAt(file), message: `${file.id} is declared here` }],
        }),
      );
    }
  }
  for (const lines of index.lines)
    for (const line of lines) {
      if (line.mode === "removes") needsOfRemoved(line, index, found);
      else if (line.mode === "provides" && /^[ug]id:/.test(line.key)) sharedNumber(line, index, found);
    }
  return found;
}

/** Two accounts of one number are one account to the kernel, whatever their names. */
function sharedNumber(line: Line, index: FootprintIndex, found: Diagnostic[]): void {
  const [first] = index.writers(line.key).filter((other) => other.mode === "provides" && other.at < line.at);
  const [one, two] = [index.resources[first?.at ?? -1], index.resources[line.at]];
  if (!one || !two) return;
  const data = { first: one.id, second: two.id, number: line.key.slice(line.key.indexOf(":") + 1) };
  const related = [{ span: declaredAt(one), message: `${one.id} is declared here` }];
  found.push(planDiagnostic("P340", declaredAt(two), data, { related }));
}

function isFile(line: Line, index: FootprintIndex): boolean {
  const resource = index.resources[line.at];
  return resource?.kind.name === "file" && line.key === `file:${pathOf(resource)}`;
}

function needsOfRemoved(line: Line, index: FootprintIndex, found: Diagnostic[]): void {
  const remover = index.resources[line.at];
  if (!remover) return;
  const told = new Set<number>();
  const check = (other: Line) => {
    const user = index.resources[other.at];
    if (!user || other.at === line.at || told.has(other.at) || isRemoval(user)) return;
    if (other.mode !== "needs" && !(other.key !== line.key && other.mode === "provides")) return;
    told.add(other.at);
    const data = { user: user.id, remover: remover.id, because: other.because };
    found.push(
      planDiagnostic("P303", declaredAt(user), data, {
        related: [{ span: declaredAt(remover), message: `${remover.id} is taken away here` }],
      }),
    );
  };
  const checkAll = (key: string) => {
    index.users(key).forEach(check);
    index.writers(key).forEach(check);
  };
  checkAll(line.key);
  if (!line.key.startsWith("file:")) return;
  for (const path of index.pathsBelow(line.key.slice("file:".length))) checkAll(`file:${path}`);
}

/** Pairs that write the same thing and stand in no order; which of them comes last decides what is there in the end. */
export function findOverlaps(index: FootprintIndex, inOrder: (a: number, b: number) => boolean): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const told = new Set<string>();
  for (const lines of index.lines) {
    for (const line of lines) {
      if (line.mode !== "provides" && line.mode !== "changes") continue;
      for (const other of index.writers(line.key)) {
        if (other.at <= line.at || (other.mode !== "provides" && other.mode !== "changes")) continue;
        const [first, second] = [index.resources[line.at], index.resources[other.at]];
        if (!first || !second || (pathOf(first) !== undefined && pathOf(first) === pathOf(second))) continue;
        const pair = `${line.at} ${other.at}`;
        if (told.has(pair) || inOrder(line.at, other.at)) continue;
        told.add(pair);
        const side = (resource: typeof first, { mode, key }: Line) => ({
          id: resource.id,
          place: placeText(resource),
          key,
          does: mode === "provides" ? "makes" : "changes",
        });
        found.push(
          planDiagnostic(
            "P301",
            declaredAt(second),
            { first: side(first, line), second: side(second, other) },
            {
              related: [{ span: declaredAt(first), message: `${first.id} is declared here` }],
            },
          ),
        );
      }
    }
  }
  return found;
}
