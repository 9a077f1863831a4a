/** How a recipe writes what another tool has a word for. */
export interface Form {
  /** Recipe text that parses where the word stands; absent when a recipe has nothing of that sort. */
  readonly write?: string;
  /** A reason or another way, as a sentence without a full stop. */
  readonly why?: string;
}

/** The places where a word of another tool may stand; a place that is absent is not recognised. */
export interface ForeignWord {
  /** As the name of a property: by kind, `*` for all others. */
  readonly property?: Readonly<Record<string, Form>>;
  /** It is also the name of a property that some kind has: only the kind tells whether it was meant so. */
  readonly isOurs?: boolean;
  /** As the first word of a statement. */
  readonly statement?: Form;
  /** As a value, with or without quotes. */
  readonly value?: Form;
}

const command: Form = { write: 'run = sh"./migrate"' };
const condition: Form = {
  write: "when found",
  why: 'found is an observe: observe found: bool = sh"test -e /srv/app"; a condition over facts is an if around the declaration',
};
const execute: Form = {
  write: 'execute "migrate" { run = sh"./migrate", creates = "/srv/app/done" }',
  why: "a command has a guard that says when it has to run",
};
const fact: Form = { write: "host.os.family", why: "the facts of the machine are the fields of host" };
const file: Form = { write: 'file "/etc/motd" { source = "motd" }' };
const functions: Form = { write: "fn double(n: int): int = n * 2" };
const guard: Form = { write: 'unless = sh"test -e /srv/app/done"' };
const loop: Form = { write: "for name in names { package name }" };
const named: Form = {
  write: "let port = 8080",
  why: "a value that others may set is an input: input port: port = 8080",
};
const none: Form = { write: "none" };
const notify: Form = {
  write: 'notify service["nginx"].restart',
  why: 'a service can also watch paths: watch = ["/etc/nginx/**"]',
};
const packages: Form = { write: 'package "nginx"', why: "the package manager of the machine is used" };
const present: Form = { write: 'state = "present"', why: 'present is the default; the opposite is state = "absent"' };
const require: Form = { write: 'require package["nginx"]' };
const resource: Form = { write: "resource site(name: string) { package name }" };
const running: Form = { write: 'state = "running"' };
const templated: Form = { write: 'content = template("motd.hbs", { name = host.name })' };
const title: Form = { why: 'it is the title, which stands in front of the body: file "/etc/motd"' };
const used: Form = { write: 'use "other.recipe"', why: "a cookbook is brought in by its name: use apache" };
const watch: Form = { write: 'watch = ["/etc/nginx/**"]' };

const everywhere = (form: Form): ForeignWord => ({ property: { "*": form } });
const statement = (form: Form): ForeignWord => ({ statement: form });
const value = (write: string, why?: string): ForeignWord => ({ value: why === undefined ? { write } : { write, why } });

