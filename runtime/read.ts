import { randomBytes } from "node:crypto";
import type { Catalog, Observe, Resource } from "../compiler/catalog.ts";
import { pathOf } from "../compiler/footprint-index.ts";
import { parentOf } from "../compiler/graph/paths.ts";
import type { NeededForecast } from "../compiler/diff.ts";
import type { Kind, ReadContext } from "../compiler/kind/kind.ts";
import type { Argument, Probe } from "../compiler/kind/call.ts";
import type { Seen } from "../compiler/plan.ts";
import type { GuardReading, ObserveReading, Reading, State } from "../compiler/state.ts";
import { type Frame0, parseFrame0 } from "./facts.ts";
import { encodeCall } from "./line-counted.ts";
import { printable } from "./printable.ts";
import type { Session } from "./session.ts";

export type { Frame0, LockOwner } from "./facts.ts";

/** Files larger than this are not shown in diffs, in bytes. */
const largestContent = 256 * 1024;

/** The most that the command of an observe may answer, in bytes; `galley_first_megabyte` lets one byte more through. */
const longestObserved = 1024 * 1024;

/** Reads what must be known before the recipe is compiled. When nothing was run yet, it has been asked with the library. */
export async function readFacts(session: Session): Promise<Frame0> {
  const answer = await (session.firstAnswer ?? session.run({ script: "galley_facts" }));
  return parseFrame0(answer.output, session.name);
}

/** Runs the commands that the recipe asks for with `observe`: the answers by their index. One frame. */
export async function readObserves(
  session: Session,
  observes: readonly Observe[],
): Promise<ReadonlyMap<number, ObserveReading>> {
  const answers = await readItems(
    session,
    observes.map(({ command }) => ({ verb: "ask_command", arguments: ["", "", command.script, ...command.arguments] })),
  );
  return new Map(
    observes.map((observe, at) => {
      const { status = 127, output } = answers[at] ?? {};
      const tooLong = output !== undefined && output.length > longestObserved;
      return [
        observe.index,
        tooLong
          ? { status, output: "", problem: `its command answers with more than ${longestObserved / 1024 / 1024} MB` }
          : { status, output: text(output) },
      ];
    }),
  );
}

/** What kinds may ask of a host and of its catalog. */
export function readContextOf(frame0: Frame0, catalog: Catalog): ReadContext {
  let declared: ReadonlySet<string> | undefined;
  return {
    facts: frame0.facts,
    primaryGroup: (user) => frame0.primaryGroups.get(user),
    userId: (name) => frame0.users.get(name),
    groupId: (name) => frame0.groups.get(name),
    isDeclared: (kind, title) => {
      declared ??= new Set(catalog.resources.map((resource) => `${resource.kind.name} ${resource.want.title}`));
      return declared.has(`${kind} ${title}`);
    },
  };
}

/**
 * Reads the state of all resources of a catalog: every kind's probe, the guards, and which needed things are there, in one
 * frame. Keys of other kinds than file, program, user and group are left out of the answer.
 */
