import type { Kind, Problem } from "../../../compiler/kind/kind.ts";
import { kind } from "../../../compiler/kind/kind.ts";
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

/** What no case looks at: these kinds never meet a machine. */
const unread = {
  doc: "",
  example: "",
  footprint: () => [],
  probe: () => undefined,
  read: () => new Map(),
  fingerprint: () => "",
  apply: () => [],
} as const;

const doc = "";
const state = oneOf("present", "absent")({ doc, default: "present" });

const execute = kind({
  ...unread,
  name: "execute",
  events: ["run"],
  title: { type: { type: "string" }, name: "label", doc },
  properties: {
    run: typed(
      { type: "union", members: [{ type: "command" }, { type: "list", of: { type: "string" }, length: { min: 1 } }] },
      { doc, required: true },
    ),
    unless: command({ doc }),
    env: map({ type: "string" }, { doc }),
    stdin: text({ doc, blob: true }),
  },
  validate: (want): readonly Problem[] =>
    want.stated.has("unless") || want.stated.has("when")
      ? []
      : [
          {
            code: "P410",
            message: `execute[${JSON.stringify(want.title)}] has no guard`,
            hints: ["add unless or when"],
          },
        ],
});

const file = kind({
  ...unread,
  name: "file",
  title: { type: { type: "string", refinement: "path" }, name: "path", doc },
  properties: {
    content: text({ doc, blob: true }),
    source: path({ doc, reads: "source" }),
    owner: typed({ type: "optional", of: { type: "string" } }, { doc, default: "root" }),
    mode: mode({ doc, default: { type: "mode", bits: 0o644 } }),
    verify: command({ doc, scope: { candidate: { type: "string" } } }),
    state,
  },
  validate: ({ stated, properties }): readonly Problem[] =>
    stated.has("content") && stated.has("source")
      ? [
          {
            code: "P411",
            property: "source",
            message: `it has both content and source (${String(properties["mode"] !== undefined)})`,
          },
        ]
      : [],
});

const packageKind = kind({
  ...unread,
  name: "package",
  title: { type: { type: "string", pattern: "[a-z0-9.+-]+" }, name: "name", doc },
  properties: { version: text({ doc }), hold: bool({ doc }), state },
});

const service = kind({
  ...unread,
  name: "service",
  title: { type: { type: "string" }, name: "unit", doc },
  events: ["reload", "restart"],
  properties: {
    state: oneOf("running", "stopped")({ doc, default: "running" }),
    watch: list({ type: "string" }, { doc }),
  },
});

const user = kind({
  ...unread,
  name: "user",
  title: { type: { type: "string", pattern: "[a-z_][a-z0-9_-]*" }, name: "name", doc },
  properties: {
    uid: int({ doc }, { min: 0, max: 65535 }),
    home: path({ doc }),
    shell: path({ doc, default: "/bin/sh" }),
    groups: set({ type: "string" }, { doc }),
    state,
  },
});

/** A few kinds with properties of every sort, for cases that look at the language and not at what Galley ships. */
export const kinds: ReadonlyMap<string, Kind> = new Map(
  [execute, file, packageKind, service, user].map((one) => [one.name, one]),
);
