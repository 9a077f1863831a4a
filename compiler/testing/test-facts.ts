import type { Expression } from "../../grammar/ast.ts";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import type { Span } from "../../grammar/source.ts";
import { isObject, listOf, oneOf, record, text, whole } from "../plan-file/shape.ts";
import type { Facts } from "../kind/facts.ts";
import { diagnostic } from "../messages.ts";
import type { Program } from "../program.ts";
import { suggest } from "../suggest.ts";

type Read = { readonly facts: Facts } | { readonly problem: Diagnostic };

/** The machine that a test is for: `host = facts("debian-12")`, or the first of those that are recorded. */
export function factsOfTest(
  host: Expression | undefined,
  program: Program,
  recorded: readonly [Facts, ...Facts[]],
): Read {
  if (!host) return { facts: recorded[0] };
  const [argument, ...others] = host.type === "call" ? host.arguments : [];
  const isCall = host.type === "call" && host.callee.type === "name" && host.callee.name === "facts";
  const name =
    argument?.type === "string" && argument.parts.every(({ type }) => type === "text")
      ? argument.parts.map((part) => (part.type === "text" ? part.text : "")).join("")
      : undefined;
  if (!isCall || name === undefined || others.length > 0)
    return { problem: diagnostic("E211", host.span, { names: recorded.map((facts) => facts.name) }) };
  return readFacts(name, argument?.span ?? host.span, program, recorded);
}

function readFacts(name: string, span: Span, { host, root }: Program, recorded: readonly Facts[]): Read {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
    const path = host.resolve(root.source.path, `facts/${name}.json`);
    const read = host.read(path);
    if ("bytes" in read) return factsIn(path, new TextDecoder().decode(read.bytes), span);
    if (read.problem !== "missing")
      return { problem: diagnostic("E501", span, { path, problem: read.problem, detail: read.detail }) };
  }
  const found = recorded.find((facts) => facts.name === name);
  if (found) return { facts: found };
  const names = recorded.map((facts) => facts.name);
  return { problem: diagnostic("E212", span, { name, suggestion: suggest(name, names), names }) };
}

const shape = record({
  name: text,
  hostname: text,
  os: record({
    family: oneOf("alpine", "arch", "debian", "redhat", "suse", "other"),
    id: text,
    version: text,
    codename: text,
  }),
  architecture: text,
  cpus: whole,
  memory: whole,
  address: text,
  addresses: listOf(text),
  init: oneOf("openrc", "systemd", "none", "other"),
  package_manager: oneOf("apk", "apt", "dnf", "none", "pacman", "zypper"),
});

/** The facts of a file beside the recipe; it holds all of them, and nothing else. */
function factsIn(path: string, json: string, span: Span): Read {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return { problem: diagnostic("E213", span, { path, problem: error instanceof Error ? error.message : "no JSON" }) };
  }
  const misfit = shape(value, "");
  if (isFacts(value)) return { facts: value };
  const where = misfit?.path.replace(/^\./, "") ?? "";
  const problem = `${where === "" ? "it" : where} should be ${misfit?.wanted ?? "facts"}`;
  return { problem: diagnostic("E213", span, { path, problem }) };
}

function isFacts(value: unknown): value is Facts {
  return isObject(value) && shape(value, "") === undefined;
}
