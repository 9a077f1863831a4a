import type { ResourceId } from "../../catalog.ts";

/** The name of a resource on its host, as a reference to it is written: `file["/etc/motd"]`, `apache.server`. */
export function resourceId(kind: string, title: string | null): ResourceId {
  return title === null ? kind : `${kind}[${JSON.stringify(title)}]`;
}
