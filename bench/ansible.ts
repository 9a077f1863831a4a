import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { command } from "../test/hosts/command.ts";
import type { Contestant } from "./contestant.ts";
import type { Workload } from "./workload.ts";

/** Ansible as Debian packages it, with pipelining, one task per kind of thing, written as its documentation advises. */
export const ansible: Contestant = {
  name: "Ansible, pipelining",
  prepare: (workload, folder) => {
    for (const name of ["files", "templates", "control"]) mkdirSync(join(folder, name));
    for (const { path, content } of workload.files) writeFileSync(join(folder, "files", basename(path)), content);
    for (const { name, jinja } of workload.templates) writeFileSync(join(folder, "templates", `${name}.j2`), jinja);
    const playbook = join(folder, "site.json");
    // A playbook is YAML, and JSON is YAML.
    writeFileSync(playbook, JSON.stringify([{ hosts: "all", tasks: tasks(workload) }], undefined, 2));
    return ({ name, home }) => {
      const config = join(folder, "ansible.cfg");
      writeFileSync(config, configuration(folder, join(home, ".ssh/config")));
      return {
        argv: ["ansible-playbook", "-i", `${name},`, playbook],
        env: { ...process.env, ANSIBLE_CONFIG: config, ANSIBLE_HOME: folder },
        cwd: folder,
        fine: [0],
      };
    };
  },
  forget: async (folder, { name, home }) => {
    const socket = join(folder, "control", "socket");
    await command(["ssh", "-F", join(home, ".ssh/config"), "-o", `ControlPath=${socket}`, "-O", "exit", name]);
  },
};

function configuration(folder: string, sshConfig: string): string {
  const sshArguments = `-F ${sshConfig} -o ControlMaster=auto -o ControlPersist=60s`;
  return `[defaults]
local_tmp = ${folder}/tmp
remote_user = root
interpreter_python = /usr/bin/python3
[ssh_connection]
pipelining = True
ssh_args = ${sshArguments}
control_path = ${folder}/control/socket
`;
}

function tasks(workload: Workload): object[] {
  const { packages, groups, users, directories, files, rendered, links, services } = workload;
  const each = (name: string, module: string, parameters: object, loop: readonly unknown[]): object[] =>
    loop.length === 0 ? [] : [{ name, [module]: parameters, loop, loop_control: { label: "" } }];
  return [
    ...(packages.length === 0 ? [] : [{ name: "packages", "ansible.builtin.apt": { name: packages } }]),
    ...each("groups", "ansible.builtin.group", { name: "{{ item.name }}", gid: "{{ item.gid }}" }, groups),
    ...each(
      "users",
      "ansible.builtin.user",
      {
        name: "{{ item.name }}",
        uid: "{{ item.uid }}",
        group: "{{ item.group }}",
        shell: "{{ item.shell }}",
        home: "{{ item.home }}",
      },
      users,
    ),
    ...each(
      "directories",
      "ansible.builtin.file",
      { path: "{{ item }}", state: "directory", owner: "root", group: "root", mode: "0755" },
      directories,
    ),
    ...each(
      "files",
      "ansible.builtin.copy",
      { src: "{{ item | basename }}", dest: "{{ item }}", owner: "root", group: "root", mode: "0644" },
      files.map(({ path }) => path),
    ),
    ...each(
      "templates",
      "ansible.builtin.template",
      { src: "{{ item.template }}.j2", dest: "{{ item.path }}", owner: "root", group: "root", mode: "0644" },
      rendered.map(({ template, path, values }) => ({ template, path, ...values })),
    ),
    ...each("links", "ansible.builtin.file", { src: "{{ item.to }}", dest: "{{ item.path }}", state: "link" }, links),
    ...each("services", "ansible.builtin.systemd", { name: "{{ item }}", state: "started", enabled: true }, services),
  ];
}