/** Words of Chef, Puppet, Ansible, Terraform, shells and programming languages, each with what a recipe has instead. */
export const foreignWords: ReadonlyMap<string, ForeignWord> = new Map<string, ForeignWord>([
  ["absent", value('"absent"')],
  ["action", { property: { execute: guard, service: running, "*": present } }],
  ["ansible_facts", value("host.os.family", fact.why)],
  ["apt", statement(packages)],
  ["apt_package", statement(packages)],
  ["args", everywhere({ write: 'run = ["./migrate", "--force"]' })],
  ["bash", statement(execute)],
  ["become", everywhere({ why: 'everything runs as root; a command of another account has user = "www-data"' })],
  ["become_user", everywhere({ write: 'user = "www-data"', why: "only execute has it; all else runs as root" })],
  ["case", statement({ write: 'match host.os.family { "debian" => { package "nginx" } }' })],
  ["chdir", everywhere({ write: 'cwd = "/srv/app"' })],
  ["class", statement(resource)],
  ["cmd", everywhere(command)],
  ["code", everywhere(command)],
  ["command", { property: { "*": command }, statement: execute }],
  ["const", statement(named)],
  ["cookbook_file", statement(file)],
  ["copy", { property: { "*": { write: 'source = "motd"' } }, statement: file }],
  ["count", { property: { "*": loop }, statement: loop }],
  ["cwd", { property: { "*": { why: "only execute has it" } }, isOurs: true }],
  ["def", statement(functions)],
  ["define", statement(resource)],
  ["depends", everywhere(require)],
  ["depends_on", everywhere(require)],
  ["dest", everywhere(title)],
  ["dir", statement({ write: 'directory "/srv/app"' })],
  ["disabled", value("false")],
  ["dnf", statement(packages)],
  ["dnf_package", statement(packages)],
  ["each", statement(loop)],
  ["elif", statement({ write: "if host.cpus > 4 { package first } else if host.cpus > 2 { package second }" })],
  ["elsif", statement({ write: "if host.cpus > 4 { package first } else if host.cpus > 2 { package second }" })],
  ["enable", everywhere({ write: "enabled = true" })],
  ["enabled", value("true")],
  ["ensure", { property: { service: running, "*": present } }],
  ["env", value("port", "a recipe does not see the environment; declare an input: input port: port")],
  ["environment", everywhere({ write: 'env = { LANG = "C.UTF-8" }' })],
  ["exec", statement(execute)],
  ["file_line", statement({ write: 'file "/etc/motd" { source = "motd" }', why: "a file is managed as a whole" })],
  ["folder", statement({ write: 'directory "/srv/app"' })],
  ["for_each", { property: { "*": loop }, statement: loop }],
  ["foreach", statement(loop)],
  ["function", statement(functions)],
  ["grains", value("host.os.family", fact.why)],
  ["hosts", everywhere({ why: "the machine is named on the command line: galley plan --on ssh://root@web1" })],
  ["import", statement(used)],
  ["import_tasks", statement(used)],
  ["include", statement(used)],
  ["include_recipe", statement(used)],
  ["include_role", statement(used)],
  ["include_tasks", statement(used)],
  ["installed", value('"present"')],
  ["inventory_hostname", value("host.name")],
  ["item", value("[for item in names => item]", "a loop names its element itself")],
  [
    "latest",
    value(
      '"present"',
      'a package is installed at the newest version the machine knows; a fixed one is version = "1.2.*"',
    ),
  ],
  ["local", statement(named)],
  ["locals", statement(named)],
  ["loop", { property: { "*": loop }, statement: loop }],
  ["module", statement(resource)],
  ["name", everywhere(title)],
  ["nil", { value: none }],
  ["no", value("false")],
  [
    "node",
    { statement: { why: "the machine is named on the command line: galley plan --on ssh://root@web1" }, value: fact },
  ],
  ["not_if", { property: { execute: guard, "*": condition } }],
  ["notifies", everywhere(notify)],
  ["notify", everywhere(notify)],
  ["null", { value: none }],
  ["off", value("false")],
  ["only_if", { property: { "*": condition }, isOurs: true }],
  ["onlyif", { property: { execute: { write: 'only_if = sh"test -e /srv/app/todo"' }, "*": condition } }],
  ["package_name", everywhere(title)],
  ["path", everywhere(title)],
  ["present", value('"present"')],
  ["purged", value('"absent"')],
  [
    "register",
    everywhere({ write: 'observe found: string = sh"cat /etc/hostname"', why: "it is a statement of its own" }),
  ],
  ["removed", value('"absent"')],
  ["require", everywhere(require)],
  ["require_recipe", statement(used)],
  ["requires", everywhere(require)],
  ["retries", everywhere({ write: "retry 3 every 5s" })],
  ["retry", everywhere({ write: "retry 3 every 5s" })],
  ["retry_delay", everywhere({ write: "retry 3 every 5s" })],
  ["role", statement(resource)],
  ["roles", statement(used)],
  ["running", value('"running"')],
  ["script", { property: { "*": command }, statement: execute }],
  ["set_fact", statement(named)],
  ["sh", statement(execute)],
  ["shell", { property: { execute: command }, statement: execute }],
  ["src", everywhere({ write: 'source = "motd"' })],
  ["started", value('"running"')],
  ["stopped", value('"stopped"')],
  ["subscribe", everywhere(watch)],
  ["subscribes", everywhere(watch)],
  ["switch", statement({ write: 'match host.os.family { "debian" => { package "nginx" } }' })],
  ["symlink", statement({ write: 'link "/srv/current" { to = "/srv/v1" }' })],
  ["systemd", statement({ write: 'service "nginx"' })],
  ["systemd_unit", statement({ write: 'service "nginx"' })],
  ["tags", everywhere({ why: "a recipe has no tags; a part that is used alone is a file of its own" })],
  ["target", { property: { link: { write: 'to = "/srv/v1"' } } }],
  ["template", { property: { "*": templated }, statement: { write: `file "/etc/motd" { ${templated.write ?? ""} }` } }],
  ["timeout", everywhere({ write: "timeout 1m" })],
  ["undef", { value: none }],
  ["undefined", { value: none }],
  [
    "unless",
    {
      property: { "*": condition },
      isOurs: true,
      statement: { write: 'if not (host.os.family == "debian") { package "nginx" }' },
    },
  ],
  ["upgraded", value('"present"')],
  ["user", { property: { "*": { why: "only execute has it; who owns a file is owner" } }, isOurs: true }],
  ["var", { statement: named, value: { write: "port", why: "a let or an input is written by its name alone" } }],
  ["variable", statement({ write: "input port: port = 8080" })],
  ["variables", everywhere(templated)],
  ["vars", { property: { "*": templated }, statement: named }],
  ["when", everywhere(condition)],
  ["while", statement(loop)],
  ["with_items", everywhere(loop)],
  ["yes", value("true")],
  ["yum", statement(packages)],
  ["yum_package", statement(packages)],
]);

/**
 * What to write instead of a property that a kind does not have; undefined for words that no other tool uses. Where the kind is
 * not known, also for words that are properties of some kind.
 */
export function foreignProperty(word: string, kind: string | undefined): Form | undefined {
  const foreign = foreignWords.get(word);
  const forms = foreign?.property;
  if (!forms || (kind === undefined && foreign.isOurs === true)) return undefined;
  return (kind !== undefined && Object.hasOwn(forms, kind) ? forms[kind] : undefined) ?? forms["*"];
}

/** The property that a form gives: `run` for `run = sh"…"`; undefined when it gives none. */
export function propertyOf(form: Form | undefined): string | undefined {
  return /^(\w+) =/.exec(form?.write ?? "")?.[1];
}
