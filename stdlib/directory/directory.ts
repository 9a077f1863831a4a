import { call, probe } from "../../compiler/kind/call.ts";
import type { Footprint } from "../../compiler/kind/footprint.ts";
import { kind } from "../../compiler/kind/kind.ts";
import type { Have } from "../../compiler/kind/kind.ts";
import { mode, oneOf } from "../../compiler/kind/properties.ts";
import { group, owner, ownershipArguments, ownershipChanges, ownershipFootprint } from "../path/ownership.ts";
import {
  isAbsent,
  isOther,
  otherState,
  ownershipFingerprint,
  ownershipState,
  parentFootprint,
  pathAction,
  refusal,
  stateChanges,
} from "../path/path-kind.ts";
import { readPaths } from "../path/path-records.ts";

/** A directory: its owner, group and mode; what is in it is not its business. */
export const directory = kind({
  name: "directory",
  title: {
    type: { type: "string", refinement: "path" },
    name: "path",
    doc: "Where the directory is.",
  },
  doc: `A directory with its owner, group and mode. The directory it is in is not made by itself: declare that one, too.
What is in it is left alone; a file or a symbolic link at the path is an error and stays as it is.`,
  example: `directory "/srv/app" {
  mode = 0750
}`,
  properties: {
    group,
    mode: mode({ doc: "Permission bits.", default: { type: "mode", bits: 0o755 } }),
    owner,
    state: oneOf(
      "present",
      "absent",
    )({
      doc: "Whether the directory is there. `absent` removes an empty directory; of one that is not empty the step fails and says what is in it.",
      default: "present",
    }),
  },

  footprint: (want): readonly Footprint[] => {
    const key = `file:${want.title}`;
    if (isAbsent(want)) return [{ mode: "removes", key, because: "it removes it" }];
    return [
      ...parentFootprint(want.title),
      ...ownershipFootprint(want),
      { mode: "provides", key, because: "it is that directory" },
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
      if (record?.type === "directory") states.set(title, { state: "present", ...ownershipState(record) });
      else if (record) states.set(title, otherState(record));
      else if (!unreadable.has(title)) states.set(title, { state: "absent" });
    }
    return states;
  },

  unreadable: (output, wants) =>
    readPaths(
      output,
      wants.map((want) => want.title),
    ).unreadable,

  difference: (want, have, context) => [
    ...stateChanges(want, have),
    ...(isAbsent(want) || isOther(have) ? [] : ownershipChanges(want, have, context)),
  ],

  refuses: (_want, have) => refusal(have),
  action: pathAction,

  fingerprint: (have) => (have.state === "present" ? ownershipFingerprint(have) : have.state),

  apply: (want, _have, context) =>
    isAbsent(want)
      ? [call("directory_remove", want.title)]
      : [call("directory_apply", want.title, ...ownershipArguments(want, context))],
});
