/** A state of a machine that every contestant brings about, each in its own words. */
export interface Workload {
  name: string;
  packages: readonly string[];
  groups: readonly { name: string; gid: number }[];
  users: readonly { name: string; uid: number; group: string; shell: string; home: string }[];
  directories: readonly string[];
  /** Files copied as they are, root's, 0644. */
  files: readonly { path: string; content: string }[];
  /** Files made from a template; `content` is what must come out. */
  rendered: readonly { path: string; template: string; values: Values; content: string }[];
  templates: readonly Template[];
  links: readonly { path: string; to: string }[];
  services: readonly string[];
  /** Path of the file that the case "one file changed" spoils. */
  changed: string;
}

/** What a template is given. */
export interface Values {
  name: string;
  port: number;
  parts: readonly string[];
}

/** One template in the languages of those who use templates. */
export interface Template {
  name: string;
  handlebars: string;
  jinja: string;
  render: (values: Values) => string;
}

const templates: readonly Template[] = [
  {
    name: "job",
    handlebars: `[job]
name = {{name}}
listen = 127.0.0.1:{{port}}
{{#each parts}}
step = {{this}}
{{/each}}
log = /var/log/{{name}}.log
`,
    jinja: `[job]
name = {{ item.name }}
listen = 127.0.0.1:{{ item.port }}
{% for part in item.parts %}
step = {{ part }}
{% endfor %}
log = /var/log/{{ item.name }}.log
`,
    render: ({ name, port, parts }) =>
      `[job]\nname = ${name}\nlisten = 127.0.0.1:${port}\n${parts.map((part) => `step = ${part}\n`).join("")}log = /var/log/${name}.log\n`,
  },
  {
    name: "pool",
    handlebars: `# pool {{name}}
pool {{name}} {
    bind 127.0.0.1:{{port}};
{{#each parts}}
    member {{this}} weight=1 check interval=5s;
{{/each}}
}
`,
    jinja: `# pool {{ item.name }}
pool {{ item.name }} {
    bind 127.0.0.1:{{ item.port }};
{% for part in item.parts %}
    member {{ part }} weight=1 check interval=5s;
{% endfor %}
}
`,
    render: ({ name, port, parts }) =>
      `# pool ${name}\npool ${name} {\n    bind 127.0.0.1:${port};\n${parts.map((part) => `    member ${part} weight=1 check interval=5s;\n`).join("")}}\n`,
  },
  {
    name: "vhost",
    handlebars: `server {
    listen {{port}};
    server_name {{name}}.example.org{{#each parts}} {{this}}.example.org{{/each}};
    root /srv/w100/sites/{{name}};
}
`,
    jinja: `server {
    listen {{ item.port }};
    server_name {{ item.name }}.example.org{% for part in item.parts %} {{ part }}.example.org{% endfor %};
    root /srv/w100/sites/{{ item.name }};
}
`,
    render: ({ name, port, parts }) =>
      `server {\n    listen ${port};\n    server_name ${name}.example.org${parts.map((part) => ` ${part}.example.org`).join("")};\n    root /srv/w100/sites/${name};\n}\n`,
  },
];

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Text of so many bytes that looks like configuration and differs from file to file. */
function plainText(name: string, bytes: number): string {
  const line = (index: number): string => `${name}.setting_${index} = value ${(index * 7919) % 1000}\n`;
  let text = "";
  for (let index = 0; text.length < bytes; index++) text += line(index);
  return `${text.slice(0, bytes - 1)}\n`;
}

/** One hundred resources of the kinds that machines mostly have. */
export const W100: Workload = {
  name: "W100",
  packages: ["bc", "cron", "file", "jq", "lsof", "nginx-light", "rsync", "tree", "unzip", "zip"],
  groups: numbers(3).map((index) => ({ name: `team${index}`, gid: 2100 + index })),
  users: numbers(5).map((index) => ({
    name: `app${index}`,
    uid: 2000 + index,
    group: `team${index % 3}`,
    shell: "/bin/bash",
    home: `/home/app${index}`,
  })),
  directories: [
    "/etc/w100",
    ...["jobs", "plain", "pools", "vhosts"].map((name) => `/etc/w100/${name}`),
    "/srv/w100",
    ...["cache", "current", "logs", "sites"].map((name) => `/srv/w100/${name}`),
  ],
  files: [
    ...numbers(30).map((index) => ({
      path: `/etc/w100/plain/part${index}.conf`,
      content: plainText(`part${index}`, 600 + 40 * index),
    })),
    ...numbers(5).map((index) => ({
      path: `/etc/sysctl.d/80-w100-${index}.conf`,
      content: `net.ipv4.conf.default.log_martians = ${index % 2}\n`,
    })),
  ],
  templates,
  rendered: templates.flatMap((template) =>
    numbers(10).map((index) => {
      const values = {
        name: `${template.name}${index}`,
        port: 8000 + index,
        parts: numbers(1 + (index % 4)).map((part) => `m${index}-${part}`),
      };
      return {
        path: `/etc/w100/${template.name}s/${values.name}.conf`,
        template: template.name,
        values,
        content: template.render(values),
      };
    }),
  ),
  links: numbers(5).map((index) => ({
    path: `/srv/w100/current/job${index}.conf`,
    to: `/etc/w100/jobs/job${index}.conf`,
  })),
  services: ["cron", "nginx"],
  changed: "/etc/w100/pools/pool3.conf",
};

/** A thousand small files. */
export const F1000: Workload = {
  name: "F1000",
  packages: [],
  groups: [],
  users: [],
  directories: ["/srv/f1000"],
  files: numbers(1000).map((index) => ({
    path: `/srv/f1000/file${String(index).padStart(4, "0")}.conf`,
    content: plainText(`file${index}`, 1024),
  })),
  templates: [],
  rendered: [],
  links: [],
  services: [],
  changed: "/srv/f1000/file0500.conf",
};

/** Every file of a workload with what must be in it. */
export function allFiles(workload: Workload): { path: string; content: string }[] {
  return [...workload.files, ...workload.rendered.map(({ path, content }) => ({ path, content }))];
}
