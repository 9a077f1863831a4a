import { expect, test } from "vitest";
import { debian12 } from "../stdlib/facts/debian-12.ts";
import { Hosts } from "./evaluate/state/hosts.ts";
import type { HostValue } from "./evaluate/values/host-value.ts";
import { noSite } from "./site.ts";
import type { Facts } from "./kind/facts.ts";
import type { Value } from "./kind/value.ts";
import { watchFacts } from "./watched-facts.ts";

function valueOf(facts: Facts): HostValue {
  return Hosts.of(noSite, () => undefined).own(facts);
}

const other: Facts = {
  name: "other",
  hostname: "other",
  os: { family: "debian", id: "ubuntu", version: "24.04", codename: "noble" },
  architecture: "aarch64",
  cpus: 8,
  memory: 1,
  address: "192.0.2.1",
  addresses: ["192.0.2.1"],
  init: "none",
  package_manager: "none",
};

/** Whether what was computed by looking at `host` in this way holds for the other machine. */
function holds(look: (host: ReadonlyMap<string, Value>) => void): boolean {
  const watched = watchFacts(debian12);
  look(valueOf(watched.facts));
  return watched.agreeWith(other);
}

function system(host: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
  const value = host.get("os");
  if (!(value instanceof Map)) throw new Error("os is a record");
  return value;
}

test("what looks at nothing holds for every machine", () => {
  expect(holds(() => undefined)).toBe(true);
  expect(holds((host) => [...host.keys(), host.has("cpus"), host.size])).toBe(true);
  expect(holds(system)).toBe(true);
});

test("what looks at a fact holds for machines that agree in it", () => {
  expect(holds((host) => system(host).get("family"))).toBe(true);
  expect(holds((host) => system(host).get("id"))).toBe(false);
  for (const name of Object.keys(debian12).filter((key) => key !== "os")) {
    expect(
      holds((host) => host.get(name)),
      name,
    ).toBe(false);
    const watched = watchFacts(debian12);
    valueOf(watched.facts).get(name);
    expect(watched.agreeWith({ ...debian12, os: other.os }), name).toBe(true);
  }
});

test("what goes through all facts looks at each", () => {
  expect(holds((host) => [...host])).toBe(false);
  expect(holds((host) => [...host.values()])).toBe(false);
  expect(holds((host) => [...host.entries()])).toBe(false);
  expect(holds((host) => host.forEach(() => undefined))).toBe(false);
  expect(holds((host) => [...system(host)])).toBe(false);
});

test("the value of host is what the facts say", () => {
  const host = valueOf(debian12);
  const fields = new Map(
    [...host].map(([name, value]) => [name, value instanceof Map ? Object.fromEntries(value) : value]),
  );
  expect(Object.fromEntries(fields)).toEqual({
    ...debian12,
    labels: {},
    memory: { type: "size", bytes: 4_294_967_296 },
  });
  expect([...host.keys()].map((name) => host.get(name))).toEqual([...host.values()]);
});
