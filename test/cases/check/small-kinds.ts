import { kind, type Kind, type Property } from "../../../compiler/kind/kind.ts";
import {
  bool,
  command,
  int,
  list,
  map,
  mode,
  oneOf,
  path,
  set,
  text,
  typed,
} from "../../../compiler/kind/properties.ts";
import type { Type } from "../../../compiler/kind/type.ts";

const string: Type = { type: "string" };
const aPath: Type = { type: "string", refinement: "path" };
const doc = "For the tests.";
const state = oneOf("present", "absent")({ doc, default: "present" });
const verify = command({ doc, scope: { candidate: aPath } });

function small(
  name: string,
  title: { readonly name: string; readonly type: Type },
  properties: Readonly<Record<string, Property>>,
  events: readonly string[] = [],
): Kind {
  return kind({
    name,
    title: { ...title, doc },
    doc,
    example: "",
    properties,
    events,
    footprint: () => [],
    probe: () => undefined,
    read: () => new Map(),
    fingerprint: () => "",
    apply: () => [],
  });
}

const label = { name: "label", type: string };
const name = { name: "name", type: string };
const pathTitle = { name: "path", type: aPath };
const owner = text({ doc, default: "root" });

const all: readonly Kind[] = [
  small("directory", pathTitle, { state, owner, mode: mode({ doc }) }),
  small(
    "execute",
    label,
    {
      run: typed(
        { type: "union", members: [{ type: "list", of: string }, { type: "command" }] },
        { doc, required: true },
      ),
      creates: path({ doc }),
      unless: command({ doc }),
      env: map({ type: "union", members: [string, { type: "secret", of: string }] }, { doc }),
      stdin: text({ doc }),
      value: command({ doc }),
    },
    ["run"],
  ),
  small("file", pathTitle, {
    content: text({ doc, blob: true }),
    source: path({ doc, reads: "source" }),
    state,
    owner,
    mode: mode({ doc }),
    verify,
  }),
  small("link", pathTitle, { state, to: text({ doc, required: true }) }),
  small("package", name, { state, version: text({ doc }) }),
  small(
    "service",
    { name: "unit", type: string },
    {
      state: oneOf("running", "stopped")({ doc, default: "running" }),
      enabled: bool({ doc, default: true }),
      watch: list(string, { doc }),
      verify: command({ doc }),
    },
    ["reload", "restart"],
  ),
  small(
    "user",
    { name: "name", type: { type: "string", pattern: "[a-z_][a-z0-9_-]*" } },
    {
      state,
      uid: int({ doc }, { min: 0, max: 65_535 }),
      groups: set(string, { doc }),
      home: path({ doc }),
      shell: path({ doc }),
      password: typed({ type: "optional", of: { type: "secret", of: string } }, { doc }),
    },
  ),
];

/** A few kinds that change only when the cases do. */
export const smallKinds: ReadonlyMap<string, Kind> = new Map(all.map((one) => [one.name, one]));
