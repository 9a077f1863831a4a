import { call, probe } from "../../compiler/kind/call.ts";
import type { Footprint } from "../../compiler/kind/footprint.ts";
import { kind, type Change, type Have, type Want } from "../../compiler/kind/kind.ts";
import { bool, int, oneOf, set, text, typed } from "../../compiler/kind/properties.ts";
import type { Value } from "../../compiler/kind/value.ts";
import { accountName, readAccounts, type Accounts } from "../account/accounts.ts";
import { given } from "../account/given.ts";
import { wordOf } from "../values.ts";

/** A user of the machine's own account files. */
export const user = kind({
  name: "user",
  title: { type: { type: "string", pattern: accountName }, name: "name", doc: "The login name." },
  doc: `A user of the machine's own account files. Only what is stated is managed.
A new user gets a home with the machine's usual first files, unless it is a system user; a login group of its own name, unless \`group\` names another; and no password.`,
  example: `user "shop" {
  comment = "Runs the shop"
  groups  = ["www-data"]
  shell   = "/bin/bash"
}`,
  properties: {
    comment: text({ doc: "Its full name or purpose." }, "[^:\\n]*"),
    group: text({ doc: "The name of its login group, which must be there." }, accountName),
    groups: set(
      { type: "string", pattern: accountName },
      { doc: "Groups it must be a member of. It stays in others that it is in." },
    ),
    home: typed(
      { type: "string", refinement: "path", pattern: "[^:\\n]*" },
      {
        doc: "Its home. A new user that is no system user finds it created; when it changes later the files stay where they are. Left out, a new system user gets `/nonexistent`.",
      },
    ),
    password: typed(
      { type: "secret", of: { type: "string" } },
      { doc: "Its password. Left out, a new user cannot log in with one, and that of an existing user stays." },
    ),
    shell: typed(
      { type: "string", refinement: "path", pattern: "[^:\\n]*" },
      { doc: "Its login shell. Left out, a new user gets the machine's default, a new system user none." },
    ),
    state: oneOf(
      "present",
      "absent",
    )({
      doc: "Whether it is there. `absent` removes the account and leaves its home.",
      default: "present",
    }),
    system: bool({
      doc: "Whether a new user is one that runs services: a number from the range for system accounts, no home, no login shell.",
      role: "control",
      default: false,
    }),
    uid: int(
      { doc: "Its number. Left out, a free one is taken, and an existing one stays." },
      { min: 0, max: 4_294_967_294 },
    ),
  },
  footprint,
  probe: () => probe("account_probe", []),
  read: (output, wants) => {
    const accounts = readAccounts(output);
    return accounts ? new Map(wants.map((want) => [want.title, stateOf(want, accounts)])) : new Map();
  },
  difference,
  fingerprint,
  refuses: ({ properties: { uid } }, have, { isDeclared }) => {
    const other = have["uid_of"];
    if (typeof other !== "string" || isDeclared?.("user", other) === true) return undefined;
    return `the number ${wordOf(uid)} belongs to the user ${other}: leave \`uid\` out, or give another`;
  },
  apply: (
    { title, properties: { state, uid, group, groups, home, shell, comment, system } },
    _have,
    { isDeclared },
  ) => [
    call(
      "user_apply",
      title,
      wordOf(state),
      ...[uid, group, groups, home, shell, comment].map(given),
      String(system === true),
      isDeclared?.("group", title) === true ? "keep" : "",
    ),
  ],
});

/** What the first files of a home are called on most systems. */
const skeleton = [".bash_logout", ".bashrc", ".profile"];

