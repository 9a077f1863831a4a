import type { Resource } from "../catalog.ts";
import { type FootprintIndex, isRemoval, pathOf } from "../footprint-index.ts";
import { unitPlaceOf } from "../units.ts";
import type { Inferred } from "./inferred.ts";

/** The reason of an edge from what a `watch` names. */
export const watchNamesIt = "`watch` names it";

/** The pattern of `watch` as a test of whole paths: `**` is any depth, `*` and `?` stay within one part, `{a,b}` is a choice. */
export function globTest(glob: string): (path: string) => boolean {
  let pattern = "";
  let braces = 0;
  for (let at = 0; at < glob.length; at++) {
    const character = glob[at] ?? "";
    if (glob.startsWith("**/", at)) {
      pattern += "(?:.*/)?";
      at += 2;
    } else if (glob.startsWith("**", at)) {
      pattern += ".*";
      at += 1;
    } else if (character === "*") pattern += "[^/]*";
    else if (character === "?") pattern += "[^/]";
    else if (character === "{") {
      braces += 1;
      pattern += "(?:";
    } else if (character === "}" && braces > 0) {
      braces -= 1;
      pattern += ")";
    } else if (character === "," && braces > 0) pattern += "|";
    else pattern += character.replace(/[\\^$.|+()[\]{}]/, "\\$&");
  }
  const whole = new RegExp(`^${pattern}${")".repeat(braces)}$`, "s");
  return (path) => whole.test(path);
}

/** The deepest folder that holds everything a glob can match; a glob without wildcards is its own. */
function fixedPart(glob: string): string {
  const wild = glob.search(/[*?{]/);
  return wild === -1 ? glob : glob.slice(0, glob.lastIndexOf("/", wild)) || "/";
}

/**
 * The order and the events that `watch` asks for: what is managed and matches comes before and, when it changes, sends the
 * weakest event; a changed unit file sends the strongest, as reading its configuration again does not create a unit again.
 */
export function inferWatched(index: FootprintIndex): readonly Inferred[] {
  const found: Inferred[] = [];
  for (const [at, resource] of index.resources.entries()) {
    for (const glob of watchesOf(resource)) {
      const matches = globTest(glob);
      const fixed = fixedPart(glob);
      for (const path of [fixed, ...index.pathsBelow(fixed)]) {
        if (!matches(path)) continue;
        for (const line of index.writers(`file:${path}`)) {
          if (line.at === at || (line.mode !== "provides" && line.mode !== "removes" && line.mode !== "changes"))
            continue;
          const event = eventOf(resource, index.resources[line.at], path);
          found.push({
            from: line.at,
            to: at,
            strength: "touched",
            key: line.key,
            property: "watch",
            because: watchNamesIt,
            ...(event === undefined ? {} : { event }),
          });
        }
      }
    }
  }
  return found;
}

function watchesOf(resource: Resource): readonly string[] {
  const watch = resource.want.properties["watch"];
  if (!Array.isArray(watch) || isRemoval(resource)) return [];
  return watch.filter((glob): glob is string => typeof glob === "string");
}

/** The event of a change at a path; none where `watch` is a guard, or where a folder only holds what matters. */
function eventOf(watcher: Resource, writer: Resource | undefined, path: string): string | undefined {
  const { events, guard } = watcher.kind;
  if (guard?.(watcher.want)?.property === "watch" || writer === undefined) return undefined;
  if (pathOf(writer) !== path || writer.kind.name === "directory") return undefined;
  return unitPlaceOf(path) === undefined ? events[0] : events.at(-1);
}
