import { selectHosts } from "../compiler/selector/selector.ts";
import type { Site } from "../compiler/site.ts";
import { readFacts } from "../runtime/read.ts";
import { ConnectionLost, type Target } from "../runtime/session.ts";
import { type CommandContext, UsageProblem } from "./command.ts";
import { startConnecting } from "./connections.ts";
import type { FactsRead } from "./site-facts.ts";
import { parseTarget } from "./target.ts";

/** The hosts of a recipe that `--on` selects, in the order of the recipe; all of them when it says nothing. */
export function declaredTargets(site: Site, on: readonly string[]): readonly Target[] {
  const chosen = new Set(on.flatMap((text) => select(text, site)));
  const names = [...site.hosts.keys()];
  return (on.length === 0 ? names : names.filter((name) => chosen.has(name))).map((name) => targetOf(name, site));
}

function select(text: string, site: Site): readonly string[] {
  if (!("problem" in parseTarget(text))) {
    throw new UsageProblem(
      `the recipe declares its hosts, so --on names some of them, not ${text}: a host, a layer, or a selector such as layer:web`,
    );
  }
  const selected = selectHosts(text, site);
  if (!("problem" in selected)) return selected;
  const { problem, at, hint } = selected;
  const place = at === 0 ? "" : ` (column ${at + 1} of ${JSON.stringify(text)})`;
  throw new UsageProblem(`--on ${text}: ${problem}${place}${hint === undefined ? "" : `; ${hint}`}`);
}

function targetOf(name: string, site: Site): Target {
  const { address, login, port } = site.hosts.get(name) ?? {};
  return {
    type: "ssh",
    name,
    host: address ?? name,
    ...(login === undefined ? {} : { user: login }),
    ...(port === undefined ? {} : { port }),
  };
}

/** Reads the facts of a declared host that is not planned itself. */
export async function readFactsOf(name: string, site: Site, context: CommandContext): Promise<FactsRead> {
  const connecting = startConnecting([targetOf(name, site)], context);
  connecting.allowQuestions();
  try {
    const connection = await connecting.each[0];
    if (!connection) return { why: "it was not asked" };
    if ("failure" in connection) return { why: connection.failure.message };
    return { facts: (await readFacts(connection.session)).facts };
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    return { why: error.message };
  } finally {
    await connecting.close();
  }
}
