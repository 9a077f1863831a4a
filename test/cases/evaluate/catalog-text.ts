import type { Catalog, Condition, Observe, Resource } from "../../../compiler/catalog.ts";
import { show } from "../../../compiler/evaluate/values/render.ts";
import type { Value } from "../../../compiler/kind/value.ts";
import { positionAt, type Span } from "../../../grammar/source.ts";

/** A catalog as a person reads it: what each resource should be and why, then the order, then what is read. */
export function catalogText(catalog: Catalog): string {
  const parts = [
    ...catalog.resources.map(resourceText),
    ...(catalog.containers.length > 0 ? [`containers\n${catalog.containers.map(containerText).join("")}`] : []),
    ...(catalog.edges.length > 0 ? [`order\n${edgesText(catalog)}`] : []),
    ...(catalog.observes.length > 0 ? [`observes\n${observesText(catalog.observes)}`] : []),
  ];
  return parts.join("\n");
}

/** What an evaluation asks a host for. */
export function observesText(observes: readonly Observe[]): string {
  return observes
    .map(({ index, name, result, optional, command, unreadable, span }) => {
      const words = command.arguments.map((word, at) => `\n      $${at + 1} = ${JSON.stringify(word)}`).join("");
      const bad = unreadable === undefined ? "" : `\n      unreadable: ${unreadable}`;
      return `  ${index} ${name}: ${result}${optional ? "?" : ""}  ${place(span)}\n      ${command.script}${words}${bad}\n`;
    })
    .join("");
}

function place(span: Span): string {
  return `${span.file.path}:${positionAt(span.file, span.start).line}`;
}

function resourceText(resource: Resource): string {
  const { id, want, origins, containers, declared, during, when, retry, timeoutMilliseconds, isPartial } = resource;
  const lines = [
    `${id}  ${declared.map(({ span, through }) => [span, ...through].map(place).join(" < ")).join(", ")}`,
    ...containers.map((container) => `inside ${container}`),
    ...(during === undefined ? [] : [`during ${during}`]),
    ...Object.entries(want.properties).map(([name, value]) => {
      const origin = origins.get(name);
      return `${name} = ${valueText(value)}  ${origin ? place(origin) : "default"}`;
    }),
    ...(when ? [`when ${conditionText(when)}`] : []),
    ...(isPartial ? ["partial: some values are there only where `when` holds"] : []),
    ...(retry ? [`retry ${retry.count} every ${retry.everyMilliseconds} ms`] : []),
    ...(timeoutMilliseconds === undefined ? [] : [`timeout ${timeoutMilliseconds} ms`]),
  ];
  return `${lines.join("\n  ")}\n`;
}

function valueText(value: Value): string {
  if (typeof value !== "object" || value === null || !("type" in value)) return show(value, 500);
  if (value.type === "blob") return `bytes ${JSON.stringify(new TextDecoder().decode(value.bytes))}`;
  if (value.type !== "command") return show(value, 500);
  return [value.script, ...value.arguments.map((word, at) => `$${at + 1} = ${JSON.stringify(word)}`)].join("; ");
}

function conditionText(condition: Condition): string {
  switch (condition.type) {
    case "constant":
      return String(condition.value);
    case "succeeds":
    case "fails":
      return `${condition.observe} ${condition.type}`;
    case "equals":
      return `${condition.observe} equals ${JSON.stringify(condition.text)}`;
    case "seen":
      return `${condition.value} as ${condition.observe} was seen`;
    case "not":
      return `not (${conditionText(condition.of)})`;
    case "and":
    case "or":
      return condition.of.map((part) => `(${conditionText(part)})`).join(` ${condition.type} `);
  }
}

function containerText({ id, declared, containers, during }: Catalog["containers"][number]): string {
  const places = declared.map(({ span, through }) => [span, ...through].map(place).join(" < ")).join(", ");
  return `  ${id}  ${places}${containers.map((container) => `\n    inside ${container}`).join("")}${during === undefined ? "" : `\n    during ${during}`}\n`;
}

function edgesText({ edges }: Catalog): string {
  return edges
    .map(({ from, to, reason, event, because, span }) => {
      const at = span ? `  ${place(span)}` : "";
      return `  ${from} -> ${to}${event === undefined ? "" : ` (${event})`}\n    ${reason}: because ${because}${at}\n`;
    })
    .join("");
}
