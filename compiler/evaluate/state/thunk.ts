import type { Expression } from "../../../grammar/ast.ts";
import type { Span } from "../../../grammar/source.ts";
import { Failure, type Result } from "./failure.ts";
import type { Scope } from "./scope.ts";

const noReferences: ReadonlyMap<string, Span> = new Map();
const noObserves: ReadonlySet<string> = new Set();

/** Which resources and observes a value was made from; edges and conditions come from it. Most values touch nothing. */
export class Touches {
  private referenced: Map<string, Span> | undefined;
  private observed: Set<string> | undefined;

  /** Resources by id, with the place of the reference that touched each first. */
  get references(): ReadonlyMap<string, Span> {
    return this.referenced ?? noReferences;
  }

  /** Keys of observes. */
  get observes(): ReadonlySet<string> {
    return this.observed ?? noObserves;
  }

  get isEmpty(): boolean {
    return !this.referenced && !this.observed;
  }

  addReference(id: string, span: Span): void {
    this.referenced ??= new Map();
    if (!this.referenced.has(id)) this.referenced.set(id, span);
  }

  addObserve(key: string): void {
    this.observed ??= new Set();
    this.observed.add(key);
  }

  /** Takes over what another value touched, or only its observes. */
  add(other: Touches, onlyObserves = false): void {
    for (const key of other.observes) this.addObserve(key);
    if (!onlyObserves) for (const [id, span] of other.references) this.addReference(id, span);
  }
}

/** A name's value that is computed when it is first needed, and at most once. */
export class Thunk {
  /** What it is called, for the message about a cycle; empty for what only stands behind another name. */
  readonly name: string;
  readonly span: Span;
  /** Set while it is being computed or once it has been. */
  state: "done" | "idle" | "running" = "idle";
  value: Result = null;
  touches: Touches | undefined = undefined;
  readonly compute: () => Result;
  /** The expression it is the value of, when it is just that; conditions and messages look through it. */
  source: { readonly expression: Expression; readonly scope: Scope } | undefined;
  /** Key of the observe whose answer it is. */
  readonly observe: string | undefined;
  /** It belongs to a resource of its own: a reference to it means that resource, not what it was made from. */
  readonly boundary: boolean;

  constructor(
    name: string,
    span: Span,
    compute: () => Result,
    more: {
      readonly source?: { readonly expression: Expression; readonly scope: Scope };
      readonly observe?: string;
      readonly boundary?: boolean;
    } = {},
  ) {
    this.name = name;
    this.span = span;
    this.compute = compute;
    this.source = more.source;
    this.observe = more.observe;
    this.boundary = more.boundary === true;
  }
}

/** A thunk whose value needs no computing. */
export function knownThunk(name: string, span: Span, value: Result): Thunk {
  const thunk = new Thunk(name, span, () => value);
  thunk.value = value;
  thunk.state = "done";
  return thunk;
}

/** Says that the stack has become deep: this thunk is to be forced first, from a fresh one. */
export class Deep extends Failure {
  readonly thunk: Thunk;
  constructor(thunk: Thunk) {
    super();
    this.thunk = thunk;
  }
}
