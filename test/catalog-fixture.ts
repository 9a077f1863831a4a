import { type SourceFile, type Span, startsOfLines } from "../grammar/source.ts";
import type { Catalog, Container, Edge, Observe, Resource, ResourceId } from "../compiler/catalog.ts";
import type { Facts } from "../compiler/kind/facts.ts";
import type { Have, ReadContext } from "../compiler/kind/kind.ts";
import type { Blob, Command, Value } from "../compiler/kind/value.ts";
import { fixtureKinds } from "./kinds-fixture.ts";
import type { GuardReading, Owed, Reading, State } from "../compiler/state.ts";

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
export type Extras = Partial<Pick<Resource, "containers" | "retry" | "timeoutMilliseconds" | "isPartial" | "when">> & {
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
    const declared = fixtureKinds[kindName];
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
  readonly closedFolders?: readonly string[];
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
    closedFolders: new Set(host.closedFolders),
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
