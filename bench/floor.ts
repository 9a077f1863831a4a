import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Contestant } from "./contestant.ts";
import { allFiles, type Workload } from "./workload.ts";

/**
 * What a patient person would write by hand for exactly this workload, with one connection to look and, if anything
 * differs, one to change: the least that going over SSH can cost.
 */
export const floor: Contestant = {
  name: "hand-written script",
  prepare: (workload, folder) => {
    writeFileSync(join(folder, "probe.sh"), probeScript(workload));
    writeFileSync(join(folder, "expected"), expectedProbe(workload));
    const tree = join(folder, "tree");
    mkdirSync(tree);
    writeFileSync(join(tree, "apply.sh"), applyScript(workload));
    for (const { path, content } of allFiles(workload)) {
      mkdirSync(join(tree, "root", dirname(path)), { recursive: true });
      writeFileSync(join(tree, "root", path), content, { mode: 0o644 });
    }
    execFileSync("tar", ["-cf", join(folder, "apply.tar"), "--owner=0", "--group=0", "-C", tree, "."]);
    writeFileSync(join(folder, "run.sh"), RUN);
    return ({ home, name }) => ({ argv: ["sh", join(folder, "run.sh"), join(home, ".ssh/config"), name], fine: [0] });
  },
};

const RUN = `set -eu
folder=$(dirname "$0")
if ssh -F "$1" "$2" sh <"$folder/probe.sh" | cmp -s - "$folder/expected"; then
  exit 0
fi
ssh -F "$1" "$2" 'd=$(mktemp -d) && tar -xf - -C "$d" && sh "$d/apply.sh" "$d/root" && rm -rf "$d"' <"$folder/apply.tar"
`;

/** The script that prints the state of everything in the workload, with no process per resource. */
export function probeScript(workload: Workload): string {
  const paths = [...workload.directories, ...allFiles(workload).map(({ path }) => path)];
  const lines = [
    `stat -c '%F %a %U %G %n' ${paths.join(" ")}`,
    `sha256sum ${allFiles(workload)
      .map(({ path }) => path)
      .join(" ")}`,
  ];
  const { packages, groups, users, links, services } = workload;
  if (packages.length > 0) lines.push(`dpkg-query -W -f '\${Package} \${db:Status-Status}\\n' ${packages.join(" ")}`);
  if (groups.length > 0) lines.push(`getent group ${groups.map(({ name }) => name).join(" ")}`);
  if (users.length > 0) lines.push(`getent passwd ${users.map(({ name }) => name).join(" ")}`);
  if (links.length > 0) lines.push(`find ${links.map(({ path }) => path).join(" ")} -printf '%p %l\\n'`);
  if (services.length > 0) lines.push(`systemctl show -p Id,ActiveState,UnitFileState ${services.join(" ")}`);
  return lines.map((line) => `${line} 2>/dev/null\n`).join("");
}

/** What the probe prints where all is as it should be. */
export function expectedProbe(workload: Workload): string {
  const files = allFiles(workload);
  const { packages, groups, users, links, services, directories } = workload;
  const gids = new Map(groups.map(({ name, gid }) => [name, gid]));
  const lines = [
    ...directories.map((path) => `directory 755 root root ${path}`),
    ...files.map(({ path }) => `regular file 644 root root ${path}`),
    ...files.map(({ path, content }) => `${createHash("sha256").update(content).digest("hex")}  ${path}`),
    ...packages.map((name) => `${name} installed`),
    ...groups.map(({ name, gid }) => `${name}:x:${gid}:`),
    ...users.map(({ name, uid, group, home, shell }) => `${name}:x:${uid}:${gids.get(group)}::${home}:${shell}`),
    ...links.map(({ path, to }) => `${path} ${to}`),
    services.map((name) => `Id=${name}.service\nActiveState=active\nUnitFileState=enabled`).join("\n\n"),
  ];
  return lines.join("\n").replace(/\n*$/, "\n");
}

function applyScript({ packages, groups, users, directories, links, services }: Workload): string {
  const lines = ["set -eu"];
  if (packages.length > 0) {
    lines.push(
      `dpkg-query -W -f '\${db:Status-Status}\\n' ${packages.join(" ")} 2>/dev/null | grep -c '^installed$' | grep -qx ${packages.length} ||`,
      `  DEBIAN_FRONTEND=noninteractive apt-get install -y -q ${packages.join(" ")} >&2`,
    );
  }
  for (const { name, gid } of groups) lines.push(`getent group ${name} >/dev/null || groupadd -g ${gid} ${name}`);
  for (const { name, uid, group, shell, home } of users) {
    lines.push(`getent passwd ${name} >/dev/null || useradd -m -u ${uid} -g ${group} -s ${shell} -d ${home} ${name}`);
  }
  lines.push(`mkdir -p -m 0755 ${directories.join(" ")}`, `cp -r --preserve=mode "$1/." /`);
  for (const { path, to } of links) lines.push(`ln -sfn ${to} ${path}`);
  if (services.length > 0) lines.push(`systemctl enable -q --now ${services.join(" ")}`);
  return `${lines.join("\n")}\n`;
}
