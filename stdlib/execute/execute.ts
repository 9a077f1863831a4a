import { call } from "../../compiler/kind/call.ts";
import type { Argument, Call } from "../../compiler/kind/call.ts";
import type { Footprint } from "../../compiler/kind/footprint.ts";
import { kind } from "../../compiler/kind/kind.ts";
import type { Guard, Problem, Want } from "../../compiler/kind/kind.ts";
import { bool, command, list, path, text, typed } from "../../compiler/kind/properties.ts";
import type { Value } from "../../compiler/kind/value.ts";
import { namedFootprint } from "../program/named-paths.ts";
import { programFootprint, programKeys } from "../program/programs.ts";
import { blobOf, commandOf, textsOf } from "../values.ts";
import { globSearches } from "./glob.ts";

const guardNames = ["always", "creates", "only_if", "unless", "watch"] as const;

/** A command that runs when its guard says so. */
export const execute = kind({
  name: "execute",
  title: {
    type: { type: "string", length: { min: 1 } },
    name: "label",
    doc: "What the command is for, in a few words.",
  },
  doc: `A command that runs only when there is something to do. Exactly one guard says when: \`creates\`, \`unless\`, \`only_if\`,
\`watch\`, \`always\`, or a \`when\` over an observed value. Guards are asked while the plan is made, so that it tells the truth,
and again just before the run. After it \`creates\`, \`unless\` and \`only_if\` are asked once more: a command that has not brought
about what its guard asks for has failed.`,
  example: `execute "make the signing key" {
  run     = ["openssl", "genrsa", "-out", "/etc/app.key", "4096"]
  creates = "/etc/app.key"
}`,
  events: ["run"],
  properties: {
    always: typed(
      { type: "string", length: { min: 1 } },
      { doc: "Guard: it runs every time, for the reason given here.", role: "control" },
    ),
    creates: path({ doc: "Guard: it runs while nothing is at this path.", role: "control" }),
    cwd: path({ doc: "The folder it runs in, also its guard. `/` unless stated.", role: "control" }),
    env: typed(
      {
        type: "map",
        of: { type: "union", members: [{ type: "string" }, { type: "secret", of: { type: "string" } }] },
        keyPattern: "[A-Za-z_][A-Za-z0-9_]*",
      },
      {
        doc: "Variables of its environment, beside `PATH`, `HOME`, `USER`, `LOGNAME` and `LC_ALL`. They never stand in the arguments of a process, so a secret may be among them.",
        role: "control",
      },
    ),
    only_if: command({ doc: "Guard: it runs only if this command ends with 0." }),
    run: typed(
      {
        type: "union",
        members: [{ type: "command" }, { type: "list", of: { type: "string" }, length: { min: 1 } }],
      },
      {
        doc: 'What to run: a program and its arguments, or a command for the shell, sh"…". It comes after what the recipe has at the absolute paths that it names.',
        required: true,
        role: "control",
      },
    ),
    sensitive: bool({
      doc: "`true` keeps its command, environment and input, and all that it and its guard print, out of every plan, report and document; `--show-private` shows it.",
      default: false,
      role: "control",
    }),
    stdin: text({
      doc: "Its standard input; empty unless stated. A secret may be in it.",
      blob: true,
      role: "control",
    }),
    unless: command({ doc: "Guard: it runs unless this command ends with 0." }),
    user: text({ doc: "Who runs it, and its guard. root unless stated.", role: "control" }, "[^-:/\\s][^:/\\n]*"),
    watch: list(
      { type: "string", pattern: "/.*" },
      {
        doc: "Guard: it runs when the files that match are others than at its last success. `*` and `?` stay within one part of a path, `**` is any depth, `{a,b}` is a choice.",
        role: "control",
      },
    ),
  },

  validate: (want): readonly Problem[] => [...guardProblems(want), ...environmentProblems(want)],

  footprint: (want): readonly Footprint[] => {
    const { creates, cwd, env, user, run, unless, only_if: onlyIf, watch } = want.properties;
    const lines: Footprint[] = [];
    if (typeof cwd === "string") lines.push({ mode: "needs", key: `file:${cwd}`, because: "it runs in it" });
    if (typeof user === "string" && user !== "root") {
      lines.push({ mode: "needs", key: `user:${user}`, because: "it runs as this user" });
    }
    for (const key of textsOf(run).slice(0, 1).flatMap(programKeys))
      lines.push({ mode: "reads", key, because: "it runs it" });
    lines.push(...programFootprint(commandOf(run), "it runs it"));
    for (const guard of [unless, onlyIf]) lines.push(...programFootprint(commandOf(guard), "its guard runs it"));
    for (const { base, depth } of textsOf(watch).flatMap(globSearches)) {
      const key = depth === 0 ? `file:${base}` : `tree:${base}`;
      lines.push({ mode: "reads", key, because: "`watch` names it" });
    }
    if (typeof creates === "string") lines.push({ mode: "provides", key: `file:${creates}`, because: "it creates it" });
    lines.push(...namedFootprint(run, "its command names it", lines));
    for (const value of env instanceof Map ? env.values() : [])
      lines.push(...namedFootprint(value, "its environment names it", lines));
    for (const guard of [unless, onlyIf]) lines.push(...namedFootprint(guard, "its guard names it", lines));
    return lines;
  },

  probe: () => undefined,
  read: (_output, wants) => new Map(wants.map((want) => [want.title, { state: "present" }])),
  difference: () => [],
  isPrivate: (want) => want.properties["sensitive"] === true,
  action: () => "run",
  fingerprint: () => "-",

  guard: (want): Guard | undefined => {
    const { always, creates, unless, only_if: onlyIf, watch } = want.properties;
    if (isGiven(always)) return { property: "always", call: call("execute_always"), confirms: false };
    if (typeof creates === "string") {
      return { property: "creates", call: call("execute_missing", creates), confirms: true };
    }
    if (isGiven(unless)) {
      return { property: "unless", call: call("execute_unless", ...commandWords(want, unless)), confirms: true };
    }
    if (isGiven(onlyIf)) {
      return { property: "only_if", call: call("execute_only_if", ...commandWords(want, onlyIf)), confirms: true };
    }
    if (isGiven(watch)) {
      return { property: "watch", call: call("execute_watch", want.title, ...watchWords(want)), confirms: false };
    }
    return undefined;
  },

  apply: (want) => [runCall(want)],
  react: (want) => [runCall(want)],
});

