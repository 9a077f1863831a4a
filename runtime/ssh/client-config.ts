import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { matchesPatterns } from "./host-pattern.ts";
import { askOpenSsh } from "./openssh-config.ts";

/** What the person's ssh_config says of one host; a later file or block never changes what an earlier one said. */
export interface ClientConfig {
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  /** Absolute paths; undefined when the configuration names none. */
  readonly identityFiles: readonly string[] | undefined;
  readonly identitiesOnly: boolean;
  /** Path of the agent's socket; undefined for none. */
  readonly agentSocket: string | undefined;
  readonly userKnownHosts: readonly string[];
  readonly globalKnownHosts: readonly string[];
  /** The name that the host's key is known by. */
  readonly hostKeyAlias: string | undefined;
  readonly hashKnownHosts: boolean;
  /** False when unknown keys must not even be asked about. */
  readonly mayAsk: boolean;
  readonly connectTimeoutMilliseconds: number | undefined;
  /** `ProxyJump` or `ProxyCommand` with its value. */
  readonly proxy: { readonly option: string; readonly value: string } | undefined;
  /** Sentences on what was passed over because it is not understood. */
  readonly notes: readonly string[];
}

/** The host as it was asked for, and the surroundings. */
export interface ClientConfigQuery {
  readonly host: string;
  readonly user: string | undefined;
  readonly port: number | undefined;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The person's file; `~/.ssh/config` when left out. */
  readonly userFile: string | undefined;
}

/** Options of which every value counts, not only the first. */
const lists = new Set(["identityfile"]);

/** The system's ssh, which tells what it makes of its configuration. */
export type AskOpenSsh = typeof askOpenSsh;

/**
 * Reads the configuration that `ssh` would use for a host: Host and Match blocks, Include, tokens. What it does not understand
 * itself, such as `Match exec`, is asked of the system's ssh; where there is none, the notes name it.
 */
export async function readClientConfig(query: ClientConfigQuery, ask: AskOpenSsh = askOpenSsh): Promise<ClientConfig> {
  const settings = new Settings(query);
  await settings.readFile(query.userFile ?? join(query.home, ".ssh/config"), join(query.home, ".ssh"));
  await settings.readFile("/etc/ssh/ssh_config", "/etc/ssh");
  const own = settings.result();
  if (own.notes.length === 0) return own;
  const answer = await ask(query);
  if ("problem" in answer) return { ...own, notes: [...own.notes, answer.problem] };
  return Settings.of(query, answer).result();
}

class Settings {
  readonly #query: ClientConfigQuery;
  readonly #values = new Map<string, string[]>();
  readonly #notes: string[] = [];

  constructor(query: ClientConfigQuery) {
    this.#query = query;
  }

  /** Settings that another program has already made out for the host. */
  static of(query: ClientConfigQuery, values: ReadonlyMap<string, readonly string[]>): Settings {
    const settings = new Settings(query);
    for (const [option, words] of values) settings.#set(option, words);
    return settings;
  }

  async readFile(file: string, directory: string, depth = 0, activeBefore = true): Promise<void> {
    const text = await readFile(file, "utf8").catch(() => "");
    let active = activeBefore;
    for (const [index, line] of text.split("\n").entries()) {
      const words = splitWords(line);
      const [keyword = "", ...rest] = words;
      const option = keyword.toLowerCase();
      if (option === "") continue;
      if (option === "host") active = activeBefore && matchesPatterns(rest, this.#query.host);
      else if (option === "match") active = activeBefore && this.#matches(rest, `${file}:${index + 1}`);
      else if (option === "include") {
        if (!active || depth >= 16) continue;
        for (const pattern of rest) {
          for (const path of await expandPaths(this.#expandHome(pattern), directory)) {
            await this.readFile(path, directory, depth + 1, active);
          }
        }
      } else if (active && rest.length > 0) {
        if (option === "canonicalizehostname" && rest[0]?.toLowerCase() !== "no") {
          this.#notes.push(`${file}:${index + 1}: \`CanonicalizeHostname\` is not understood`);
        }
        this.#set(option, rest);
      }
    }
  }

  #set(option: string, values: readonly string[]): void {
    const known = this.#values.get(option);
    if (!known) this.#values.set(option, [...values]);
    else if (lists.has(option)) known.push(...values);
  }

  #matches(words: readonly string[], place: string): boolean {
    for (let at = 0; at < words.length;) {
      const word = words[at]?.toLowerCase() ?? "";
      if (word === "all") {
        at += 1;
        continue;
      }
      const patterns = (words[at + 1] ?? "").split(",");
      const subject = this.#subject(word);
      if (subject === undefined) {
        this.#notes.push(`${place}: \`Match ${word}\` is not understood, so its block was passed over`);
        return false;
      }
      if (!matchesPatterns(patterns, subject)) return false;
      at += 2;
    }
    return words.length > 0;
  }