function footprint({ title, properties }: Want): readonly Footprint[] {
  const { state, uid, group, groups, home, shell, system } = properties;
  if (state === "absent") return [{ mode: "removes", key: `user:${title}`, because: "it removes the user" }];
  const lines: Footprint[] = [{ mode: "provides", key: `user:${title}`, because: "it is the user" }];
  if (typeof uid === "number") lines.push({ mode: "provides", key: `uid:${uid}`, because: "it has this number" });
  if (typeof group === "string") {
    lines.push({ mode: "needs", key: `group:${group}`, because: "it is its login group" });
  } else {
    lines.push({ mode: "reads", key: `group:${title}`, because: "it becomes its login group" });
    lines.push({ mode: "provides", key: `group:${title}`, because: "a new user brings a group of its name" });
  }
  const others: readonly Value[] = Array.isArray(groups) ? groups : [];
  for (const name of others.map(wordOf)) {
    if (name !== title) lines.push({ mode: "needs", key: `group:${name}`, because: "it is a member of it" });
  }
  if (typeof shell === "string") {
    lines.push({ mode: "reads", key: `file:${shell}`, because: "it is its shell" });
    lines.push({ mode: "reads", key: `program:${shell.replace(/^.*\//, "")}`, because: "it is its shell" });
  }
  if (system !== true) {
    const path = typeof home === "string" ? home : `/home/${title}`;
    for (const key of [path, ...skeleton.map((name) => `${path}/${name}`)]) {
      lines.push({ mode: "may-provide", key: `file:${key}`, because: "a new user gets a home" });
    }
  }
  return lines;
}

function stateOf({ title: name, properties }: Want, { users, groups }: Accounts): Have {
  const found = users.get(name);
  const holder = [...users].find(([other, { uid }]) => other !== name && uid === properties["uid"])?.[0];
  const taken = holder === undefined || found?.uid === properties["uid"] ? {} : { uid_of: holder };
  if (!found) return { state: "absent", ...taken };
  const all = [...groups.values()];
  const login = all.find(({ gid }) => gid === found.gid)?.name ?? String(found.gid);
  const joined = all.filter(({ members }) => members.includes(name)).map((group) => group.name);
  const { uid, home, shell, comment } = found;
  return { state: "present", uid, group: login, groups: joined.toSorted(), home, shell, comment, ...taken };
}

function difference(want: Want, have: Have): readonly Change[] {
  const { state } = want.properties;
  const absent = have.state === "absent";
  const changes: Change[] = state === have.state ? [] : [{ property: "state", from: have.state, to: wordOf(state) }];
  if (state === "absent") return changes;
  for (const property of ["uid", "group", "home", "shell", "comment"]) {
    const [to, from] = [want.properties[property], have[property]];
    if (to === undefined || to === null || to === from) continue;
    changes.push({ property, ...(absent || from === undefined ? {} : { from }), to });
  }
  const found: readonly Value[] = Array.isArray(have["groups"]) ? have["groups"] : [];
  const wanted: readonly Value[] = Array.isArray(want.properties["groups"]) ? want.properties["groups"] : [];
  // The login group that it will have need not list it; the one that it loses must, where it is to stay in it.
  const login = typeof want.properties["group"] === "string" ? want.properties["group"] : have["group"];
  const missing = wanted.filter((name) => !found.includes(name) && name !== login);
  if (missing.length > 0) {
    const to = [...found, ...missing].map(wordOf).toSorted();
    changes.push({ property: "groups", ...(absent ? {} : { from: found }), to });
  }
  return changes;
}

/** The line that `user_state` prints. */
function fingerprint(have: Have): string {
  if (have.state === "absent") return "absent";
  const groups: readonly Value[] = Array.isArray(have["groups"]) ? have["groups"] : [];
  const fields = [
    ["uid", wordOf(have["uid"])],
    ["group", wordOf(have["group"])],
    ["groups", groups.map(wordOf).join(",")],
    ["home", wordOf(have["home"])],
    ["shell", wordOf(have["shell"])],
    ["comment", wordOf(have["comment"])],
  ];
  return fields
    .map(([name, value]) => `${name}=${value}`)
    .join(" ")
    .replaceAll(/[^ -~?]+|\?+/g, "?")
    .replaceAll(/\?+/g, "?");
}
