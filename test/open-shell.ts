import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Step } from "../compiler/plan.ts";
import type { Plan } from "../compiler/plan.ts";
import { bootArguments } from "../runtime/boot.ts";
import type { ConnectFailure, Session } from "../runtime/session.ts";
import { startShell } from "../runtime/shell-session.ts";
import { openLocal } from "../runtime/transports/local.ts";
import { scratchFolder } from "./verbs/scratch.ts";
import type { Shell } from "./verbs/shells.ts";

const shellFolder = join(import.meta.dirname, "../runtime/shell");

/** The runtime's own shell programs as one text. */
export const runtimeLibrary = readdirSync(shellFolder)
  .filter((name) => name.endsWith(".sh"))
  .toSorted()
  .map((name) => readFileSync(join(shellFolder, name), "utf8"))
  .join("\n");

/**
 * A kind for tests: `note` keeps one line in a file. `note_apply PATH LINE` does it durably, `note_append PATH LINE` adds a
 * line, `note_replace PATH LINE` keeps the attributes of the old file, `note_fail WORDS` fails, `note_nap PATH SECONDS` has a
 * temporary file beside PATH while it sleeps, `note_leave PATH` fails and leaves one, `note_change SCRIPT [ARG...]` runs the
 * script, `note_refuse WORDS` fails as a verifier does, `note_accept` does nothing.
 */
const notes = String.raw`
note_state() {
	if [ -f "$1" ]; then
		IFS= read -r note_line <"$1"
		printf '%s\n' "$note_line"
	else
		echo absent
	fi
}
note_apply() {
	if [ "$(note_state "$1")" = "$2" ]; then return; fi
	temp_beside "$1"
	printf '%s\n' "$2" >"$temp"
	replace_durably "$temp" "$1"
	changed
}
note_append() { printf '%s\n' "$2" >>"$1"; }
note_fail() {
	echo "some output"
	fail "$@"
}
note_nap() {
	temp_beside "$1"
	sleep "$2"
	rm -f "$temp"
}
note_copy() {
	cat "$2" >"$1"
	changed
}
note_replace() {
	temp_beside "$1"
	copy_attributes "$1" "$temp"
	printf '%s\n' "$2" >"$temp"
	replace_durably "$temp" "$1"
	changed
}
note_change() {
	note_script=$1
	shift
	eval "$note_script"
	changed
}
note_refuse() {
	refused
	fail "$@"
}
note_accept() { :; }
note_leave() {
	temp_beside "$1"
	fail "$(stat -c '%a %s' "$temp")"
}
note_directory() {
	temp_dir_here
	note_first=$tempdir
	temp_dir_here
	[ "$(stat -c %a "$note_first" "$tempdir" | tr '\n' ' ')" = '700 700 ' ]
}
note_missing() { [ ! -e "$1" ]; }
note_arguments() {
	note_path=$1
	shift
	: >"$note_path"
	for note_word do printf '%s\0' "$note_word" >>"$note_path"; done
}
note_probe() { xargs -0 sh -c 'for path do if [ -f "$path" ]; then cat "$path"; else echo absent; fi; done' sh; }
`;

/** The runtime's shell programs with what they use of the standard library, and the kind `note`. */
export const noteLibrary = [
  runtimeLibrary,
  ...["path.sh", "path-kept.sh"].map((name) => readFileSync(join(import.meta.dirname, "../stdlib/path", name), "utf8")),
  notes,
].join("\n");

const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** A folder in the place of a host's state, and sessions on this machine that work in it without being root. */
export interface Bench {
  readonly folder: string;
  readonly path: (name: string) => string;
  readonly read: (name: string) => string | undefined;
  readonly open: (options?: OpenOptions) => Promise<Session>;
  readonly tryOpen: (options?: OpenOptions) => Promise<{ readonly session: Session } | ConnectFailure>;
  /** Ends the sessions that are still open and takes the folder away. */
  readonly remove: () => Promise<void>;
}

