import type { Range, Type } from "../kind/type.ts";

const refinements: Readonly<Record<string, readonly [one: string, many: string]>> = {
  cidr: ["a network such as 10.0.0.0/24", "networks"],
  hostname: ["a host name", "host names"],
  ip: ["an IP address", "IP addresses"],
  path: ["an absolute path", "absolute paths"],
  port: ["a port", "ports"],
  ssh_key: ["a public SSH key", "public SSH keys"],
  url: ["a URL", "URLs"],
  version: ["a version", "versions"],
};

/** A type in plain words, as it stands in a sentence: "a whole number", "a list of host names". */
export function typeWords(type: Type): string {
  return words(type, false);
}

function words(type: Type, many: boolean): string {
  switch (type.type) {
    case "string": {
      const named = type.refinement && refinements[type.refinement];
      if (named) return many ? named[1] : named[0];
      if (type.pattern !== undefined) return `text that matches "${type.pattern}"`;
      return type.length ? `text of ${rangeWords(type.length, "character")}` : many ? "texts" : "text";
    }
    case "int":
      if (type.refinement === "port" && !type.range) return many ? "ports" : "a port";
      return `${type.refinement === "port" ? (many ? "ports" : "a port") : many ? "whole numbers" : "a whole number"}${type.range ? ` ${limits(type.range)}` : ""}`;
    case "bool":
      return "true or false";
    case "mode":
      return many ? "file modes" : "a file mode";
    case "command":
      return many ? "commands" : "a command";
    case "none":
      return "none";
    case "duration":
      return many ? "durations" : "a duration";
    case "size":
      return many ? "sizes" : "a size";
    case "list":
      return `${many ? "lists" : "a list"} of ${words(type.of, true)}`;
    case "set":
      return `${many ? "sets" : "a set"} of ${words(type.of, true)}`;
    case "map":
      return `${many ? "maps" : "a map"} of ${words(type.of, true)} by name`;
    case "record":
      return type.name === undefined
        ? `${many ? "records" : "a record"} { ${Object.keys(type.fields).join(", ")} }`
        : `${many ? "records" : "a record"} of type ${type.name}`;
    case "literals":
      return type.values.map((value) => `"${value}"`).join(" or ");
    case "union":
      if (type.members.length === 0) return "nothing";
      return type.members.map((member) => words(member, many)).join(" or ");
    case "optional":
      return `${words(type.of, many)} or none`;
    case "secret":
      return `${many ? "secrets" : "a secret"} (${words(type.of, false)})`;
    case "later":
      return `${words(type.of, many)}, known later`;
    case "resource":
      return `${many ? "resources" : "a resource"} of kind ${type.kind}`;
    case "event":
      return many ? "events" : "an event";
    case "unknown":
      return many ? "values" : "a value";
  }
}

function limits(range: Range): string {
  if (range.min !== undefined && range.max !== undefined) return `from ${range.min} to ${range.max}`;
  return range.min === undefined ? `up to ${range.max ?? ""}` : `from ${range.min} up`;
}

/** Inclusive limits of a count in words: "1 to 3 items", "at least 1 item". */
export function rangeWords(range: Range, unit: string): string {
  const plural = (count: number): string => `${count} ${unit}${count === 1 ? "" : "s"}`;
  if (range.min !== undefined && range.max !== undefined) {
    return range.min === range.max ? `exactly ${plural(range.min)}` : `${range.min} to ${plural(range.max)}`;
  }
  return range.min === undefined ? `at most ${plural(range.max ?? 0)}` : `at least ${plural(range.min)}`;
}