export async function readState(
  catalog: Catalog,
  neededKeys: readonly string[],
  session: Session,
  frame0: Frame0,
): Promise<State> {
  const context = readContextOf(frame0, catalog);
  const items: Item[] = [];
  const understand: ((answer: Answer) => void)[] = [];
  const ask = (item: Item, onAnswer: (answer: Answer) => void) => {
    items.push(item);
    understand.push(onAnswer);
  };

  const resources = new Map<string, Reading>();
  const probes: { readonly probe: Probe; readonly take: (answer: Answer) => void }[] = [];
  const whole = catalog.resources.filter(({ isPartial }) => !isPartial);
  for (const [kind, ofKind] of Map.groupBy(whole, (resource) => resource.kind)) {
    const wants = ofKind.map((resource) => resource.want);
    const probe = kind.probe(wants, context);
    const take = (answer: Answer) => {
      for (const [id, reading] of readingsOf(kind, ofKind, answer, context)) resources.set(id, reading);
    };
    if (probe) probes.push({ probe, take });
    else take({ status: 0, output: Buffer.alloc(0), errors: "" });
  }
  for (const alike of Map.groupBy(probes, ({ probe }) => JSON.stringify([probe.verb, probe.arguments])).values()) {
    const [first] = alike;
    if (!first) continue;
    const names = alike.flatMap(({ probe }) => probe.names);
    ask({ verb: first.probe.verb, arguments: first.probe.arguments, names }, (answer) => {
      for (const { take } of alike) take(answer);
    });
  }

  const guards = new Map<string, GuardReading>();
  for (const resource of whole) {
    const guard = resource.kind.guard?.(resource.want);
    if (!guard) continue;
    ask({ verb: "galley_guard", arguments: [guard.call.verb, ...guard.call.arguments] }, (answer) => {
      guards.set(resource.id, { status: answer.status, output: printable(text(answer.output.subarray(-4096))) });
    });
  }

  const keys = new Map<string, boolean>();
  const ofType = (type: string) =>
    neededKeys.filter((key) => key.startsWith(`${type}:`)).map((key) => ({ key, name: key.slice(type.length + 1) }));
  const paths = ofType("file");
  if (paths.length > 0) {
    ask({ verb: "galley_paths_exist", arguments: paths.map(({ name }) => name) }, ({ output }) => {
      for (const [at, { key }] of paths.entries()) keys.set(key, output[at] === 0x31);
    });
  }
  const realFolders = new Map<string, string>();
  const folders = [...new Set(catalog.resources.flatMap((resource) => folderOf(resource) ?? []))];
  if (folders.length > 0) {
    ask({ verb: "galley_real_folders", arguments: folders }, ({ output }) => {
      const real = text(output).split("\0");
      for (const [at, folder] of folders.entries()) realFolders.set(folder, real[at] || "/");
    });
  }
  const programs = ofType("program");
  if (programs.length > 0) {
    ask({ verb: "galley_programs_exist", arguments: programs.map(({ name }) => name) }, ({ output }) => {
      for (const [at, { key }] of programs.entries()) keys.set(key, output[at] === 0x31);
    });
  }
  for (const { key, name } of ofType("user")) keys.set(key, frame0.users.has(name));
  for (const { key, name } of ofType("group")) keys.set(key, frame0.groups.has(name));

  for (const [at, answer] of (await readItems(session, items)).entries()) understand[at]?.(answer);
  return {
    resources,
    keys,
    realFolders,
    guards,
    mounts: frame0.mounts,
    owed: frame0.owed,
    contents: new Map(),
    primaryGroups: frame0.primaryGroups,
  };
}

/** What the steps of a first plan make necessary to read. */
export interface Details {
  /** Files whose content the plan shows. */
  readonly files: readonly string[];
  /** Folders that may be closed to other accounts. */
  readonly folders: readonly string[];
  /** Steps whose tool says what they would do. */
  readonly forecasts: readonly NeededForecast[];
}

/**
 * Reads what a plan shows besides states, in one frame: files of at most 256 KB that hold text, which of the folders are closed
 * to others, and what tools of the host would do.
 */
export async function readDetails(
  { files, folders, forecasts }: Details,
  session: Session,
): Promise<Required<Pick<State, "closedFolders" | "contents" | "forecasts">>> {
  const items: readonly Item[] = [
    ...(files.length > 0 ? [{ verb: "galley_contents", arguments: [], names: files }] : []),
    ...(folders.length > 0 ? [{ verb: "galley_closed_folders", arguments: folders }] : []),
    ...forecasts.map(({ probe }) => probe),
  ];
  const answers = await readItems(session, items);
  const told = folders.length > 0 ? answers[files.length > 0 ? 1 : 0] : undefined;
  const foretold = answers.slice(items.length - forecasts.length);
  // Where the host does not tell, all that is in the folders counts as private.
  const closed = told?.status === 0 ? text(told.output).split("\0") : folders;
  return {
    contents: files.length > 0 ? contentsOf(files, answers[0]) : new Map(),
    closedFolders: new Set(closed.filter((folder) => folder !== "")),
    forecasts: new Map(
      forecasts.flatMap(({ read }, at) => {
        const answer = foretold[at];
        return answer?.status === 0 ? [...read(answer.output)] : [];
      }),
    ),
  };
}

