import type { Declaration, FunctionDeclaration } from "../grammar/ast.ts";
import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { BuiltinFunction } from "./builtin-function.ts";
import { reportDecisions } from "./check/program/decisions.ts";
import type { Checker } from "./check/checker.ts";
import { buildBodyScope, buildSharedScope, silently } from "./check/names/body-scopes.ts";
import { withoutEchoes } from "./check/program/echoes.ts";
import { entityOf } from "./check/names/entity.ts";
import { expect } from "./check/expressions/expect.ts";
import { findHead, resolveHead } from "./check/names/heads.ts";
import { infer } from "./check/expressions/infer.ts";
import { plainValue } from "./check/names/loop-names.ts";
import { ownResources, type OwnResource } from "./own-resource.ts";
import { reportEndlessResources, reportCycles } from "./check/program/cycles.ts";
import { withoutRepeats } from "./check/program/repeats.ts";
import { innerScope, type Binding, type Scope } from "./check/names/name-scope.ts";
import { reportShadowing } from "./check/names/shadowing.ts";
import { checkItems } from "./check/statements/check-items.ts";
import { checkData } from "./check/program/check-data.ts";
import { reportUndeclaredFiles } from "./check/program/undeclared-files.ts";
import { checkParts, checkTypeNode } from "./check/types/type-nodes.ts";
import { compareText } from "./evaluate/values/values.ts";
import type { Module, Program } from "./program.ts";
import { resolveTypeDeclaration } from "./resolve-type.ts";

/**
 * Finds every mistake that can be found without a host: in all branches, of all files of the program. What loading and
 * parsing found is in `program.diagnostics` and is not repeated.
 */
export function check(program: Program, functions: ReadonlyMap<string, BuiltinFunction>): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const checker = makeChecker(program, functions, found);
  for (const module of program.modules) checkModule(module, checker);
  reportCycles(checker);
  reportEndlessResources(checker);
  reportDecisions(checker);
  reportUndeclaredFiles(checker);
  checkData(checker, checker.fileResource(program.root));
  const order = new Map(program.modules.map((module, index) => [module.source.path, index]));
  const place = (diagnostic: Diagnostic): number => order.get(diagnostic.span.file.path) ?? order.size;
  const sorted = found.sort(
    (a, b) =>
      place(a) - place(b) ||
      compareText(a.span.file.path, b.span.file.path) ||
      a.span.start - b.span.start ||
      a.span.end - b.span.end,
  );
  return withoutRepeats(withoutEchoes(sorted, program.diagnostics));
}

function makeChecker(program: Program, functions: ReadonlyMap<string, BuiltinFunction>, found: Diagnostic[]): Checker {
  const seen = new Set<string>();
  const shared = new Map<Module, Scope>();
  const bodies = new Map<OwnResource, Scope>();
  const { root, all: resources } = ownResources(program);
  let quiet = 0;
  let owner: Binding | undefined;
  let declarations: ReadonlyMap<string, readonly Declaration[]> | undefined;
  const checker: Checker = {
    program,
    functions,
    resources,
    trace: { observed: false, given: false },
    place: { deciding: undefined, depth: 0, inEvent: false, inExpect: false },
    needs: new Map(),
    decisions: [],
    report: (diagnostic) => {
      if (quiet > 0) return;
      const { span, code } = diagnostic;
      const key = `${code} ${span.start} ${span.end} ${span.file.path}`;
      if (seen.has(key)) return;
      seen.add(key);
      found.push(diagnostic);
    },
    reported: () => found.length,
    quietly: (run) => {
      quiet += 1;
      const result = run();
      quiet -= 1;
      return result;
    },
    making: (next, run) => {
      const outer = { owner, quiet, deciding: checker.place.deciding };
      owner = next;
      quiet = 0;
      checker.place.deciding = undefined;
      checker.place.depth += 1;
      const result = run();
      checker.place.depth -= 1;
      owner = outer.owner;
      quiet = outer.quiet;
      checker.place.deciding = outer.deciding;
      return result;
    },
    use: (binding) => {
      if (!owner) return;
      const needed = checker.needs.get(owner);
      if (needed) needed.add(binding);
      else checker.needs.set(owner, new Set([binding]));
    },
    infer: (expression, scope) => infer(expression, scope, checker),
    expect: (expression, type, scope, subject) => expect(expression, type, scope, subject, checker),
    isQualifier: (name, scope) => {
      const entity = entityOf(name, scope, checker);
      return entity?.type === "module" || entity?.type === "std";
    },
    findHead: (name, module) => findHead(name, module, checker),
    resolveHead: (name, module) => resolveHead(name, module, checker),
    bodyScope: (resource) => remember(bodies, resource, () => buildBodyScope(resource, checker)),
    sharedScope: (module) => remember(shared, module, () => buildSharedScope(module, checker)),
    fileResource: (module) => (module.isRoot ? root : (resources.get(module.name) ?? root)),
    declarationsOf: (kind) => (declarations ??= declarationsByKind(checker, root)).get(kind) ?? [],
  };
  return checker;
}

function remember<Key, Made>(known: Map<Key, Made>, key: Key, make: () => Made): Made {
  const made = known.get(key) ?? make();
  known.set(key, made);
  return made;
}

function declarationsByKind(checker: Checker, root: OwnResource): ReadonlyMap<string, readonly Declaration[]> {
  const all = new Map<string, Declaration[]>();
  for (const resource of [root, ...checker.resources.values()]) {
    for (const declaration of resource.declarations) {
      const head = findHead(declaration.kind, resource.module, checker);
      if (!head || head.type === "unknown" || head.type === "host") continue;
      const kind = head.type === "kind" ? head.kind.name : head.resource.kind;
      const known = all.get(kind);
      if (known) known.push(declaration);
      else all.set(kind, [declaration]);
    }
  }
  return all;
}

function checkModule(module: Module, checker: Checker): void {
  const shared = checker.sharedScope(module);
  for (const declaration of module.types.values()) {
    resolveTypeDeclaration(declaration, module, checker.report);
    checkParts(declaration.definition, shared, checker);
  }
  for (const declaration of module.functions.values()) checkFunction(declaration, shared, checker);
  for (const resource of checker.resources.values()) {
    if (resource.module === module && resource.node.type === "resource") checkResource(resource, checker);
  }
  const file = checker.fileResource(module);
  checkItems(module.ast.items, checker.bodyScope(file), "file", file, checker);
}

function checkResource(resource: OwnResource, checker: Checker): void {
  const scope = checker.bodyScope(resource);
  if (resource.title) checkTypeNode(resource.title.valueType, scope, checker);
  checkItems(resource.items, scope, "resource", resource, checker);
}

function checkFunction(declaration: FunctionDeclaration, shared: Scope, checker: Checker): void {
  const names = new Map<string, Binding>();
  const scope = innerScope(shared, names);
  for (const { name, valueType, default: value } of declaration.parameters) {
    checkTypeNode(valueType, shared, checker);
    const type = silently(valueType, shared.module);
    if (value) checker.expect(value, type, shared, `\`${name.text}\``);
    reportShadowing(name, "a parameter", names, shared, checker);
    names.set(name.text, plainValue(name, "a parameter", type, { observed: false, given: true }));
  }
  checkTypeNode(declaration.result, shared, checker);
  const result = silently(declaration.result, shared.module);
  const binding = shared.names.get(declaration.name.text);
  const run = (): void => checker.expect(declaration.body, result, scope, `the result of ${declaration.name.text}`);
  if (binding?.type === "function") checker.making(binding, run);
  else run();
}