function guardProblems(want: Want): readonly Problem[] {
  const given: readonly string[] = guardNames.filter((name) => isGiven(want.properties[name]));
  const guards = want.stated.has("when") ? [...given, "when"] : given;
  if (guards.length === 1) return [];
  if (guards.length === 0) {
    return [
      {
        code: "P410",
        message: `execute["${want.title}"] has no guard`,
        hints: [
          'a command needs one of: creates = "/path", unless = sh"…", only_if = sh"…", when <observed>, watch = ["/glob"], always = "why"',
        ],
      },
    ];
  }
  const named = guards.map((name) => `\`${name}\``);
  return [
    {
      code: "P411",
      property: given.at(-1) ?? "run",
      message: `execute["${want.title}"] has ${guards.length} guards: ${named.join(", ")}`,
      hints: ["one guard decides whether a command runs: keep one of them"],
    },
  ];
}

/** Names that hold the values of holes in its commands. */
function environmentProblems(want: Want): readonly Problem[] {
  const { env } = want.properties;
  const reserved = env instanceof Map ? [...env.keys()].filter((name) => name.startsWith("galley_")) : [];
  return reserved.map((name) => ({
    code: "S111",
    property: "env",
    message: `the variable \`${name}\` is not free: names that begin with \`galley_\` hold the values of holes in sh"…"`,
    hints: ["give it another name"],
  }));
}

function runCall(want: Want): Call {
  const { run, stdin } = want.properties;
  const bytes = blobOf(stdin);
  const input: Argument = bytes && bytes.size > 0 ? { blob: bytes.digest } : "";
  return call("execute_run", want.title, input, ...watchWords(want), ...commandWords(want, run));
}

/** COUNT {BASE DEPTH REGEX}... */
function watchWords(want: Want): readonly string[] {
  const searches = textsOf(want.properties["watch"]).flatMap(globSearches);
  return [String(searches.length), ...searches.flatMap(({ base, depth, regex }) => [base, String(depth), regex])];
}

/** DIR USER COUNT {NAME VALUE}... FORM WORD... */
function commandWords(want: Want, value: Value | undefined): readonly string[] {
  const { cwd, user, env } = want.properties;
  const variables = env instanceof Map ? [...env].filter(isTextEntry) : [];
  const shell = commandOf(value);
  return [
    typeof cwd === "string" ? cwd : "",
    typeof user === "string" ? user : "",
    String(variables.length),
    ...variables.flat(),
    ...(shell ? ["shell", shell.script, ...shell.arguments] : ["argv", ...textsOf(value)]),
  ];
}

function isTextEntry(entry: readonly [string, Value]): entry is [string, string] {
  return typeof entry[1] === "string";
}

function isGiven(value: Value | undefined): boolean {
  return value !== undefined && value !== null;
}
