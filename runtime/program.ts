import { createHash } from "node:crypto";
import type { Argument, Call } from "../compiler/kind/call.ts";
import type { Plan, Step } from "../compiler/plan.ts";
import { isManagerPath } from "../compiler/units.ts";
import { compileCondition, type ConditionNumbers } from "./condition.ts";
import { encodeLineCounted } from "./line-counted.ts";
import { writeManifest } from "./manifest.ts";
import type { TarEntry } from "./tar.ts";

/** What the program of a run consists of besides its plan. */
export interface ProgramOptions {
  readonly runId: string;
  /** Who starts it, as `user@machine`. */
  readonly who: string;
  /** Not guessable; part of the names of temporary files. */
  readonly token: string;
  readonly library: string;
  /** The bytes of every blob that the plan's calls name, by digest. */
  readonly blobs: ReadonlyMap<string, Uint8Array>;
}

/** The entry of the program: a function that is called on the last line, so that half a file does nothing. */
const entry = `galley_main() {
	. "\${0%/*}/library.sh"
	case $1 in
	run) galley_runner "$2" ;;
	call)
		set -e
		galley_call 4<"$2"
		;;
	esac
	exit
}
galley_main "$@"
`;

/**
 * The files of a run, as the shell library's runner reads them: \`order\` lists the steps, \`steps/ID\` holds each one's words,
 * \`calls/N\` the calls that they name by number. Values stand only in calls, texts and marks, as data.
 */
export function writeProgram(plan: Plan, options: ProgramOptions): readonly TarEntry[] {
  const entries: TarEntry[] = [];
  const add = (path: string, content: string | Uint8Array) =>
    entries.push({ path, bytes: typeof content === "string" ? Buffer.from(content, "utf8") : content });
  const counts = { call: 0, mark: 0, text: 0 };
  const addCall = (call: Call): number => {
    counts.call += 1;
    add(`calls/${counts.call}`, encodeWithBlobs(call));
    return counts.call;
  };
  const addText = (text: string): number => {
    counts.text += 1;
    add(`texts/${counts.text}`, encodeLineCounted([text]));
    return counts.text;
  };
  const observeCalls = new Map<number, number>();
  const observeOf = (index: number) => {
    const observe = plan.observes[index];
    if (!observe) throw new Error(`the plan has no observe ${index}`);
    return observe;
  };
  const numbers: ConditionNumbers = {
    call: (index) => {
      const number = observeCalls.get(index) ?? addCall(observeOf(index).call);
      observeCalls.set(index, number);
      return number;
    },
    text: addText,
    seen: (index) => observeOf(index).seen,
  };

  add("order", plan.steps.map((step) => `${step.id}\n`).join(""));
  for (const step of plan.steps) {
    const words: string[] = [];
    const say = (word: string, ...rest: readonly (string | number)[]) => words.push([word, ...rest].join(" "));
    if (step.requires.length > 0) say("requires", ...step.requires);
    if (step.when) say("when", ...compileCondition(step.when, numbers));
    if (step.fingerprint !== null) say("fingerprint", oneLine(step.fingerprint));
    if (step.fingerprint !== null || step.transaction !== undefined) {
      say("state", addCall({ verb: `${step.kind}_state`, arguments: step.identity }));
    }
    if (step.guard) say("guard", addCall(step.guard.call));
    if (step.guard?.confirms) say("confirms", 1);
    for (const { resource, event, keeps } of step.notifies) {
      counts.mark += 1;
      if (keeps) say("keep", `${directoryOfOwed(resource)}/${digest(step.resource)}`, addText(step.title));
      add(`marks/${counts.mark}`, encodeLineCounted([resource, event, step.resource, options.runId]));
      say("notify", `${directoryOfOwed(resource)}/${digest(step.resource)}.${plainEvent(event)}`, counts.mark);
    }
    if ((step.kind === "file" || step.kind === "link") && isManagerPath(step.title)) say("units", 1);
    if (step.transaction !== undefined) say("transaction", step.transaction);
    if (step.calls.length > 0) say("calls", ...step.calls.map(addCall));
    if (step.timeoutMilliseconds !== undefined) {
      say("timeout", Math.max(1, Math.ceil(step.timeoutMilliseconds / 1000)));
    }
    if (step.retry) say("retry", step.retry.count, step.retry.everyMilliseconds / 1000);
    if (step.reactions.length > 0) {
      say("owed", directoryOfOwed(step.resource));
      for (const { event, calls } of step.reactions) {
        if (calls.length > 0) say("reaction", [plainEvent(event), ...calls.map(addCall)].join(","));
      }
    }
    add(`steps/${step.id}`, words.map((line) => `${line}\n`).join(""));
  }
  for (const [number, calls] of plan.transactions.entries()) {
    const members = plan.steps.filter((step) => step.transaction === number).map((step) => step.id);
    add(`transactions/${number}`, `${members.join(" ")}\n${calls.map(addCall).join(" ")}\n`);
  }
  for (const name of blobsOf(plan)) {
    const bytes = options.blobs.get(name);
    if (!bytes) throw new Error(`the bytes of blob ${name} are not there`);
    add(`blobs/${name}`, bytes);
  }
  add("manifest.json", writeManifest(plan));
  add("library.sh", options.library);
  add("run.sh", entry);
  add("token", `${options.token}\n`);
  add("who", `${oneLine(options.who)}\n`);
  return entries;
}

/** Digests of all blobs that some call of the plan names. */
function blobsOf(plan: Plan): ReadonlySet<string> {
  const calls = [
    ...plan.steps.flatMap((step) => [
      ...step.calls,
      ...(step.guard ? [step.guard.call] : []),
      ...step.reactions.flatMap((reaction) => reaction.calls),
    ]),
    ...plan.transactions.flat(),
    ...plan.observes.map((observe) => observe.call),
  ];
  return new Set(
    calls
      .flatMap((call) => call.arguments)
      .flatMap((argument) => (typeof argument === "string" ? [] : [argument.blob])),
  );
}

function encodeWithBlobs(call: Call): Buffer {
  if (!/^[a-z][a-z0-9_]*$/.test(call.verb)) throw new Error(`\`${call.verb}\` is no name of a verb`);
  return Buffer.concat([
    Buffer.from(`${call.verb}\n${call.arguments.length}\n`),
    ...call.arguments.map(encodeArgument),
  ]);
}

function encodeArgument(argument: Argument): Buffer {
  if (typeof argument === "string") return encodeLineCounted([argument]);
  if (!/^[0-9a-f]{64}$/.test(argument.blob)) throw new Error(`\`${argument.blob}\` is no digest`);
  return Buffer.from(`b ${argument.blob}\n`);
}

/** Where the marks of what a resource is owed lie, below `owed/`. */
export function directoryOfOwed(resource: Step["resource"]): string {
  return digest(resource);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

function plainEvent(event: string): string {
  if (!/^[a-z_]+$/.test(event)) throw new Error(`\`${event}\` is no name of an event`);
  return event;
}

function oneLine(text: string): string {
  if (/[\0-\x1f\x7f]/.test(text)) throw new Error("a line of the program holds a control character");
  return text;
}
