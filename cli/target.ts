import type { Target } from "../runtime/session.ts";

/** Reads a target as `--on` takes it; the answer is a sentence when it is none. */
export function parseTarget(text: string): Target | { readonly problem: string } {
  if (text === "local") return { type: "local" };
  if (text.startsWith("root:")) {
    const path = text.slice("root:".length);
    if (!path.startsWith("/"))
      return { problem: `\`${text}\`: a root target names an absolute path, as in root:/srv/tree` };
    return { type: "root", path };
  }
  if (text.startsWith("ssh://")) return parseSsh(text);
  return { problem: `\`${text}\` is no target; use local, ssh://user@host:port or root:/path/to/tree` };
}

function parseSsh(text: string): Target | { readonly problem: string } {
  const match = /^ssh:\/\/(?:([^@/]+)@)?(\[[0-9A-Fa-f:.%]+\]|[^:/@[\]]+)(?::(\d+))?\/?$/.exec(text);
  if (!match?.[2])
    return { problem: `\`${text}\` is no SSH target; write ssh://user@host:port, user and port may be left out` };
  const port = match[3] === undefined ? undefined : Number(match[3]);
  if (port !== undefined && (port < 1 || port > 65_535))
    return { problem: `\`${text}\`: port ${port} does not exist (1 to 65535)` };
  return {
    type: "ssh",
    host: match[2].replace(/^\[|\]$/g, ""),
    ...(match[1] === undefined ? {} : { user: match[1] }),
    ...(port === undefined ? {} : { port }),
  };
}

/** The target as `--on` takes it. */
export function showTarget(target: Target): string {
  switch (target.type) {
    case "local":
      return "local";
    case "root":
      return `root:${target.path}`;
    case "ssh": {
      const user = target.user === undefined ? "" : `${target.user}@`;
      const host = target.host.includes(":") ? `[${target.host}]` : target.host;
      return `ssh://${user}${host}${target.port === undefined ? "" : `:${target.port}`}`;
    }
  }
}

/** What a report calls the target. */
export function nameOfTarget(target: Target): string {
  return target.type === "ssh" ? (target.name ?? target.host) : target.type === "root" ? target.path : "local";
}