  #subject(criterion: string): string | undefined {
    switch (criterion) {
      case "host":
        return this.#hostName();
      case "localuser":
        return this.#localUser();
      case "originalhost":
        return this.#query.host;
      case "user":
        return this.#user();
      default:
        return undefined;
    }
  }

  #first(option: string): string | undefined {
    return this.#values.get(option)?.[0];
  }

  #localUser(): string {
    const { USER, LOGNAME } = this.#query.environment;
    return USER ?? LOGNAME ?? "root";
  }

  #user(): string {
    return this.#query.user ?? this.#first("user") ?? this.#localUser();
  }

  #port(): number {
    const port = this.#query.port ?? Number(this.#first("port") ?? 22);
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : 22;
  }

  #hostName(): string {
    return (this.#first("hostname") ?? this.#query.host).replaceAll("%h", this.#query.host).replaceAll("%%", "%");
  }

  #expandHome(path: string): string {
    return path === "~" || path.startsWith("~/") ? join(this.#query.home, path.slice(1)) : path;
  }

  #expand(path: string): string {
    const tokens: Record<string, string> = {
      "%": "%",
      d: this.#query.home,
      h: this.#hostName(),
      n: this.#query.host,
      p: String(this.#port()),
      r: this.#user(),
      u: this.#localUser(),
    };
    const text = path
      .replace(/%(.)/g, (all, letter: string) => {
        if (tokens[letter] === undefined) this.#notes.push(`the token ${all} in \`${path}\` is not understood`);
        return tokens[letter] ?? all;
      })
      .replace(/\$\{(\w+)\}/g, (_all, name: string) => this.#query.environment[name] ?? "");
    return this.#expandHome(text);
  }

  #paths(option: string): readonly string[] | undefined {
    const values = this.#values.get(option);
    return values?.filter((value) => value.toLowerCase() !== "none").map((value) => this.#expand(value));
  }

  #agent(): string | undefined {
    const value = this.#first("identityagent");
    if (value === undefined || value === "SSH_AUTH_SOCK") return this.#query.environment["SSH_AUTH_SOCK"];
    if (value.toLowerCase() === "none") return undefined;
    return value.startsWith("$") ? this.#query.environment[value.replace(/^\$\{?|\}$/g, "")] : this.#expand(value);
  }

  result(): ClientConfig {
    const yes = (option: string) => ["true", "yes"].includes(this.#first(option)?.toLowerCase() ?? "");
    const proxy = (["proxyjump", "proxycommand"] as const).find(
      (option) => this.#values.has(option) && this.#first(option)?.toLowerCase() !== "none",
    );
    const { home } = this.#query;
    const timeout = Number(this.#first("connecttimeout"));
    return {
      hostName: this.#hostName(),
      port: this.#port(),
      user: this.#user(),
      identityFiles: this.#paths("identityfile"),
      identitiesOnly: yes("identitiesonly"),
      agentSocket: this.#agent(),
      userKnownHosts:
        this.#paths("userknownhostsfile") ?? [".ssh/known_hosts", ".ssh/known_hosts2"].map((file) => join(home, file)),
      globalKnownHosts: this.#paths("globalknownhostsfile") ?? [
        "/etc/ssh/ssh_known_hosts",
        "/etc/ssh/ssh_known_hosts2",
      ],
      hostKeyAlias: this.#first("hostkeyalias"),
      hashKnownHosts: yes("hashknownhosts"),
      mayAsk: !yes("stricthostkeychecking"),
      connectTimeoutMilliseconds: timeout > 0 ? timeout * 1000 : undefined,
      proxy: proxy && {
        option: proxy === "proxyjump" ? "ProxyJump" : "ProxyCommand",
        value: (this.#values.get(proxy) ?? []).join(" "),
      },
      notes: this.#notes,
    };
  }
}

/** The words of a line: separated by blanks, the first also by `=`, quoted with `"`; none for a comment. */
function splitWords(line: string): readonly string[] {
  const text = line.trim();
  if (text === "" || text.startsWith("#")) return [];
  const [, keyword = "", rest = ""] = /^([^\s=]+)(?:\s*=\s*|\s+)?(.*)$/.exec(text) ?? [];
  return [keyword, ...(rest.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"(.*)"$/, "$1"))];
}

/** The files that an Include names: relative to the configuration's folder, with wildcards in the last part. */
async function expandPaths(pattern: string, directory: string): Promise<readonly string[]> {
  const path = pattern.startsWith("/") ? pattern : join(directory, pattern);
  if (!/[*?]/.test(basename(path))) return [path];
  const names = await readdir(dirname(path)).catch(() => []);
  return names
    .filter((name) => !name.startsWith(".") && matchesPatterns([basename(path)], name))
    .toSorted()
    .map((name) => join(dirname(path), name));
}
