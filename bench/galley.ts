import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Contestant } from "./contestant.ts";
import type { Workload } from "./workload.ts";

const PROGRAM = join(import.meta.dirname, "..", "galley");

/** This project. */
export const galley: Contestant & { program: string } = {
  name: "Galley",
  program: PROGRAM,
  prepare: (workload, folder) => {
    for (const name of ["files", "templates"]) mkdirSync(join(folder, name));
    for (const { path, content } of workload.files) writeFileSync(join(folder, "files", basename(path)), content);
    for (const { name, handlebars } of workload.templates) {
      writeFileSync(join(folder, "templates", `${name}.hbs`), handlebars);
    }
    writeFileSync(join(folder, "site.recipe"), recipe(workload));
    return ({ address, port, home }) => ({
      argv: [PROGRAM, "apply", join(folder, "site.recipe"), "--on", `ssh://root@${address}:${port}`, "--yes"],
      env: { ...process.env, HOME: home },
      cwd: folder,
      fine: [0],
    });
  },
};

function recipe({ packages, groups, users, directories, files, rendered, links, services }: Workload): string {
  const titles = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(",\n  ");
  const parts: string[] = [];
  if (packages.length > 0) parts.push(`package ${titles(packages)}\n`);
  for (const { name, gid } of groups) parts.push(`group "${name}" {\n  gid = ${gid}\n}\n`);
  for (const { name, uid, group, shell, home } of users) {
    parts.push(`user "${name}" {\n  uid = ${uid}\n  group = "${group}"\n  shell = "${shell}"\n  home = "${home}"\n}\n`);
  }
  if (directories.length > 0) parts.push(`directory ${titles(directories)}\n`);
  const byFolder = Map.groupBy(files, ({ path }) => path.slice(0, path.lastIndexOf("/")));
  for (const [folder, members] of byFolder) {
    const names = members.map(({ path }) => `  "${basename(path)}",\n`).join("");
    parts.push(`for name in [\n${names}] {\n  file "${folder}/\${name}" {\n    source = "files/\${name}"\n  }\n}\n`);
  }
  for (const { path, template, values } of rendered) {
    const { name, port, parts: members } = values;
    const record = `{ name = "${name}", port = ${port}, parts = ${JSON.stringify(members)} }`;
    parts.push(`file "${path}" {\n  content = template("templates/${template}.hbs", ${record})\n}\n`);
  }
  for (const { path, to } of links) parts.push(`link "${path}" {\n  to = "${to}"\n}\n`);
  if (services.length > 0) parts.push(`service ${titles(services)}\n`);
  return parts.join("\n");
}
