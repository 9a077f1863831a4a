import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { galley } from "./galley.ts";
import { measure, type Sample } from "./measure.ts";

const LINES = 10_000;

/** Writes a recipe of 10,000 lines of usual recipe text, in ten files, and times `galley check` of it. */
export async function checkLines(folder: string, runs: number): Promise<Sample[]> {
  writeRecipe(folder);
  const samples: Sample[] = [];
  for (let run = 0; run < runs; run++) {
    samples.push(await measure({ argv: [galley.program, "check", join(folder, "site.recipe")], fine: [0] }));
  }
  return samples;
}

/** Ten cookbooks' worth of files that the root file uses; the count of lines is exact. */
export function writeRecipe(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const names = Array.from({ length: 10 }, (_, index) => `part${index}`);
  const root = `${names.map((name) => `use "./${name}.recipe"\n`).join("")}\n${names.map((name) => `${name} {}\n`).join("")}`;
  const rest = LINES - lines(root);
  for (const [index, name] of names.entries()) {
    const length = Math.floor(rest / names.length) + (index < rest % names.length ? 1 : 0);
    writeFileSync(join(folder, `${name}.recipe`), part(name, length));
  }
  writeFileSync(join(folder, "site.recipe"), root);
}

function part(name: string, length: number): string {
  let text = `# ${name}: what one team runs on its machines.\n`;
  for (let number = 0; ; number++) {
    const next = section(`${name}_${number}`, 8000 + number);
    if (lines(text + next) > length) break;
    text += next;
  }
  return text + "# \n".repeat(length - lines(text));
}

function section(id: string, port: number): string {
  return `
## The settings of ${id}.
type ${id}_site = { name: string, port: port = ${port}, aliases: list<string> = [] }

let ${id}_sites = [
  { name = "shop", port = ${port}, aliases = ["www", "store"] },
  { name = "blog", port = ${port} + 1, aliases = [] },
]
let ${id}_root = "/srv/${id}"

fn ${id}_title(site: string): string = "\${upper(site)} of ${id}"

group "${id}" { system = true }

user "${id}" {
  group  = "${id}"
  home   = ${id}_root
  shell  = "/usr/sbin/nologin"
  system = true
}

directory ${id}_root, "\${${id}_root}/sites", "\${${id}_root}/log" {
  owner = "${id}"
  group = "${id}"
  mode  = 0750
}

for site in ${id}_sites {
  directory "\${${id}_root}/sites/\${site.name}" {
    owner = "${id}"
    group = "${id}"
  }

  file "/etc/${id}/\${site.name}.conf" {
    content = """
      # \${${id}_title(site.name)}
      name  = \${site.name}
      port  = \${site.port}
      alias = \${join(site.aliases, ",")}
      root  = \${${id}_root}/sites/\${site.name}
      """
    mode = 0640
    notify service["${id}"].reload
  }
}

if host.cpus > 2 {
  file "/etc/${id}/workers.conf" {
    content = "workers = \${host.cpus * 2}\\n"
  }
} else {
  file "/etc/${id}/workers.conf" {
    content = "workers = 2\\n"
  }
}

directory "/etc/${id}"

file "/etc/systemd/system/${id}.service" {
  content = """
    [Unit]
    Description=${id}
    [Service]
    ExecStart=/usr/bin/${id} --root \${${id}_root}
    User=${id}
    [Install]
    WantedBy=multi-user.target
    """
}

service "${id}" {
  watch = ["/etc/${id}/**"]
  require user["${id}"]
}

execute "first run of ${id}" {
  run     = ["/usr/bin/${id}", "--init", ${id}_root]
  creates = "\${${id}_root}/.initialised"
  require service["${id}"]
}
`;
}

function lines(text: string): number {
  return text.split("\n").length - 1;
}
