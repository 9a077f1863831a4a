import { type SourceFile, type Span, startsOfLines } from "../grammar/source.ts";
import type { Catalog, Container, Edge, Observe, Resource, ResourceId } from "./catalog.ts";
import { call, probe } from "./kind/call.ts";
import type { Facts } from "./kind/facts.ts";
import type { Footprint } from "./kind/footprint.ts";
import { type Have, kind, type Kind, type ReadContext, type Want } from "./kind/kind.ts";
import { bool, command, list, mode, oneOf, path, set, text, typed } from "./kind/properties.ts";
import type { Blob, Command, Value } from "./kind/value.ts";
import type { GuardReading, Owed, Reading, State } from "./state.ts";

/** Facts of a Debian 12 machine, for tests. */
export const debian: Facts = {
  name: "web1",
  hostname: "web1",
  os: { family: "debian", id: "debian", version: "12", codename: "bookworm" },
  architecture: "x86_64",
  cpus: 2,
  memory: 2_147_483_648,
  address: "10.0.0.21",
  addresses: ["10.0.0.21"],
  init: "systemd",
  package_manager: "apt",
};

/** The context of a host whose only login is root. */
export const context: ReadContext = { facts: debian, primaryGroup: (user) => (user === "root" ? "root" : undefined) };

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
    ...(parent === "" ? [] : [{ mode: "needs", key: `file:${parent}`, because: "it lies in it" } as const]),
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
  footprint: ({ title, properties: { groups, home, state: wanted } }) =>
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

const kinds: Readonly<Record<string, Kind>> = {
  directory,
  execute,
  file,
  group,
  link,
  package: packageKind,
  service,
  user,
};

/** Bytes with a made-up digest that differs with the text. */
export function blob(content: string): Blob {
  let hash = 7;
  for (const character of content) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 4_294_967_291;
  const bytes = new TextEncoder().encode(content);
  return { type: "blob", digest: hash.toString(16).padStart(8, "0").repeat(8), size: bytes.length, bytes };
}

/** A command without holes. */
export function shell(script: string): Command {
  return { type: "command", script, arguments: [], shown: script };
}

/** What a test says of a resource beside its properties. */
export type Extras = Partial<Pick<Resource, "containers" | "retry" | "timeoutMilliseconds" | "when">> & {
  readonly through?: boolean;
};

const recipeLines = 1000;

/** A made-up recipe: each declaration of a fixture stands on the next of its lines. */
const recipe: SourceFile = {
  path: "site.recipe",
  text: Array.from({ length: recipeLines }, (_, line) => `line ${line + 1}\n`).join(""),
};

/** Builds a catalog as a recipe would, each declaration on a line of its own. */
export class CatalogFixture {
  readonly resources: Resource[] = [];
  readonly containers: Container[] = [];
  readonly edges: Edge[] = [];
  readonly observes: Observe[] = [];
  #line = 0;

  /** The next line of the made-up recipe. */
  #span(): Span {
    const start = startsOfLines(recipe)[Math.min(this.#line, recipeLines - 1)] ?? 0;
    this.#line += 1;
    return { file: recipe, start, end: start + `line ${this.#line}`.length };
  }

  /** Declares a resource; a text for `content` becomes its bytes. Returns its name. */
  declare(
    kindName: string,
    title: string,
    properties: Readonly<Record<string, Value>> = {},
    extras: Extras = {},
  ): ResourceId {
    const declared = kinds[kindName];
    if (!declared) throw new Error(`the fixture has no kind ${kindName}`);
    const id = `${kindName}["${title}"]`;
    const span = this.#span();
    const all: Record<string, Value> = {};
    for (const [name, property] of Object.entries(declared.properties)) {
      const value = properties[name] ?? property.default;
      if (value !== undefined) all[name] = property.blob && typeof value === "string" ? blob(value) : value;
    }
    const { through = (extras.containers ?? []).length > 0, ...rest } = extras;
    this.resources.push({
      id,
      kind: declared,
      want: {
        title,
        properties: all,
        stated: new Set(Object.keys(properties)),
      },
      origins: new Map(Object.keys(properties).map((name) => [name, span])),
      declared: [
        {
          span,
          through: through ? [span] : [],
        },
      ],
      containers: [],
      ...rest,
    });
    return id;
  }

  /** Declares a resource of the person's own. */
  contain(id: ResourceId, containers: readonly ResourceId[] = []): ResourceId {
    const span = this.#span();
    this.containers.push({ id, declared: [{ span, through: containers.length > 0 ? [span] : [] }], containers });
    return id;
  }

  /** `to` requires `from`. */
  require(to: ResourceId, from: ResourceId): void {
    this.edges.push({ from, to, reason: "require", because: "you wrote `require`", span: this.#span() });
  }

  /** `from` notifies `to`. */
  notify(from: ResourceId, to: ResourceId, event: string): void {
    this.edges.push({ from, to, reason: "notify", event, because: "you wrote `notify`", span: this.#span() });
  }

  /** Declares an observe; returns its index. */
  observe(name: string, script: string, result: Observe["result"] = "bool", optional = false): number {
    const index = this.observes.length;
    this.observes.push({ index, name, span: this.#span(), command: shell(script), result, optional });
    return index;
  }

  get catalog(): Catalog {
    const { resources, containers, edges, observes } = this;
    return { host: "web1", resources, containers, edges, observes, blobs: new Map() };
  }
}

/** What a test says of a host: states by resource name; resources it does not name are absent, services stopped for good. */
export interface HostFixture {
  readonly have?: Readonly<Record<ResourceId, Have>>;
  readonly unreadable?: Readonly<Record<ResourceId, string>>;
  readonly keys?: Readonly<Record<string, boolean>>;
  readonly guards?: Readonly<Record<ResourceId, number | GuardReading>>;
  readonly owed?: readonly Owed[];
  readonly contents?: Readonly<Record<string, string>>;
  readonly users?: readonly string[];
  readonly observes?: readonly GuardReading[];
}

/** The read state of a host. */
export function stateOf(catalog: Catalog, host: HostFixture = {}): State {
  const readings = catalog.resources.flatMap((resource): readonly (readonly [ResourceId, Reading])[] => {
    const problem = host.unreadable?.[resource.id];
    if (problem !== undefined) return [[resource.id, { unreadable: problem }]];
    if (resource.kind.name === "execute") return [];
    return [[resource.id, { have: host.have?.[resource.id] ?? { state: "absent" } }]];
  });
  return {
    resources: new Map(readings),
    keys: new Map(Object.entries(host.keys ?? {})),
    guards: new Map(
      Object.entries(host.guards ?? {}).map(([id, reading]) => [
        id,
        typeof reading === "number" ? { status: reading, output: "" } : reading,
      ]),
    ),
    owed: host.owed ?? [],
    contents: new Map(
      Object.entries(host.contents ?? {}).map(([name, content]) => [name, new TextEncoder().encode(content)]),
    ),
    primaryGroups: new Map(["root", ...(host.users ?? [])].map((name) => [name, name])),
    observes: new Map((host.observes ?? []).map((reading, index) => [index, reading])),
  };
}

/** The state a resource has once it is as its want says. */
export function applied(resource: Resource): Have {
  const wanted = resource.want.properties["state"];
  return { ...resource.want.properties, state: typeof wanted === "string" ? wanted : "present" };
}
