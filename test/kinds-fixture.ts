import { call, probe } from "../compiler/kind/call.ts";
import type { Footprint } from "../compiler/kind/footprint.ts";
import { type Have, kind, type Kind, type Want } from "../compiler/kind/kind.ts";
import { bool, command, list, mode, oneOf, path, set, text, typed } from "../compiler/kind/properties.ts";
import type { Value } from "../compiler/kind/value.ts";

const state = oneOf("present", "absent")({ doc: "", default: "present" });
const pathTitle = { type: { type: "string", refinement: "path" }, name: "path", doc: "" } as const;
const nameTitle = { type: { type: "string" }, name: "name", doc: "" } as const;
const common = { doc: "", example: "", read: () => new Map<string, Have>() };
const isAbsent = (want: Want) => want.properties["state"] === "absent";

function wordOf(value: Value | undefined): string {
  if (typeof value === "object" && value !== null && "digest" in value) return value.digest;
  if (typeof value === "object" && value !== null && "bits" in value) return value.bits.toString(8);
  return typeof value === "string" || typeof value === "boolean" ? `${value}` : "-";
}

function pathFootprint(want: Want): readonly Footprint[] {
  const key = `file:${want.title}`;
  if (isAbsent(want)) return [{ mode: "removes", key, because: "it removes it" }];
  const parent = want.title.slice(0, want.title.lastIndexOf("/"));
  const { owner } = want.properties;
  return [
    ...(parent === "" ? [] : [{ mode: "needs", key: `file:${parent}`, because: "it is inside it" } as const]),
    ...(typeof owner === "string" && owner !== "root"
      ? [{ mode: "needs", key: `user:${owner}`, because: "it is its owner" } as const]
      : []),
    { mode: "provides", key, because: "it is that path" },
  ];
}

const file = kind({
  ...common,
  name: "file",
  title: pathTitle,
  properties: {
    content: text({ doc: "", blob: true }),
    mode: mode({ doc: "", default: { type: "mode", bits: 0o644 } }),
    owner: text({ doc: "", default: "root" }),
    state,
    verify: command({ doc: "" }),
  },
  footprint: pathFootprint,
  probe: (wants) =>
    probe(
      "file_probe",
      wants.map(({ title }) => title),
    ),
  refuses: (_want, have) => (have.state === "other:directory" ? "a directory stands there" : undefined),
  fingerprint: (have) => `${have.state} ${wordOf(have["content"])} ${wordOf(have["mode"])} ${wordOf(have["owner"])}`,
  apply: (want) => {
    const { content } = want.properties;
    const bytes =
      typeof content === "object" && content !== null && "digest" in content ? [{ blob: content.digest }] : [];
    return [call(isAbsent(want) ? "file_remove" : "file_apply", want.title, ...bytes)];
  },
});

const directory = kind({
  ...common,
  name: "directory",
  title: pathTitle,
  properties: {
    mode: mode({ doc: "", default: { type: "mode", bits: 0o755 } }),
    owner: text({ doc: "", default: "root" }),
    state,
  },
  footprint: (want) => [
    ...(isAbsent(want)
      ? [{ mode: "reads", key: `tree:${want.title}`, because: "it must be empty before it is removed" } as const]
      : []),
    ...pathFootprint(want),
  ],
  probe: (wants) =>
    probe(
      "directory_probe",
      wants.map(({ title }) => title),
    ),
  fingerprint: (have) => `${have.state} ${wordOf(have["mode"])} ${wordOf(have["owner"])}`,
  apply: (want) => [call("directory_apply", want.title)],
});

const link = kind({
  ...common,
  name: "link",
  title: pathTitle,
  properties: { state, to: text({ doc: "" }) },
  footprint: pathFootprint,
  probe: (wants) =>
    probe(
      "link_probe",
      wants.map(({ title }) => title),
    ),
  fingerprint: (have) => `${have.state} ${wordOf(have["to"])}`,
  apply: (want) => [call("link_apply", want.title)],
});

const packageKind = kind({
  ...common,
  name: "package",
  title: nameTitle,
  properties: { hold: bool({ doc: "" }), state, version: text({ doc: "" }) },
  footprint: ({ title, properties }) =>
    properties["state"] === "absent"
      ? [{ mode: "removes", key: `package:${title}`, because: "it removes the package" }]
      : [
          { mode: "provides", key: `package:${title}`, because: "it installs the package" },
          ...["service", "program", "user", "group"].map((type): Footprint => ({
            mode: "may-provide",
            key: `${type}:${title}`,
            because: "the package has its name",
          })),
        ],
  probe: (wants) =>
    probe(
      "package_probe",
      wants.map(({ title }) => title),
    ),
  fingerprint: (have) => `${have.state} ${wordOf(have["version"])}`,
  apply: ({ title }) => [call("package_apply", title)],
  transaction: (wants) => [call("package_transaction", ...wants.map(({ title }) => title))],
});