function contentsOf(paths: readonly string[], answer: Answer | undefined): ReadonlyMap<string, Uint8Array> {
  const asked = new Set(paths);
  const contents = new Map<string, Uint8Array>();
  const output = answer?.output ?? Buffer.alloc(0);
  for (let at = 0; at < output.length;) {
    const afterPath = output.indexOf(0, at);
    const afterSize = output.indexOf(0, afterPath + 1);
    if (afterPath === -1 || afterSize === -1) break;
    const path = output.toString("utf8", at, afterPath);
    const size = Number(output.toString("latin1", afterPath + 1, afterSize));
    if (!asked.has(path) || !Number.isSafeInteger(size)) break;
    const bytes = output.subarray(afterSize + 1, afterSize + 1 + size);
    if (size <= largestContent && !bytes.includes(0)) contents.set(path, bytes);
    at = afterSize + 1 + size;
  }
  return contents;
}

/** Which resources are not as a saved plan saw them, with what they are now. One frame. */
export async function readChanged(
  seen: readonly Seen[],
  session: Session,
): Promise<readonly { readonly seen: Seen; readonly now: string }[]> {
  const answers = await readItems(
    session,
    seen.map((each) => ({ verb: "galley_state", arguments: [`${each.kind}_state`, ...each.identity] })),
  );
  return seen
    .map((each, at) => ({ seen: each, now: text(answers[at]?.output).trimEnd() }))
    .filter((each) => each.now !== each.seen.fingerprint);
}

/** The folder that a managed path is in; the root is in none. */
function folderOf(resource: Resource): string | undefined {
  const path = pathOf(resource);
  return path === undefined || path === "/" ? undefined : parentOf(path);
}

interface Item {
  readonly verb: string;
  readonly arguments: readonly Argument[];
  readonly names?: readonly string[];
}

interface Answer {
  readonly status: number;
  readonly output: Buffer;
  readonly errors: string;
}

/** Runs a list of calls in one frame and gives the output and exit status of each. */
async function readItems(session: Session, items: readonly Item[]): Promise<readonly Answer[]> {
  if (items.length === 0) return [];
  const separator = randomBytes(16).toString("hex");
  const input: Buffer[] = [Buffer.from(`${separator}\n`)];
  for (const item of items) {
    const names = Buffer.concat((item.names ?? []).map((name) => Buffer.from(`${name}\0`)));
    input.push(Buffer.from(`${names.length}\n`), encodeCall(item.verb, item.arguments.map(plain)), names);
  }
  const { output, errors = "" } = await session.run({ script: "galley_read", input: Buffer.concat(input) });
  const bytes = Buffer.from(output.buffer, output.byteOffset, output.byteLength);
  const answers: Answer[] = [];
  const mark = Buffer.from(`\n${separator} `);
  for (let at = 0; answers.length < items.length;) {
    const end = bytes.indexOf(mark, at);
    const lineEnd = bytes.indexOf(10, end + mark.length);
    if (end === -1 || lineEnd === -1) break;
    const status = Number(bytes.toString("latin1", end + mark.length, lineEnd));
    answers.push({ status, output: bytes.subarray(at, end), errors });
    at = lineEnd + 1;
  }
  const missing: Answer = { status: 127, output: Buffer.alloc(0), errors: errors || "the target did not answer" };
  return items.map((_item, at) => answers[at] ?? missing);
}

function plain(argument: Argument): string {
  if (typeof argument !== "string") throw new Error("nothing that is read takes a blob");
  return argument;
}

function readingsOf(
  kind: Kind,
  resources: readonly Resource[],
  answer: Answer,
  context: ReadContext,
): readonly (readonly [string, Reading])[] {
  const wants = resources.map((resource) => resource.want);
  const haves = kind.read(answer.output, wants, context);
  const reasons = haves.size < resources.length ? kind.unreadable?.(answer.output, wants, context) : undefined;
  return resources.map(({ id, want }) => {
    const have = haves.get(want.title);
    if (have) return [id, { have }];
    return [id, { unreadable: reasons?.get(want.title) ?? whyUnreadable(kind, answer) }];
  });
}

function whyUnreadable(kind: Kind, answer: Answer): string {
  const said = printable(answer.errors).trim().split("\n").at(-1) ?? "";
  const how = answer.status === 0 ? "said nothing of it" : `ended with status ${answer.status}`;
  return `reading the ${kind.name} resources ${how}${said === "" ? "" : `: ${said}`}`;
}

function text(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}
