import { call, probe } from "../../compiler/kind/call.ts";
import type { Argument, Call } from "../../compiler/kind/call.ts";
import type { Footprint } from "../../compiler/kind/footprint.ts";
import { kind } from "../../compiler/kind/kind.ts";
import type { Change, Have, Problem, ReadContext, Want } from "../../compiler/kind/kind.ts";
import { bool, command, mode, oneOf, path, text } from "../../compiler/kind/properties.ts";
import type { Blob, Value } from "../../compiler/kind/value.ts";
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
  word,
} from "../path/path-kind.ts";
import { group, owner, ownershipArguments, ownershipChanges, ownershipFootprint } from "../path/ownership.ts";
import { readPaths } from "../path/path-records.ts";
import type { PathRecord } from "../path/path-records.ts";
import { namedFootprint } from "../program/named-paths.ts";
import { programFootprint } from "../program/programs.ts";
import { blobOf, commandOf, modeOf } from "../values.ts";

/** Regular files up to this many bytes are always hashed; larger ones only when they have the wanted size. */
const alwaysHashed = 1_048_576;

/** A regular file: its content, owner, group and mode. */
export const file = kind({
  name: "file",
  title: {
    type: { type: "string", refinement: "path" },
    name: "path",
    doc: "Where the file is.",
  },
  doc: `A regular file. Its content is replaced in one step, durably: readers see the old file or the new one, never a part.
With neither \`content\` nor \`source\` only owner, group and mode are managed, and a file that is missing is created empty.
A directory or a device at the path is an error and stays as it is; so does a symbolic link, unless \`replace_link\` says otherwise.`,
  example: `file "/etc/motd" {
  content = "Welcome to \${host.hostname}\\n"
  mode    = 0644
}`,
  properties: {
    content: text({ doc: "The whole content, as text in UTF-8.", blob: true }),
    group,
    mode: mode({ doc: "Permission bits.", default: { type: "mode", bits: 0o644 } }),
    owner,
    replace: bool({
      doc: "`false` gives the content only to a file that is not there yet, and leaves that of an existing one alone.",
      default: true,
      role: "control",
    }),
    replace_link: bool({
      doc: "`true` puts the file in the place of a symbolic link that stands at the path. What the link points to stays.",
      default: false,
      role: "control",
    }),
    sensitive: bool({
      doc: "`true` keeps the content, and what `verify` prints, out of every plan, report and document. A file that its mode hides from others is private without it; `--show-private` shows both.",
      default: false,
      role: "control",
    }),
    source: path({
      doc: "A file of the recipe's own folder that holds the content, byte for byte. Relative to the file that names it.",
      reads: "source",
    }),
    state: oneOf(
      "present",
      "absent",
    )({
      doc: "Whether the file is there. `absent` removes a regular file or a symbolic link, nothing else.",
      default: "present",
    }),
    verify: command({
      doc: "A command that must end with 0 before the new content takes the old one's place. `candidate` is the path of the new file.",
      scope: { candidate: { type: "string", refinement: "path" } },
    }),
  },

  validate: (want): readonly Problem[] =>
    want.properties["content"] !== undefined && want.properties["source"] !== undefined
      ? [
          {
            code: "P412",
            property: "source",
            message: `file["${want.title}"] has both \`content\` and \`source\``,
            hints: ["its content is given by one of them: leave the other out"],
          },
        ]
      : [],

  footprint: (want): readonly Footprint[] => {
    const key = `file:${want.title}`;
    if (isAbsent(want)) return [{ mode: "removes", key, because: "it removes it" }];
    const lines: readonly Footprint[] = [
      ...parentFootprint(want.title),
      ...ownershipFootprint(want),
      ...programFootprint(commandOf(want.properties["verify"]), "it verifies with it"),
      { mode: "provides", key, because: "it is that file" },
    ];
    return [...lines, ...namedFootprint(want.properties["verify"], "its `verify` names it", lines)];
  },

  probe: (wants) =>
    probe(
      "path_probe",
      wants.map((want) => want.title),
      ...wants.flatMap((want) => {
        const content = managedContent(want);
        return content && content.size > alwaysHashed ? [String(content.size), want.title] : [];
      }),
    ),

  read: (output, wants) => {
    const { found, unreadable } = readPaths(
      output,
      wants.map((want) => want.title),
    );
    const states = new Map<string, Have>();
    for (const want of wants) {
      const record = found.get(want.title);
      const have = record ? toState(want, record) : unreadable.has(want.title) ? undefined : { state: "absent" };
      if (have) states.set(want.title, have);
    }
    return states;
  },

  unreadable: (output, wants) => {
    const { found, unreadable } = readPaths(
      output,
      wants.map((want) => want.title),
    );
    const hung =
      "its content could not be read in time: it is very slow to read, or another program exchanges it all the while";
    return new Map([...unreadable, ...[...found.keys()].map((title) => [title, hung] as const)]);
  },

  difference: (want, have, context) => {
    const changes = [...stateChanges(want, have)];
    if (isAbsent(want) || (isOther(have) && want.properties["replace_link"] !== true)) return changes;
    return [...changes, ...contentChanges(want, have), ...ownershipChanges(want, have, context)];
  },

  refuses: (want, have) => refusal(have, isAbsent(want) || want.properties["replace_link"] === true ? ["link"] : []),

  isPrivate: (want, have) =>
    want.properties["sensitive"] === true || [want.properties["mode"], have?.["mode"]].some(hidesFromOthers),

  action: pathAction,

  fingerprint: (have) => {
    if (have.state !== "present") return have.state;
    const content = have["modified"] === undefined ? word(have["digest"]) : `@${word(have["modified"])}`;
    return `${ownershipFingerprint(have)} ${word(have["size"])} ${content}`;
  },

  identity: (want) => [want.title, String(managedContent(want)?.size ?? "-")],

  apply: (want, _have, context) => (isAbsent(want) ? [call("file_remove", want.title)] : [writeCall(want, context)]),
});

