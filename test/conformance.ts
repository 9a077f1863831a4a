import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeCompilerHost } from "../cli/node-compiler-host.ts";
import { readShellLibrary } from "../cli/shell-library.ts";
import { check } from "../compiler/check.ts";
import { evaluate } from "../compiler/evaluate.ts";
import { prepare } from "../compiler/evaluate/state/prepare.ts";
import { builtinFunctions } from "../compiler/functions/table.ts";
import { order } from "../compiler/graph.ts";
import type { Kind, Want } from "../compiler/kind/kind.ts";
import { load } from "../compiler/loader.ts";
import { frame } from "../grammar/frame.ts";
import { debian12 } from "../stdlib/facts/debian-12.ts";
import { kinds } from "../stdlib/index.ts";
import { drive } from "./verbs/converge.ts";
import { scratchFolder } from "./verbs/scratch.ts";
import { shells } from "./verbs/shells.ts";
import { context, want } from "./verbs/wants.ts";

/** A way through states that a resource is taken, each reached from the one before. */
export interface ConformanceCase {
  readonly name: string;
  /** What there is before, and what is wanted one after another; each must differ from what it finds. */
  readonly states: (folder: string) => readonly Want[];
}

const root = join(import.meta.dirname, "..");
const library = await readShellLibrary();

/** Holds a kind to what all kinds promise; `cases` are those that need neither root nor a machine of their own. */
export function conform(kind: Kind, cases: readonly ConformanceCase[]): void {
  test(`${kind.name}: all of it is documented, its properties in order`, () => {
    const sentences = [kind.doc, kind.title.doc, ...Object.values(kind.properties).map((property) => property.doc)];
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z`].*[.]$/s);
    const names = Object.keys(kind.properties);
    expect(names).toEqual(names.toSorted());
    expect(new Set(kind.events).size).toBe(kind.events.length);
  });

  test(`${kind.name}: its example compiles by itself`, () => {
    const { resources, problems } = compileText(kind.example);
    expect(problems).toEqual([]);
    expect(new Set(resources)).toEqual(new Set([kind.name]));
  });

  test(`${kind.name}: every verb that it names is in the shell library`, () => {
    for (const verb of verbsOf(kind)) expect(library).toMatch(new RegExp(`^${verb}\\(\\) [{(]$`, "m"));
  });

  for (const shell of shells) {
    test(`${kind.name}, ${shell.name}: what nobody has made is absent, or it says why it cannot tell`, () => {
      const wanted = want(kind, titleOf(kind));
      const probe = kind.probe([wanted], context());
      if (!probe) return expect(kind.fingerprint({ state: "present" })).toMatch(/^[ -~]+$/);
      const have = drive(kind, shell, context()).read(wanted).get(wanted.title);
      if (have) return expect(have.state).toBe("absent");
      return expect(kind.unreadable?.(new Uint8Array(), [wanted], context()).get(wanted.title)).toMatch(/ /);
    });

    for (const one of cases) {
      test(`${kind.name}, ${shell.name}: ${one.name}`, () => {
        const folder = scratchFolder("conformance");
        const { difference, apply, read, state } = drive(kind, shell, context());
        try {
          for (const wanted of one.states(folder)) {
            const look = (): void => {
              const have = read(wanted).get(wanted.title);
              const fingerprint = have && kind.fingerprint(have);
              expect(fingerprint).toMatch(/^[ -~]+$/);
              expect(state(wanted)).toBe(fingerprint);
            };
            look();
            expect(difference(wanted)).not.toEqual([]);
            const [changed] = apply(wanted);
            expect(changed).toEqual({ status: 0, changed: true, stdout: "", stderr: "" });
            look();
            expect(difference(wanted)).toEqual([]);
            const [again] = apply(wanted);
            expect(again).toEqual({ status: 0, changed: false, stdout: "", stderr: "" });
          }
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      });
    }
  }
}

/** Compiles a recipe for a Debian 12: the kinds of its resources, and what is wrong with it. */
function compileText(text: string): { readonly resources: readonly string[]; readonly problems: readonly string[] } {
  const host = nodeCompilerHost(join(root, "cookbooks"), root);
  const path = "example.recipe";
  const bytes = new TextEncoder().encode(text);
  const reading = { ...host, read: (asked: string) => (asked === path ? { bytes } : host.read(asked)) };
  const program = load(path, reading, new Map(kinds.map((kind) => [kind.name, kind])));
  const { catalog, diagnostics } = evaluate(prepare(program), { facts: debian12 }, { unobserved: "unknown" });
  const found = [
    ...program.diagnostics,
    ...check(program, builtinFunctions),
    ...diagnostics,
    ...(catalog ? order(catalog, debian12).diagnostics : []),
  ];
  return {
    resources: catalog?.resources.map((resource) => resource.kind.name) ?? [],
    problems: found.map((diagnostic) => frame(diagnostic)),
  };
}

/** Verbs that calls, probes and the runner's questions use, for a resource with nothing but its defaults in each state. */
function verbsOf(kind: Kind): ReadonlySet<string> {
  const { state } = kind.properties;
  const states = state?.type.type === "literals" ? state.type.values : [undefined];
  const wants = states.map((value) => want(kind, titleOf(kind), value === undefined ? {} : { state: value }));
  return new Set([
    `${kind.name}_state`,
    ...wants.flatMap((one) => [
      ...(kind.probe([one], context()) ? [kind.probe([one], context())?.verb ?? ""] : []),
      ...kind.apply(one, undefined, context()).map((call) => call.verb),
      ...kind.events.flatMap((event) => kind.react?.(one, event) ?? []).map((call) => call.verb),
      ...(kind.transaction?.([one], context()) ?? []).map((call) => call.verb),
    ]),
  ]);
}

function titleOf(kind: Kind): string {
  const { type } = kind.title;
  return type.type === "string" && type.refinement === "path" ? "/galley-no-such-path" : "galley-no-such-name";
}
