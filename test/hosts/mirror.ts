import { succeed } from "./command.ts";

/** One line of the package sources of a tree. */
export interface Source {
  uri: string;
  suite: string;
  components: string[];
}

/** Where this machine gets Debian 12 from, and how its apt has been told to treat it. */
export interface Mirror {
  sources: Source[];
  /** The proxy that apt on this machine goes through, as a URL. */
  upstreamProxy: string | undefined;
  /** Lines for an apt.conf that carry this machine's leniency about dates of signatures. */
  options: string[];
}

const SUITES = ["bookworm", "bookworm-updates", "bookworm-security"];

/** Reads the mirror from the configuration of the machine's own apt. */
export async function readMirror(): Promise<Mirror> {
  const format = "$(REPO_URI) $(RELEASE) $(COMPONENT) $(IDENTIFIER)";
  const targets = await succeed(["apt-get", "indextargets", "--format", format]);
  const sources = new Map<string, Source>();
  for (const line of targets.split("\n")) {
    const [uri, suite, component, identifier] = line.split(" ");
    if (!uri || !suite || !component || identifier !== "Packages" || !SUITES.includes(suite)) continue;
    const source = sources.get(suite) ?? { uri, suite, components: [] };
    sources.set(suite, source);
    if (source.uri === uri && !source.components.includes(component)) source.components.push(component);
  }
  const main = sources.get("bookworm");
  if (!main) throw new Error("the sources of this machine's apt name no mirror of Debian 12 (bookworm)");

  const dump = await succeed(["apt-config", "dump", "--no-empty"]);
  const lines = dump.split("\n");
  return {
    sources: SUITES.flatMap((suite) => sources.get(suite) ?? []),
    upstreamProxy: lines.map((line) => /^Acquire::http::Proxy "(http:.+)";$/.exec(line)?.[1]).find((url) => url),
    options: lines.filter((line) => /^Acquire::(Check-Valid-Until|Check-Date) /.test(line)),
  };
}

/** The source as a machine sees it: always http, so that the caching proxy can look inside; the proxy adds the TLS. */
export function sourceLine({ uri, suite, components }: Source): string {
  return `deb ${uri.replace(/^https:/, "http:")} ${suite} ${components.join(" ")}`;
}
