import type { BodyEntry, Timeout } from "../../../grammar/ast.ts";
import { type Span, textOf } from "../../../grammar/source.ts";
import type { Condition, ResourceId } from "../../catalog.ts";
import type { Type } from "../../kind/type.ts";
import { conditionOf } from "./conditions.ts";
import type { Composite, Declaring } from "../state/declared-resource.ts";
import { type Failure, failed, reported, Unanswered } from "../state/failure.ts";
import { fit } from "../values/fit.ts";
import { byWayOf } from "../resources/merge.ts";
import type { Run } from "../state/run.ts";
import type { Scope } from "../state/scope.ts";
import type { Touches } from "../state/thunk.ts";
import { isTagged } from "../values/values.ts";

/** What the clauses `when`, `retry` and `timeout` say of a resource. */
export interface Controls {
  readonly when?: Condition;
  readonly retry?: { readonly count: number; readonly everyMilliseconds: number };
  readonly timeoutMilliseconds?: number;
  /** What the condition was made from. */
  readonly touches: readonly Touches[];
  /** The answers as they were read say that the condition does not hold; what is only meant for when it does has no value. */
  readonly isOff: boolean;
}

/** One clause as read; equal ones have equal texts. */
interface Clause<Value> {
  readonly value: Value;
  readonly text: string;
  readonly span: Span;
}
interface When extends Clause<Condition> {
  readonly unknown: boolean;
  readonly isOff: boolean;
  readonly touches: Touches;
}
interface Found {
  when?: When;
  retry?: Clause<NonNullable<Controls["retry"]>>;
  timeout?: Clause<number>;
}

/** Milliseconds between tries when `retry` does not say. */
const defaultWait = 1000;
const timeoutType: Type = { type: "duration", range: { min: 1 } };

/** Reads the controls of one host's resources; those that contain others must be entered before them. */
export class ControlReader {
  private readonly run: Run;
  /** The conditions under which everything inside a resource stands, the outermost first. */
  private readonly around = new Map<Composite, readonly When[] | Failure>();

  constructor(run: Run) {
    this.run = run;
  }

  /** Notes the conditions around what a resource of the person's own contains. */
  enter(composite: Composite): void {
    const { id, declarings } = composite;
    for (const { given } of declarings) {
      for (const { type, span } of given.entries) {
        if (type === "retry" || type === "timeout") this.run.reportOnce("E204", span, { clause: type, id });
      }
    }
    const found = this.agreed(id, declarings);
    this.around.set(composite, failed(found) ? found : found.whens);
  }

  /** The controls of a resource; a failure when they are wrong. */
  of(id: ResourceId, declarings: readonly Declaring[]): Controls | Failure {
    const found = this.agreed(id, declarings);
    if (failed(found)) return found;
    const { whens, retry, timeout } = found;
    const [only] = whens;
    const all: Condition = { type: "and", of: whens.map(({ value }) => value) };
    return {
      ...(only && { when: whens.length === 1 ? only.value : all }),
      ...(retry && { retry: retry.value }),
      ...(timeout && { timeoutMilliseconds: timeout.value }),
      touches: whens.map(({ touches }) => touches),
      isOff: whens.some(({ isOff }) => isOff),
    };
  }

  /** What all declarations say alike. */
  private agreed(
    id: ResourceId,
    declarings: readonly Declaring[],
  ): (Omit<Found, "when"> & { readonly whens: readonly When[] }) | Failure {
    const [first, ...others] = declarings;
    if (!first) return { whens: [] };
    const found = this.read(first);
    if (failed(found)) return found;
    for (const other of others) {
      const again = this.read(other);
      if (failed(again)) return again;
      for (const clause of ["when", "retry", "timeout"] as const) {
        if (clause === "when" && [...found.whens, ...again.whens].some(({ unknown }) => unknown)) continue;
        const [one, two] =
          clause === "when" ? [together(found.whens), together(again.whens)] : [found[clause], again[clause]];
        if (one?.text !== two?.text)
          return this.disagree(id, clause, { declaring: first, clause: one }, { declaring: other, clause: two });
      }
    }
    return found;
  }

  private read(declaring: Declaring) {
    const around = this.around.get(declaring.container) ?? [];
    if (failed(around)) return around;
    const found: Found = {};
    for (const entry of declaring.given.entries) {
      const failure = readClause(this.run, entry, declaring.given.scope, found);
      if (!failure) continue;
      this.run.observes.miss(failure);
      return failure;
    }
    const { when, ...others } = found;
    return { ...others, whens: when ? [...around, when] : around };
  }

  private disagree(id: ResourceId, clause: string, one: Side, other: Side): Failure {
    this.run.report(
      "R204",
      (other.clause ?? other.declaring).span,
      { id, host: this.run.hostName, clause, here: sideWords(other, clause) },
      { related: [{ span: (one.clause ?? one.declaring).span, message: `here ${sideWords(one, clause)}` }] },
    );
    return reported;
  }
}

interface Side {
  readonly declaring: Declaring;
  readonly clause: { readonly span: Span } | undefined;
}

function sideWords({ declaring, clause }: Side, name: string): string {
  const words = clause ? textOf(clause.span).split("\n")[0] : `without \`${name}\``;
  return `${words ?? ""}${byWayOf(declaring)}`;
}

function together(whens: readonly When[]): { readonly text: string; readonly span: Span } | undefined {
  const last = whens.at(-1);
  return last && { text: whens.map(({ text }) => text).join(" and "), span: last.span };
}

function readClause(run: Run, entry: BodyEntry, scope: Scope, found: Found): Failure | undefined {
  const { span } = entry;
  if (entry.type === "when") {
    const made = conditionOf(run, entry.condition, scope);
    if (failed(made)) return made;
    const { result } = run.settle(() => run.evaluate(entry.condition, scope));
    found.when = {
      value: made.condition,
      text: JSON.stringify(made.condition),
      span,
      touches: made.touches,
      unknown: made.unknown === true,
      isOff: result === false || result instanceof Unanswered,
    };
  } else if (entry.type === "retry") {
    const value = { count: entry.count.value, everyMilliseconds: entry.every?.milliseconds ?? defaultWait };
    found.retry = { value, text: JSON.stringify(value), span };
  } else if (entry.type === "timeout") {
    const milliseconds = readTimeout(run, entry, scope);
    if (failed(milliseconds)) return milliseconds;
    found.timeout = { value: milliseconds, text: String(milliseconds), span };
  }
  return undefined;
}

function readTimeout(run: Run, { after }: Timeout, scope: Scope): number | Failure {
  const { result } = run.settle(() => {
    const value = run.evaluate(after, scope);
    return failed(value)
      ? value
      : fit(run, value, timeoutType, { subject: "timeout", span: after.span, expression: after, scope });
  });
  if (failed(result)) return result;
  if (result === null || !isTagged(result) || result.type !== "duration") throw new Error("a timeout is a duration");
  return result.milliseconds;
}
