import type { DataPlace } from "../../data/data.ts";
import type { Facts } from "../../kind/facts.ts";
import { type DeclaredHost, hostsOf, type LayerOrder, type Site } from "../../site.ts";
import { type DeclaredFacts, HostValue } from "../values/host-value.ts";
import { failed, type Result } from "./failure.ts";

/** The names of the hosts of a stack or a layer, or what keeps them from being known. */
export type Members = (kind: string) => Result;

/** The machines of a site as an evaluation sees them: what is declared of each, and the facts that have been read. */
export class Hosts {
  /** The facts that were asked for and have not been read, by host. */
  readonly missing = new Map<string, Set<string>>();
  /** Which layers are done before which. */
  readonly order: readonly LayerOrder[];
  private readonly declared: Map<string, DeclaredHost>;
  private readonly values = new Map<string, HostValue>();
  private readonly factsOf: (name: string) => Facts | undefined;
  private readonly members: Members;
  /** All stacks and layers. */
  private readonly kinds: readonly string[];

  constructor(
    { hosts, layers, order, stacks }: Omit<Site, "diagnostics">,
    factsOf: (name: string) => Facts | undefined,
    members: Members = () => [],
  ) {
    this.declared = new Map(hosts);
    this.order = order;
    this.kinds = [...stacks.keys(), ...layers.keys()];
    this.factsOf = factsOf;
    this.members = members;
  }

  /** The machines of a whole site, of which some have been read. */
  static of(site: Site, factsOf: (name: string) => Facts | undefined): Hosts {
    return new Hosts(site, factsOf, (kind) => hostsOf(site, kind));
  }

  /** All declared machines, by name. */
  get all(): ReadonlyMap<string, DeclaredHost> {
    return this.declared;
  }

  /** Makes a machine known. */
  declare(host: DeclaredHost): void {
    this.declared.set(host.name, host);
  }

  /** The value of a declared host; undefined when none is declared by this name. */
  get(name: string): HostValue | undefined {
    const known = this.values.get(name);
    if (known) return known;
    const declared = this.declared.get(name);
    return declared && this.make(declared, this.factsOf(name));
  }

  /** The value of the machine that is compiled for, which the recipe need not declare. */
  own(facts: Facts): HostValue {
    if (this.declared.size > 0) {
      const declared = this.declared.get(facts.name);
      if (declared) return this.make(declared, facts);
    }
    const plain: DeclaredFacts = {
      get name() {
        return facts.name;
      },
      labels: new Map(),
    };
    return new HostValue(plain, facts);
  }

  /** What a machine belongs to, as data is chosen for it. */
  placeOf(machine: HostValue | undefined): DataPlace {
    const host = machine?.hostName ?? "";
    const groups = machine ? this.kinds.filter((kind) => this.isIn(kind, machine)) : [];
    const layers = groups.filter((kind) => kind.includes("."));
    return {
      host,
      layers: new Set(layers.flatMap((kind) => [kind, kind.slice(kind.indexOf(".") + 1)])),
      stacks: new Set(groups.filter((kind) => !kind.includes("."))),
    };
  }

  /** Whether a machine belongs to a stack or a layer. */
  isIn(kind: string, machine: HostValue | undefined): boolean {
    const names = this.members(kind);
    return machine !== undefined && Array.isArray(names) && names.includes(machine.hostName);
  }

  /** The values of the hosts of a stack or a layer. */
  ofGroup(kind: string): Result {
    const names = this.members(kind);
    if (failed(names) || !Array.isArray(names)) return names;
    return names.flatMap((name) => (typeof name === "string" ? (this.get(name) ?? []) : []));
  }

  private make(declared: DeclaredFacts, facts: Facts | undefined): HostValue {
    const { name } = declared;
    const value = new HostValue(declared, facts, (fact) => {
      const missed = this.missing.get(name) ?? new Set();
      this.missing.set(name, missed.add(fact));
    });
    this.values.set(name, value);
    return value;
  }
}
