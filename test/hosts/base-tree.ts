import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { succeed } from "./command.ts";
import type { Ledger, Trace } from "./ledger.ts";
import { withLock } from "./lock.ts";
import { sourceLine, type Mirror } from "./mirror.ts";
import { CACHE } from "./places.ts";

/** The password that the user `operator` needs for sudo. */
export const OPERATOR_PASSWORD = "correct horse";

const PACKAGES = [
  "ca-certificates",
  "dbus",
  "iproute2",
  "iputils-ping",
  "libpam-systemd",
  "netbase",
  "openssh-server",
  "procps",
  "sudo",
  "systemd",
  "systemd-sysv",
];

const CUSTOMIZE = join(import.meta.dirname, "customize-base.sh");

/**
 * The folder of a Debian 12 as a provider's clean image has it, built once a day: older package lists would name
 * packages that the mirror has replaced since.
 */
export async function baseTree(mirror: Mirror, proxy: string, ledger: Ledger): Promise<string> {
  const definition = JSON.stringify([PACKAGES, mirror.sources, mirror.options, readFileSync(CUSTOMIZE, "utf8")]);
  return buildOnce("base", definition, ledger, async (folder) => {
    const sources = mirror.sources.map(sourceLine);
    await succeed(
      [
        "mmdebstrap",
        "--quiet",
        "--variant=minbase",
        "--skip=cleanup/apt/lists",
        `--include=${PACKAGES.join(",")}`,
        `--aptopt=Acquire::http::Proxy "${proxy}"`,
        ...mirror.options.map((option) => `--aptopt=${option.replace(/;$/, "")}`),
        // The address of the proxy is another one for the machines.
        `--customize-hook=rm "$1/etc/apt/apt.conf.d/99mmdebstrap"`,
        `--customize-hook=${CUSTOMIZE} "$1"`,
        "bookworm",
        folder,
        ...sources,
      ],
      { env: { ...process.env, OPERATOR_PASSWORD } },
    );
  });
}

/** The folder of the given definition under the cache: built by `build` when there is none, and whole or not there. */
export async function buildOnce(
  name: string,
  definition: string,
  ledger: Ledger,
  build: (folder: string) => Promise<void>,
): Promise<string> {
  const trees = join(CACHE, "trees", day(0));
  mkdirSync(trees, { recursive: true, mode: 0o755 });
  const folder = join(trees, `${name}-${createHash("sha256").update(definition).digest("hex").slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  return withLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return folder;
    const partial = `${folder}.${process.pid}`;
    const trace: Trace = { kind: "folder", path: partial };
    ledger.record(trace);
    await build(partial);
    renameSync(partial, folder);
    ledger.release([trace]);
    return folder;
  });
}

/** Removes the trees of days before yesterday; a run that began yesterday may still stand on its trees. */
export async function removeOldTrees(): Promise<void> {
  const trees = join(CACHE, "trees");
  if (!existsSync(trees)) return;
  const old = readdirSync(trees).filter((name) => name < day(-1));
  if (old.length > 0) await succeed(["rm", "-rf", "--one-file-system", ...old.map((name) => join(trees, name))]);
}

function day(offset: number): string {
  return new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, "2026-01-01".length);
}
