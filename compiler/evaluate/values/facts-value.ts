import type { Facts } from "../../kind/facts.ts";
import type { RecordValue, Value } from "../../kind/value.ts";

/** The value of `host`. A fact is looked at when the recipe comes to it, not before. */
export function factsValue(facts: Facts): RecordValue {
  const { os } = facts;
  const system = new LazyRecord({
    family: () => os.family,
    id: () => os.id,
    version: () => os.version,
    codename: () => os.codename,
  } satisfies Readonly<Record<keyof Facts["os"], () => Value>>);
  return new LazyRecord({
    name: () => facts.name,
    hostname: () => facts.hostname,
    os: () => system,
    architecture: () => facts.architecture,
    cpus: () => facts.cpus,
    memory: () => ({ type: "size", bytes: facts.memory }),
    address: () => facts.address,
    addresses: () => facts.addresses,
    init: () => facts.init,
    package_manager: () => facts.package_manager,
  } satisfies Readonly<Record<keyof Facts, () => Value>>);
}

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
