import type { Expression, FunctionDeclaration, TypeNode } from "../../../grammar/ast.ts";
import type { Diagnostic, Related } from "../../../grammar/diagnostic.ts";
import type { Span } from "../../../grammar/source.ts";
import type { DataEntry } from "../../data/data.ts";
import type { CompilerHost } from "../../compiler-host.ts";
import type { Type } from "../../kind/type.ts";
import type { LifeCycleEvent } from "../../life-cycle.ts";
import { type Beyond, type Code, diagnostic, type MessageData } from "../../messages.ts";
import type { Module, Program } from "../../program.ts";
import { type Failure, reported, type Result, Unsealed } from "./failure.ts";
import type { HostValue } from "../values/host-value.ts";
import type { Hosts } from "./hosts.ts";
import type { Observes } from "./observes.ts";
import { type Composite, type Declaring, isGroup } from "./declared-resource.ts";
import type { Prepared } from "./prepare.ts";
import type { Registry } from "./registry.ts";
import type { Scope } from "./scope.ts";
import { Skipped } from "./skipped.ts";
import { Deep, type Thunk, Touches } from "./thunk.ts";

/** Levels of expressions beyond which a name is forced from a fresh stack instead. */
const deepNames = 100;
/** Levels of expressions beyond which nothing is evaluated: those of names, and the 500 that the parser lets one expression have. */
const deepest = 650;
/** Functions of the recipe that may be within each other's calls. */
const deepestCalls = 50;
/** Places that a message names of the way that led to a mistake. */
const longestWay = 5;
/** Turns of all loops of one evaluation together. */
const mostTurns = 1_000_000;

/** What came of a computation, and what it touched on the way. */
export interface Settled {
  readonly result: Result;
  readonly touches: Touches;
}

/** `expect CONDITION` where it was reached. */
export interface Expectation {
  readonly condition: Expression;
  readonly scope: Scope;
  readonly within: Composite;
}

/** The state of one evaluation: its findings, and what the value that is being computed has touched so far. */
export class Run {
  /** What is the same for all hosts. */
  readonly prepared: Prepared;
  /** The machines that the recipe knows. */
  readonly hosts: Hosts;
  /** The value of `host`; missing while hosts themselves are made out, before there is a machine. */
  readonly machine: HostValue | undefined;
  /** Events of the host's life that are brought about. */
  readonly events: ReadonlySet<LifeCycleEvent>;
  /** How messages call the machine. */
  readonly hostName: string;
  readonly diagnostics: Diagnostic[] = [];
  readonly registry: Registry;
  readonly observes: Observes;
  /** What might have been declared by statements that were not carried out. */
  readonly skipped: Skipped;
  private readonly evaluateNode: (run: Run, expression: Expression, scope: Scope) => Result;
  /** What hid entries of data on this host; undefined for those that were used. */
  readonly dataUses = new Map<DataEntry, string | undefined>();
  /** What must hold once everything has been declared. */
  readonly expectations: Expectation[] = [];
  /** Whether one resource comes before another for sure; known once there is a catalog. */
  precedes: ((first: string, then: string) => boolean) | undefined = undefined;
  private readonly once = new Set<string>();
  private readonly calls: { readonly declaration: FunctionDeclaration; readonly span: Span }[] = [];
  /** The resource whose body is being carried out, or whose parts are being computed. */
  within: Composite | undefined = undefined;
  private readonly running: Thunk[] = [];
  private touched = new Touches();
  private depth = 0;
  private turns = 0;

  constructor(parts: {
    readonly prepared: Prepared;
    readonly hosts: Hosts;
    readonly machine: HostValue | undefined;
    readonly events: ReadonlySet<LifeCycleEvent>;
    readonly hostName: string;
    readonly registry: Registry;
    readonly observes: Observes;
    readonly evaluate: (run: Run, expression: Expression, scope: Scope) => Result;
  }) {
    this.prepared = parts.prepared;
    this.hosts = parts.hosts;
    this.machine = parts.machine;
    this.events = parts.events;
    this.hostName = parts.hostName;
    this.registry = parts.registry;
    this.observes = parts.observes;
    this.skipped = new Skipped(parts.registry);
    this.evaluateNode = parts.evaluate;
  }

  get program(): Program {
    return this.prepared.program;
  }

  get host(): CompilerHost {
    return this.program.host;
  }

  /** Adds a finding; what it returns takes the place of the missing value. */
  report<C extends Code>(code: C, span: Span, data: MessageData[C], beyond?: Beyond): Failure {
    const found = diagnostic(code, span, data, beyond);
    const led = this.wayTo(span);
    this.diagnostics.push(led.length === 0 ? found : { ...found, related: [...(found.related ?? []), ...led] });
    return reported;
  }

  /** The calls of functions and the declarations through which a place inside one of them was reached, the nearest first. */
  private wayTo(span: Span): readonly Related[] {
    const way: Related[] = [];
    let at = span;
    for (let index = this.calls.length - 1; index >= 0; index--) {
      const call = this.calls[index];
      if (!call || !contains(call.declaration.span, at)) continue;
      way.push({ span: call.span, message: `\`${call.declaration.name.text}\` is called here` });
      at = call.span;
    }
    for (let composite = this.within; composite;) {
      const [declaring]: readonly Declaring[] = composite.declarings;
      if (!declaring) break;
      if (!isGroup(composite) && contains(composite.definition.node.span, at)) {
        way.push({ span: declaring.span, message: `${composite.id} is declared here` });
        at = declaring.span;
      }
      composite = declaring.container;
    }
    // Where it began and how it ended tell more than the middle of a long way.
    return way.length <= longestWay ? way : [...way.slice(0, longestWay - 1), ...way.slice(-1)];
  }