/** PATH OWNER GROUP MODE REPLACE_LINK, then BLOB SIZE DIGEST or three times nothing, then the verifying command and its words. */
function writeCall(want: Want, context: ReadContext): Call {
  const content = contentOf(want);
  const verify = commandOf(want.properties["verify"]);
  const bytes: readonly Argument[] = content
    ? [{ blob: content.digest }, want.properties["replace"] === false ? "-" : String(content.size), content.digest]
    : ["", "", ""];
  return call(
    "file_apply",
    want.title,
    ...ownershipArguments(want, context),
    want.properties["replace_link"] === true ? "replace" : "",
    ...bytes,
    ...(verify ? [verify.script, ...verify.arguments] : []),
  );
}

function toState(want: Want, record: PathRecord): Have | undefined {
  if (record.type !== "file") return otherState(record);
  const wanted = managedContent(want);
  const present = { state: "present", ...ownershipState(record), size: record.size };
  if (!wanted) return present;
  if (record.size > alwaysHashed && record.size !== wanted.size) return { ...present, modified: record.modified };
  return record.digest === undefined ? undefined : { ...present, digest: record.digest };
}

function contentChanges(want: Want, have: Have): readonly Change[] {
  const content = have.state === "present" ? managedContent(want) : contentOf(want);
  if (!content || have["digest"] === content.digest) return [];
  return [{ property: want.properties["source"] === undefined ? "content" : "source", to: content }];
}

/** The wanted bytes, when those of an existing file are compared and replaced. */
function managedContent(want: Want): Blob | undefined {
  return isAbsent(want) || want.properties["replace"] === false ? undefined : contentOf(want);
}

/** Whether a mode keeps all but owner and group from reading. */
function hidesFromOthers(value: Value | undefined): boolean {
  const bits = modeOf(value)?.bits;
  return bits !== undefined && (bits & 0o004) === 0;
}

function contentOf(want: Want): Blob | undefined {
  return blobOf(want.properties["content"]) ?? blobOf(want.properties["source"]);
}