export interface OpenOptions {
  /** Programs that come before the system's, by name: their shell text. */
  readonly programs?: Readonly<Record<string, string>>;
  /** As if the login were not root. */
  readonly unprivileged?: boolean;
  /** Where programs are looked for, instead of the shell's usual places. */
  readonly path?: string;
  readonly timeoutMilliseconds?: number;
  /** `close` breaks the connection only for the controller: the shell goes on with what it has read. */
  readonly outlives?: boolean;
  readonly askPassword?: (what: string) => Promise<string | undefined>;
}

/** Makes a bench on which the given shell runs everything. */
export function makeBench(shell?: Shell): Bench {
  const folder = scratchFolder("bench");
  const path = (name: string) => join(folder, name);
  const words = (shell?.command ?? ["/bin/sh"]).map((word) => `'${word}'`).join(" ");
  writeScript(path("shell"), `exec ${words} "$@"`);
  const sessions: Session[] = [];
  const tryOpen = async (options: OpenOptions = {}) => {
    mkdirSync(path("bin"), { recursive: true });
    for (const [name, text] of Object.entries(options.programs ?? {})) writeScript(join(folder, "bin", name), text);
    const boot = bootArguments.map((text) =>
      text
        .replace('"${4-$(id -u)}"', options.unprivileged ? "1000" : "0")
        .replaceAll(/PATH=[^;]*/g, `PATH=${options.path ?? `${path("bin")}:${shell?.path ?? systemPath}`}`)
        .replaceAll("/bin/sh", path("shell")),
    );
    const carrier = openLocal(path("shell"), boot, {
      environment: { GALLEY_STATE: path("state"), GALLEY_VOLATILE: path("volatile"), GALLEY_SHELL: path("shell") },
      outlives: options.outlives === true,
    });
    const started = await startShell(carrier, {
      target: { type: "local" },
      name: "bench",
      library: noteLibrary,
      timeoutMilliseconds: options.timeoutMilliseconds ?? 20_000,
      ...(options.askPassword ? { askPassword: options.askPassword } : {}),
    });
    if ("session" in started) sessions.push(started.session);
    return started;
  };
  return {
    folder,
    path,
    read: (name) => (existsSync(path(name)) ? readFileSync(path(name), "utf8") : undefined),
    tryOpen,
    open: async (options) => {
      const started = await tryOpen(options);
      if (!("session" in started)) throw new Error(started.message);
      return started.session;
    },
    remove: async () => {
      await Promise.all(sessions.map((session) => session.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function writeScript(path: string, text: string): void {
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

/** A call of a verb. */
export function call(verb: string, ...args: Step["calls"][number]["arguments"]) {
  return { verb, arguments: args };
}

/** A step of the kind `note`, which does nothing unless told so. */
export function step(id: number, more: Partial<Step> = {}): Step {
  return {
    id,
    resource: `note["${id}"]`,
    kind: "note",
    title: String(id),
    action: "create",
    because: [],
    source: { file: "site.recipe", line: id },
    certain: true,
    changes: [],
    requires: [],
    fingerprint: null,
    identity: [],
    calls: [],
    notifies: [],
    reactions: [],
    ...more,
  };
}

/** A plan of the given steps. */
export function plan(steps: readonly Step[], more: Partial<Plan> = {}): Plan {
  return {
    version: 1,
    host: "bench",
    steps,
    transactions: [],
    observes: [],
    unchanged: 0,
    seen: [],
    blobs: [],
    ...more,
  };
}

/** Waits until something holds, by looking every 20 ms; fails after 20 s. */
export async function until(holds: () => boolean): Promise<void> {
  for (let left = 1000; left > 0; left -= 1) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("it did not come about within 20 s");
}

/** Names of all files below a folder, in order. */
export function filesBelow(folder: string): readonly string[] {
  const found = spawnSync("find", [folder, "-type", "f"], { encoding: "utf8" });
  return found.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.slice(folder.length + 1))
    .toSorted();
}
