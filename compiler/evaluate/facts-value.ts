import type { Facts } from "../kind/facts.ts";
import type { RecordValue, Value } from "../kind/value.ts";

/** The value of `host`. */
export function factsValue(facts: Facts): RecordValue {
  const fields: { readonly [Name in keyof Facts]: Value } = {
    name: facts.name,
    hostname: facts.hostname,
    os: new Map(Object.entries(facts.os)),
    architecture: facts.architecture,
    cpus: facts.cpus,
    memory: { type: "size", bytes: facts.memory },
    address: facts.address,
    addresses: facts.addresses,
    init: facts.init,
    package_manager: facts.package_manager,
  };
  return new Map(Object.entries(fields));
}
