import type { Declaration } from "../../../grammar/ast.ts";
import type { Span } from "../../../grammar/source.ts";
import { hostProperties } from "../../host-type.ts";
import type { Value } from "../../kind/value.ts";
import type { DeclaredHost } from "../../site.ts";
import { givenThunk } from "../resources/given.ts";
import type { Given } from "../state/declared-resource.ts";
import { type Failure, failed } from "../state/failure.ts";
import type { Place } from "../state/place.ts";
import type { Run } from "../state/run.ts";
import { fit } from "../values/fit.ts";
import { describe, isList, isRecord } from "../values/values.ts";

/** Names that may stand in a target, a file name and a selector, and are no option of a command. */
const hostName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/;

/** Carries out `host "web1" { … }`: makes its machines known. */
export function declareHost(run: Run, node: Declaration, { scope }: Place): Failure | undefined {
  const given: Given = { scope, entries: node.body?.entries ?? [], thunks: new Map(), names: undefined };
  for (const title of node.titles) {
    const { result } = run.settle(() => run.evaluate(title.value, scope));
    if (failed(result)) return result;
    if (title.spread && !isList(result))
      return run.report("T149", title.value.span, { has: describe(result), into: "titles" });
    for (const name of title.spread && isList(result) ? result : [result]) {
      const failure = addHost(run, name, title.span, given);
      if (failure) return failure;
    }
  }
  return undefined;
}

function addHost(run: Run, name: Value, span: Span, given: Given): Failure | undefined {
  if (typeof name !== "string")
    return run.report("E108", span, { subject: "the name of a host", wants: "text", has: describe(name) });
  if (!hostName.test(name)) return run.report("H104", span, { host: name });
  const twin = run.hosts.all.get(name);
  if (twin) {
    const related = [{ span: twin.span, message: "first here" }];
    return run.report("H102", span, { host: name }, { related });
  }
  const values = new Map<string, Value>();
  for (const property of Object.keys(hostProperties)) {
    const value = propertyOf(run, given, property);
    // With a mistake in what is said of it, there is the host all the same.
    if (!failed(value) && value !== undefined) values.set(property, value);
  }
  run.hosts.declare(describeHost(name, span, values));
  return undefined;
}

function propertyOf(run: Run, given: Given, name: string): Value | Failure | undefined {
  const type = hostProperties[name];
  const { result } = run.settle(() => {
    const thunk = givenThunk(run, given, name);
    if (failed(thunk)) return thunk;
    if (!thunk || !type) return null;
    const value = run.force(thunk);
    if (failed(value)) return value;
    return fit(run, value, type, {
      subject: name,
      span: thunk.span,
      expression: thunk.source?.expression,
      scope: thunk.source?.scope,
    });
  });
  return result === null ? undefined : result;
}

function describeHost(name: string, span: Span, values: ReadonlyMap<string, Value>): DeclaredHost {
  const text = (property: string) => {
    const value = values.get(property);
    return typeof value === "string" ? value : undefined;
  };
  const port = values.get("port");
  const labels = values.get("labels") ?? null;
  const address = text("address");
  const login = text("login");
  return {
    name,
    span,
    labels: new Map(
      isRecord(labels)
        ? [...labels].flatMap(([key, value]) => (typeof value === "string" ? [[key, value] as const] : []))
        : [],
    ),
    ...(address === undefined ? {} : { address }),
    ...(typeof port === "number" ? { port } : {}),
    ...(login === undefined ? {} : { login }),
  };
}