const service = kind({
  ...common,
  name: "service",
  title: nameTitle,
  events: ["reload", "restart"],
  properties: {
    enabled: bool({ doc: "", default: true }),
    state: oneOf("running", "stopped")({ doc: "", default: "running" }),
    watch: list({ type: "string" }, { doc: "", role: "control" }),
  },
  footprint: ({ title, properties: { watch } }) => [
    { mode: "needs", key: `service:${title}`, because: "it is its unit" },
    { mode: "reads", key: `package:${title}`, because: "the package has its name" },
    ...(Array.isArray(watch) ? watch : []).map((glob): Footprint => ({
      mode: "reads",
      key: `tree:${String(glob).replace(/\/[^/]*[*].*$/, "")}`,
      because: `it watches ${glob}`,
    })),
  ],
  probe: (wants) =>
    probe(
      "service_probe",
      wants.map(({ title }) => title),
    ),
  action: (want, _have, changes) => {
    if (!changes.some(({ property }) => property === "state")) return "update";
    return want.properties["state"] === "stopped" ? "stop" : "start";
  },
  difference: ({ properties }, have) =>
    (["state", "enabled"] as const).flatMap((property) => {
      const [from, to] = [have[property], properties[property]];
      return to === undefined || from === to ? [] : [{ property, ...(from === undefined ? {} : { from }), to }];
    }),
  fingerprint: (have) => `${have.state} ${wordOf(have["enabled"])}`,
  apply: ({ title }) => [call("service_apply", title)],
  react: ({ title, properties }, event) =>
    properties["state"] === "running" ? [call("service_react", title, event)] : [],
});

const user = kind({
  ...common,
  name: "user",
  title: nameTitle,
  properties: { groups: set({ type: "string" }, { doc: "" }), home: path({ doc: "" }), state, uid: text({ doc: "" }) },
  footprint: ({ title, properties: { groups, home, state: wanted, uid } }) =>
    wanted === "absent"
      ? [{ mode: "removes", key: `user:${title}`, because: "it removes the login" }]
      : [
          ...(Array.isArray(groups) ? groups : []).map((group): Footprint => ({
            mode: "needs",
            key: `group:${group}`,
            because: "the login belongs to it",
          })),
          ...(typeof home === "string"
            ? [{ mode: "provides", key: `file:${home}`, because: "it is its home" } as const]
            : []),
          ...(typeof uid === "string"
            ? [{ mode: "provides", key: `uid:${uid}`, because: "it has this number" } as const]
            : []),
          { mode: "provides", key: `user:${title}`, because: "it is that login" },
          { mode: "reads", key: `group:${title}`, because: "it becomes its login group" },
          { mode: "provides", key: `group:${title}`, because: "a login brings a group of its name" },
        ],
  probe: (wants) =>
    probe(
      "user_probe",
      wants.map(({ title }) => title),
    ),
  fingerprint: (have) => have.state,
  apply: ({ title }) => [call("user_apply", title)],
});

const group = kind({
  ...common,
  name: "group",
  title: nameTitle,
  properties: { state },
  footprint: ({ title, properties }) => [
    {
      mode: properties["state"] === "absent" ? "removes" : "provides",
      key: `group:${title}`,
      because: "it is that group",
    },
  ],
  probe: (wants) =>
    probe(
      "group_probe",
      wants.map(({ title }) => title),
    ),
  fingerprint: (have) => have.state,
  apply: ({ title }) => [call("group_apply", title)],
});

const guards = ["always", "creates", "only_if", "unless", "watch"];

const execute = kind({
  ...common,
  name: "execute",
  title: nameTitle,
  events: ["run"],
  properties: {
    always: text({ doc: "" }),
    creates: path({ doc: "" }),
    only_if: command({ doc: "" }),
    run: typed({ type: "list", of: { type: "string" } }, { doc: "" }),
    unless: command({ doc: "" }),
    watch: list({ type: "string" }, { doc: "", role: "control" }),
  },
  footprint: ({ properties: { creates, run } }) => [
    ...(Array.isArray(run) ? [{ mode: "reads", key: `program:${run[0]}`, because: "it runs it" } as const] : []),
    ...(typeof creates === "string"
      ? [{ mode: "provides", key: `file:${creates}`, because: "it creates it" } as const]
      : []),
  ],
  probe: () => undefined,
  fingerprint: () => "-",
  apply: ({ title }) => [call("execute_run", title)],
  guard: ({ title, properties }) => {
    const property = guards.find((name) => properties[name] !== undefined);
    return property === undefined
      ? undefined
      : { property, call: call("execute_guard", title), confirms: property !== "always" };
  },
  react: ({ title }) => [call("execute_run", title)],
});

/** Kinds as plain as tests of the planner want them, by name: they have the shape of the real ones and do nothing. */
export const fixtureKinds: Readonly<Record<string, Kind>> = {
  directory,
  execute,
  file,
  group,
  link,
  package: packageKind,
  service,
  user,
};
