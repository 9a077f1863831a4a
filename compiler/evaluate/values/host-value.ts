import type { Facts } from "../../kind/facts.ts";
import type { RecordValue, Value } from "../../kind/value.ts";

/** A record whose fields are computed each time they are asked for. */
class LazyRecord extends Map<string, Value> {
  readonly #fields: Readonly<Record<string, () => Value>>;

  constructor(fields: Readonly<Record<string, () => Value>>) {
    super(Object.keys(fields).map((name) => [name, null]));
    this.#fields = fields;
  }

  override get(name: string): Value | undefined {
    return this.has(name) ? this.#fields[name]?.() : undefined;
  }

  override *entries(): MapIterator<[string, Value]> {
    for (const [name, field] of Object.entries(this.#fields)) yield [name, field()];
    return undefined;
  }

  override *values(): MapIterator<Value> {
    for (const [, value] of this.entries()) yield value;
    return undefined;
  }

  override forEach(use: (value: Value, name: string, map: Map<string, Value>) => void): void {
    for (const [name, value] of this.entries()) use(value, name, this);
  }

  override [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }
}

/** What is known of a host before it is read, from its declaration. */
export interface DeclaredFacts {
  readonly name: string;
  readonly address?: string;
  readonly labels: ReadonlyMap<string, string>;
}

/** The value of `host`. A fact is looked at when the recipe comes to it, not before. */
export class HostValue extends LazyRecord {
  private readonly declared: DeclaredFacts;
  private readonly read: Facts | undefined;

  /** `missing` is told of a fact that is asked for and was not read; it is none then. */
  constructor(declared: DeclaredFacts, read: Facts | undefined, missing: (fact: string) => void = () => {}) {
    const fact = (name: keyof Facts, value: (facts: Facts) => Value): Value => {
      if (read) return value(read);
      missing(name);
      return null;
    };
    super({
      name: () => declared.name,
      hostname: () => fact("hostname", ({ hostname }) => hostname),
      os: () => fact("os", ({ os }) => systemValue(os)),
      architecture: () => fact("architecture", ({ architecture }) => architecture),
      cpus: () => fact("cpus", ({ cpus }) => cpus),
      memory: () => fact("memory", ({ memory }) => ({ type: "size", bytes: memory })),
      address: () => declared.address ?? fact("address", ({ address }) => address),
      addresses: () => fact("addresses", ({ addresses }) => addresses),
      init: () => fact("init", ({ init }) => init),
      labels: () => declared.labels,
      package_manager: () => fact("package_manager", (facts) => facts.package_manager),
    } satisfies Readonly<Record<keyof Facts | "labels", () => Value>>);
    this.declared = declared;
    this.read = read;
  }

  /** How the recipe calls the machine. */
  get hostName(): string {
    return this.declared.name;
  }

  /** Whether a field has its value. */
  knows(field: string): boolean {
    if (this.read || field === "name" || field === "labels") return true;
    return field === "address" && this.declared.address !== undefined;
  }
}

function systemValue(os: Facts["os"]): RecordValue {
  return new LazyRecord({
    family: () => os.family,
    id: () => os.id,
    version: () => os.version,
    codename: () => os.codename,
  } satisfies Readonly<Record<keyof Facts["os"], () => Value>>);
}
