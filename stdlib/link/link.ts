import { call, probe } from "../../compiler/kind/call.ts";
import type { Footprint } from "../../compiler/kind/footprint.ts";
import { kind } from "../../compiler/kind/kind.ts";
import type { Change, Have, Problem, Property, Want } from "../../compiler/kind/kind.ts";
import { bool, oneOf, typed } from "../../compiler/kind/properties.ts";
import { decodeBinary, hexOfBinary } from "../path/binary.ts";
import { group, owner, ownershipArguments, ownershipChanges, ownershipFootprint } from "../path/ownership.ts";
import {
  isAbsent,
  isOther,
  otherState,
  parentFootprint,
  parentOf,
  pathAction,
  refusal,
  stateChanges,
  word,
} from "../path/path-kind.ts";
import { readPaths } from "../path/path-records.ts";
import type { PathRecord } from "../path/path-records.ts";
import { textOf } from "../values.ts";

/** A symbolic link and where it points to. */
export const link = kind({
  name: "link",
  title: {
    type: { type: "string", refinement: "path" },
    name: "path",
    doc: "Where the link is.",
  },
  doc: `A symbolic link. One that points elsewhere is replaced in one step, so that the path is never missing.
A file or a directory at the path is an error and stays as it is. What the link points to need not be there: the plan warns when nothing makes it, and with \`dangling = false\` it is an error.`,
  example: `link "/srv/app/current" {
  to = "releases/1.4.2"
}`,
  properties: {
    dangling: bool({
      doc: "Whether it may point to what is not there. With `false` the plan is an error when nothing is there and no step makes it, and a step that finds nothing there fails and makes no link.",
      role: "control",
      default: true,
    }),
    group: optionally(group, "The group of the link itself. Unless stated it is left as it is."),
    owner: optionally(owner, "The user that the link itself belongs to. Unless stated it is left as it is."),
    state: oneOf(
      "present",
      "absent",
    )({
      doc: "Whether the link is there. `absent` removes a link and no other thing.",
      default: "present",
    }),
    to: typed(
      { type: "string", length: { min: 1, max: 4095 } },
      {
        doc: "What it points to, exactly as it is written into the link. A relative path starts at the link's own folder.",
      },
    ),
  },

  validate: (want): readonly Problem[] =>
    isAbsent(want) || typeof want.properties["to"] === "string"
      ? []
      : [
          {
            code: "P413",
            message: `link["${want.title}"] does not say where it points to`,
            hints: ['add to = "…"'],
          },
        ],

  footprint: (want): readonly Footprint[] => {
    const key = `file:${want.title}`;
    if (isAbsent(want)) return [{ mode: "removes", key, because: "it removes it" }];
    return [
      ...parentFootprint(want.title),
      ...ownershipFootprint(want),
      {
        mode: want.properties["dangling"] === false ? "needs" : "reads",
        key: `file:${targetPath(want)}`,
        because: "it points to it",
      },
      { mode: "provides", key, because: "it is that link" },
    ];
  },

  probe: (wants) =>
    probe(
      "path_probe",
      wants.map((want) => want.title),
    ),

  read: (output, wants) => {
    const { found, unreadable } = readPaths(
      output,
      wants.map((want) => want.title),
    );
    const states = new Map<string, Have>();
    for (const { title } of wants) {
      const record = found.get(title);
      const have = record ? toState(record) : unreadable.has(title) ? undefined : { state: "absent" };
      if (have) states.set(title, have);
    }
    return states;
  },

  unreadable: (output, wants) =>
    readPaths(
      output,
      wants.map((want) => want.title),
    ).unreadable,

  difference: (want, have, context) => {
    const changes: Change[] = [...stateChanges(want, have)];
    if (isAbsent(want) || isOther(have)) return changes;
    const { to } = want.properties;
    if (typeof to === "string" && have["to"] !== to) {
      changes.push({ property: "to", to, ...(have["to"] === undefined ? {} : { from: have["to"] }) });
    }
    return [...changes, ...ownershipChanges(want, have, context)];
  },

  refuses: (_want, have) => refusal(have),
  action: pathAction,

  fingerprint: (have) =>
    have.state === "present" ? `${word(have["uid"])} ${word(have["gid"])} ${word(have["bytes"])}` : have.state,

  apply: (want, _have, context) => {
    if (isAbsent(want)) return [call("link_remove", want.title)];
    const [user, linkGroup] = ownershipArguments(want, context);
    const to = textOf(want.properties["to"]) ?? "";
    return [call("link_apply", want.title, to, user, linkGroup, want.properties["dangling"] === false ? "led" : "")];
  },
});

/** A property as it is for links: managed only when stated. */
function optionally(property: Property, doc: string): Property {
  return { type: property.type, doc };
}

function toState(record: PathRecord): Have | undefined {
  if (record.type !== "link") return otherState(record);
  if (record.target === undefined) return undefined;
  return {
    state: "present",
    to: decodeBinary(record.target),
    bytes: hexOfBinary(record.target),
    owner: record.user || String(record.uid),
    group: record.group || String(record.gid),
    uid: record.uid,
    gid: record.gid,
  };
}

/** The path that the link leads to, seen from the root: `..` and `.` taken out of the text, other links not followed. */
function targetPath(want: Want): string {
  const to = textOf(want.properties["to"]) ?? "";
  const steps: string[] = [];
  for (const step of `${to.startsWith("/") ? "" : parentOf(want.title)}/${to}`.split("/")) {
    if (step === "..") steps.pop();
    else if (step !== "" && step !== ".") steps.push(step);
  }
  return `/${steps.join("/")}`;
}
