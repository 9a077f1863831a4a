import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

// Turns the facts that learn-footprints.sh prints into the table of learned packages.
// usage: node scripts/learn-footprints.ts FACTS   (the file that the shell script's output was kept in)

const target = join(import.meta.dirname, "../compiler/learned/debian-12.ts");

/** Folders with more files than this are named as a whole. */
const mostFiles = 40;

/** Places that every package touches, or that are never managed by hand. */
const uninteresting = [
  /^\/etc\/(?:\.pwd\.lock|\.updated|group|gshadow|ld\.so\.cache|machine-id|mailcap|passwd|resolv\.conf|shadow|subgid|subuid)(?:$|-)/,
  /^\/etc\/(?:alternatives|apt\/sources\.list\.d|ca-certificates|init\.d|rc[0-9S]\.d|runit|ssl\/certs|sv|systemd)(?:\/|$)/,
  /^\/usr\/(?:include|lib|libexec|share\/(?:bash-completion|bug|doc|doc-base|info|lintian|locale|man|menu|perl5))(?:\/|$)/,
  /^\/var\/(?:cache\/(?:apt|debconf|ldconfig|man)|lib\/(?:apt|dpkg|pam|polkit-1|python|systemd|ucf)|log\/(?:alternatives\.log|apt|dpkg\.log|journal))(?:\/|$)/,
];

interface Learned {
  readonly trees: Set<string>;
  readonly brings: Set<string>;
  readonly users: Set<string>;
  readonly groups: Set<string>;
  readonly services: Set<string>;
  readonly programs: Set<string>;
}

const packages = new Map<string, Learned>();
const facts = readFileSync(process.argv[2] ?? "/dev/stdin", "utf8")
  .trimEnd()
  .split("\n");

for (const fact of facts) {
  const [name = "", kind = "", ...rest] = fact.split(" ");
  const value = rest.join(" ");
  const learned = packages.get(name) ?? {
    trees: new Set(),
    brings: new Set(),
    users: new Set(),
    groups: new Set(),
    services: new Set(),
    programs: new Set(),
  };
  packages.set(name, learned);
  const unit = /^(?:\/etc|\/usr\/lib)\/systemd\/system\/([^/@]+(?:@[^/@.]+)?\.(?:service|socket|timer))$/.exec(value);
  if (kind === "user") learned.users.add(value);
  else if (kind === "group") learned.groups.add(value);
  else if (kind === "program" && value !== "policy-rc.d") learned.programs.add(value);
  else if (unit) learned.services.add((unit[1] ?? "").replace(/\.service$/, ""));
  else if (uninteresting.some((pattern) => pattern.test(value))) continue;
  else if (kind === "folder") learned.trees.add(value);
  else if (kind === "file") learned.brings.add(value);
}

/** Names a folder instead of its files where it is new and not for people to fill, or holds too many to name. */
function gathered({ trees, brings }: Learned): readonly string[] {
  const own = [...trees].filter((folder) => !/^\/etc\/|^\/var\/www/.test(folder));
  const counts = new Map<string, number>();
  for (const path of brings) {
    const folder = path.slice(0, path.lastIndexOf("/"));
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const crowded = [...counts].filter(([, count]) => count > mostFiles).map(([folder]) => folder);
  const all = [...own, ...crowded];
  const whole = all.filter((folder) => !all.some((other) => folder.startsWith(`${other}/`)));
  const paths = [...brings].filter((path) => !whole.some((folder) => path.startsWith(`${folder}/`)));
  return [...whole.map((folder) => `${folder}/`), ...paths].toSorted();
}

function field(name: string, values: Iterable<string>): string {
  const sorted = [...values].toSorted();
  return sorted.length === 0 ? "" : `    ${name}: ${JSON.stringify(sorted)},\n`;
}

const entries = [...packages]
  .toSorted(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, learned]) => {
    const { trees, users, groups, services, programs } = learned;
    const fields = [
      field("trees", trees),
      field("brings", gathered(learned)),
      field("users", users),
      field("groups", groups),
      field("services", services),
      field("programs", programs),
    ];
    return `  ${JSON.stringify(name)}: {\n${fields.join("")}  },\n`;
  });

writeFileSync(
  target,
  `import type { LearnedPackage } from "../learned-footprints.ts";

/** What each package brought to a bare Debian 12, with all it depends on and recommends. Written by scripts/learn-footprints.ts. */
export const learnedOnDebian12: Readonly<Record<string, Partial<LearnedPackage>>> = {
${entries.join("")}};
`,
);
process.stderr.write(`${packages.size} packages written to ${target}; format it with oxfmt\n`);
