import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { bootArguments } from "../boot.ts";
import type { ConnectFailure } from "../session.ts";
import type { Carrier } from "./carrier.ts";
import { openLocal } from "./local.ts";

/*
 * A tree of files that is worked on as if it were a machine: chroot in mount and process namespaces of its own. The first
 * process inside sets the tree up, starts the resident shell, and outlives it while the runner of a run that holds the lock lives.
 */

/** Runs outside: says which process the lock of the tree names, and enters the namespaces. */
const enter = `
IFS= read -r line <"/proc/$$/stat"
set -- "$@" "$line"
root=$1 setup=$2 entry=$3 loop=$4 after=$5 line=\${line##*) }
set -- $line
shift 19
GALLEY_OWNER="$$ $1"
export GALLEY_OWNER
# When this process is killed, all in the tree ends with it: the lock names it, and must not be taken from a run at work.
kill_child=
unshare --help 2>&1 | grep -q -e --kill-child && kill_child=--kill-child
exec unshare --mount --pid --fork $kill_child --propagation private /bin/sh -c "$setup" galley "$root" "$entry" "$loop" "$after"
`;

/** Runs as the first process of the namespaces. What it mounts is visible in its namespace only and ends with it. */
const setup = `
fail() {
  printf '%s\\n' "$*" >&2
  exit 1
}
root=$1
mkdir -p "$root/proc" "$root/dev" "$root/run" "$root/sys" || fail "$root is not writable"
mount -t proc proc "$root/proc" || fail "proc cannot be mounted"
mount -t sysfs -o ro sysfs "$root/sys" 2>/dev/null
mount -t tmpfs -o mode=755,nosuid tmpfs "$root/run" || fail "a tmpfs cannot be mounted"
mount -t tmpfs -o mode=755,nosuid tmpfs "$root/dev" || fail "a tmpfs cannot be mounted"
node() { mknod -m "$4" "$root/dev/$1" c "$2" "$3" || fail "device nodes cannot be made"; }
(
  umask 000
  node null 1 3 666
  node zero 1 5 666
  node full 1 7 666
  node random 1 8 666
  node urandom 1 9 666
  node tty 5 0 666
  mkdir -m 1777 "$root/dev/shm"
) || exit 1
mkdir "$root/dev/pts"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts" 2>/dev/null && ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s fd/0 "$root/dev/stdin"
ln -s fd/1 "$root/dev/stdout"
ln -s fd/2 "$root/dev/stderr"
policy=
if [ -d "$root/usr/sbin" ] && [ ! -h "$root/usr/sbin/policy-rc.d" ]; then
  # Nothing must be started in a tree. Should this process be killed, an empty file stays, which changes nothing.
  printf '#!/bin/sh\\nexit 101\\n' >"$root/run/policy-rc.d"
  chmod 755 "$root/run/policy-rc.d"
  policy=$root/usr/sbin/policy-rc.d
  [ -e "$policy" ] || : >"$policy"
  mount --bind "$root/run/policy-rc.d" "$policy" || policy=
fi
chroot "$root" /bin/sh -c "$2" galley "$3" "$4"
status=$?
exec </dev/null >/dev/null 2>&1
# A run that is under way ends in its own time: this process waits while the lock says that it is ours, and its runner lives.
at_work() {
  inner=
  while IFS=' ' read -r word rest; do
    case $word in
      pid) [ "$rest" = "\${GALLEY_OWNER% *}" ] || return 1 ;;
      inner) inner=$rest ;;
    esac
  done <"$root/var/lib/galley/lock" || return 1
  IFS= read -r line <"$root/proc/\${inner% *}/stat" || return 1
  line=\${line##*) }
  set -- $line
  [ "$1" != Z ] || return 1
  shift 19
  [ "$1" = "\${inner#* }" ]
}
while at_work; do sleep 0.2; done
if [ -n "$policy" ]; then
  umount "$policy"
  [ -s "$policy" ] || [ -e "$root/var/lib/galley/lock" ] || rm -f "$policy"
fi
exit "$status"
`;

/** Opens a tree of files. Needs root and the right to make namespaces. */
export async function openRoot(path: string): Promise<{ readonly carrier: Carrier } | ConnectFailure> {
  const refused = (message: string, ...hints: readonly string[]): ConnectFailure => ({
    failure: "refused",
    message,
    hints,
  });
  if (process.getuid?.() !== 0) {
    return refused(
      "working on a tree of files needs root on this machine",
      "run galley as root, for instance with sudo",
    );
  }
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) return refused(`${path} is not a directory`, "name the folder that holds the tree");
  const dead = await deadRun(path);
  const [, entry = "", , loop = "", after = ""] = bootArguments;
  const carrier = openLocal("/bin/sh", ["-c", enter, "galley", path, setup, entry, loop, after], {
    environment: {
      GALLEY_OFFLINE: "1",
      SYSTEMD_OFFLINE: "1",
      ...(dead === undefined ? {} : { GALLEY_DEAD_RUN: dead }),
    },
    // It ends by itself when its input does; a run under way must not be cut.
    outlives: true,
  });
  return { carrier };
}

/** The run that holds the lock of a tree although the process that opened the tree for it is gone. */
export async function deadRun(path: string): Promise<string | undefined> {
  const record = await readFile(join(path, "var/lib/galley/lock"), "utf8").catch(() => "");
  const field = (name: string) => new RegExp(`^${name} (.+)$`, "m").exec(record)?.[1];
  const [run, pid, start, boot] = [field("run"), field("pid"), field("start"), field("boot")];
  if (run === undefined || !/^[A-Za-z0-9-]+$/.test(run)) return undefined;
  const bootNow = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
  const status = await readFile(`/proc/${Number(pid)}/stat`, "utf8").catch(() => "");
  const startNow = status.slice(status.lastIndexOf(") ") + 2).split(" ")[19];
  return bootNow.trim() === boot && startNow === start ? undefined : run;
}
