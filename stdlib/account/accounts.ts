/** A line of /etc/passwd. */
export interface User {
  readonly uid: number;
  readonly gid: number;
  readonly comment: string;
  readonly home: string;
  readonly shell: string;
}

/** A line of /etc/group. */
export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/** A machine's account files; of two lines with one name the first counts. */
export interface Accounts {
  readonly users: ReadonlyMap<string, User>;
  readonly groups: ReadonlyMap<string, Group>;
}

/** Understands the output of `account_probe`; undefined when it is not whole. */
export function readAccounts(output: Uint8Array): Accounts | undefined {
  const [passwd, group] = new TextDecoder().decode(output).split("\n=\n");
  if (passwd === undefined || group === undefined || passwd.trim() === "") return undefined;
  const users = new Map<string, User>();
  for (const line of passwd.split("\n")) {
    const [name = "", , uid = "", gid = "", comment = "", home = "", ...shell] = line.split(":");
    if (users.has(name) || !isNumber(uid) || !isNumber(gid)) continue;
    users.set(name, { uid: Number(uid), gid: Number(gid), comment, home, shell: shell.join(":") });
  }
  const groups = new Map<string, Group>();
  for (const line of group.split("\n")) {
    const [name = "", , gid = "", members = ""] = line.split(":");
    if (groups.has(name) || !isNumber(gid)) continue;
    groups.set(name, { name, gid: Number(gid), members: members.split(",").filter((member) => member !== "") });
  }
  return { users, groups };
}

const isNumber = (text: string): boolean => /^\d+$/.test(text);

/** The name of a user's or a group's line. */
export const accountName = "[A-Za-z_][A-Za-z0-9_.-]{0,31}";