  /** Runs a computation for a resource of the user's own; what is wrong inside it names the declaration that led there. */
  inside<T>(composite: Composite | undefined, compute: () => T): T {
    const outer = this.within;
    this.within = composite;
    const result = compute();
    this.within = outer;
    return result;
  }

  /** Notes that data was looked at: it was used, or what hid it. */
  noteData(entries: readonly DataEntry[], hiddenBy: string | undefined): void {
    for (const entry of entries) {
      const known = this.dataUses.has(entry) ? this.dataUses.get(entry) : hiddenBy;
      this.dataUses.set(entry, known === undefined ? undefined : hiddenBy);
    }
  }

  /** Runs a computation whose mistakes count only if its value is missed; they are not reported. */
  quietly<T>(compute: () => T): T {
    const before = this.diagnostics.length;
    const result = compute();
    this.diagnostics.length = before;
    return result;
  }

  /** Adds a finding that several resources may share, such as a word in a body with several titles, the first time only. */
  reportOnce<C extends Code>(code: C, span: Span, data: MessageData[C]): Failure {
    const key = `${code} ${span.file.path} ${span.start}`;
    if (this.once.has(key)) return reported;
    this.once.add(key);
    return this.report(code, span, data);
  }

  /** The value of an expression in a scope. */
  evaluate(expression: Expression, scope: Scope): Result {
    if (this.depth > deepest) return this.report("E402", expression.span, {});
    this.depth += 1;
    const result = this.evaluateNode(this, expression, scope);
    this.depth -= 1;
    return result;
  }

  /** The value of a name, computed now if it has not been; what it was made from counts as touched. */
  force(thunk: Thunk): Result {
    if (thunk.state === "idle") {
      if (this.depth > deepNames) return new Deep(thunk);
      const outer = this.touched;
      const own = new Touches();
      this.touched = own;
      thunk.state = "running";
      this.running.push(thunk);
      const value = thunk.compute();
      this.running.pop();
      this.touched = outer;
      if (value instanceof Deep || value instanceof Unsealed) {
        thunk.state = "idle";
        return value;
      }
      if (!own.isEmpty) thunk.touches = own;
      thunk.value = value;
      thunk.state = "done";
    } else if (thunk.state === "running") {
      return this.cycle(this.running.slice(this.running.indexOf(thunk)));
    }
    if (thunk.touches) this.touched.add(thunk.touches, thunk.boundary);
    return thunk.value;
  }

  /** Runs a computation from the outermost level, where deep chains of names can be taken apart. */
  settle(compute: () => Result): Settled {
    for (;;) {
      const outer = this.touched;
      const touches = new Touches();
      this.touched = touches;
      const result = compute();
      this.touched = outer;
      if (!(result instanceof Deep)) return { result, touches };
      const stuck = this.forceChain(result.thunk);
      if (stuck) return { result: stuck, touches };
    }
  }

  /** Forces the names that a deep chain ends in, the last one first; returns what keeps one of them from having a value. */
  private forceChain(first: Thunk): Unsealed | undefined {
    const waiting = [first];
    for (let thunk = waiting.at(-1); thunk; thunk = waiting.at(-1)) {
      const result = this.force(thunk);
      if (!(result instanceof Deep)) {
        waiting.pop();
        if (result instanceof Unsealed) return result;
      } else if (waiting.includes(result.thunk)) {
        const cycle = waiting.slice(waiting.indexOf(result.thunk));
        result.thunk.value = this.cycle(cycle);
        result.thunk.state = "done";
      } else waiting.push(result.thunk);
    }
    return undefined;
  }

  private cycle(thunks: readonly Thunk[]): Failure {
    const named = thunks.filter(({ name }) => name !== "");
    const cycle = named.length > 0 ? named : thunks;
    const first = cycle.reduce((a, b) => (b.span.file === a.span.file && b.span.start < a.span.start ? b : a));
    const from = cycle.indexOf(first);
    const names = [...cycle.slice(from), ...cycle.slice(0, from)].map((thunk) => thunk.name);
    return this.report("T123", first.span, { names });
  }

  /** Notes that the value being computed refers to a resource. */
  touchReference(id: string, span: Span): void {
    this.touched.addReference(id, span);
  }

  /** Notes that the value being computed was made from an observe. */
  touchObserve(key: string): void {
    this.touched.addObserve(key);
  }

  /** Counts turns of a loop; a failure when there have been too many. */
  count(turns: number, span: Span): Failure | undefined {
    this.turns += turns;
    return this.turns > mostTurns ? this.report("E401", span, { what: "turns", limit: mostTurns }) : undefined;
  }

  /** Runs the body of a function of the recipe; one that is running already is not entered again. */
  call(declaration: FunctionDeclaration, span: Span, body: () => Result): Result {
    const at = this.calls.findIndex((call) => call.declaration === declaration);
    if (at >= 0) {
      const names = this.calls.slice(at).map((call) => call.declaration.name.text);
      return this.report("T140", declaration.name.span, { names });
    }
    if (this.calls.length >= deepestCalls) return this.report("E402", span, { calls: deepestCalls });
    this.calls.push({ declaration, span });
    const result = body();
    this.calls.pop();
    return result;
  }

  /** What a written type means; the checker has reported what is wrong with it. */
  typeOf(node: TypeNode, module: Module): Type {
    return this.prepared.typeOf(node, module);
  }
}

function contains(outer: Span, inner: Span): boolean {
  return outer.file === inner.file && outer.start <= inner.start && inner.end <= outer.end;
}
