import { call, probe } from "../../compiler/kind/call.ts";
import { kind, type Have } from "../../compiler/kind/kind.ts";
import { bool, int, oneOf } from "../../compiler/kind/properties.ts";
import { accountName, readAccounts } from "../account/accounts.ts";
import { given } from "../account/given.ts";
import { wordOf } from "../values.ts";

/** A group of the machine's own account files. */
export const group = kind({
  name: "group",
  title: { type: { type: "string", pattern: accountName }, name: "name", doc: "The name of the group." },
  doc: "A group of the machine's own account files. Its members are declared by the users.",
  example: `group "deploy" {
  gid = 2000
}`,
  properties: {
    gid: int(
      {
        doc: "Its number. Left out, a free one is taken, and an existing one stays. Files keep the old number when it changes.",
      },
      { min: 0, max: 4_294_967_294 },
    ),
    state: oneOf(
      "present",
      "absent",
    )({
      doc: "Whether it is there. The login group of a user cannot be removed before the user.",
      default: "present",
    }),
    system: bool({
      doc: "Whether a new group gets a number from the range for system accounts.",
      role: "control",
      default: false,
    }),
  },
  footprint: ({ title, properties: { state, gid } }) =>
    state === "absent"
      ? [{ mode: "removes", key: `group:${title}`, because: "it removes the group" }]
      : [
          { mode: "provides", key: `group:${title}`, because: "it is the group" },
          ...(typeof gid === "number"
            ? [{ mode: "provides", key: `gid:${gid}`, because: "it has this number" } as const]
            : []),
        ],
  probe: () => probe("account_probe", []),
  read: (output, wants) => {
    const accounts = readAccounts(output);
    if (!accounts) return new Map();
    return new Map(
      wants.map(({ title, properties }): [string, Have] => {
        const found = accounts.groups.get(title);
        const holder = [...accounts.groups.values()].find(
          (other) => other.name !== title && other.gid === properties["gid"],
        );
        const taken = holder && found?.gid !== holder.gid ? { gid_of: holder.name } : {};
        if (!found) return [title, { state: "absent", ...taken }];
        const member = [...accounts.users].find(([, { gid }]) => gid === found.gid)?.[0];
        const login = member === undefined ? {} : { login_of: member };
        return [title, { state: "present", gid: found.gid, ...taken, ...login }];
      }),
    );
  },
  difference: (want, have) => {
    const { state, gid } = want.properties;
    if (state !== have.state) {
      const change = { property: "state", from: have.state, to: wordOf(state) };
      return state === "present" && typeof gid === "number" ? [change, { property: "gid", to: gid }] : [change];
    }
    if (state === "absent" || typeof gid !== "number" || gid === have["gid"]) return [];
    return [{ property: "gid", from: have["gid"] ?? null, to: gid }];
  },
  refuses: ({ properties: { state, gid } }, have, { isDeclared }) => {
    const { gid_of: holder, login_of: member } = have;
    if (state === "absent") {
      if (typeof member !== "string" || isDeclared?.("user", member) === true) return undefined;
      return `it is the login group of the user ${member}: give that user another group first`;
    }
    if (typeof holder !== "string" || isDeclared?.("group", holder) === true) return undefined;
    return `the number ${wordOf(gid)} belongs to the group ${holder}: leave \`gid\` out, or give another`;
  },
  fingerprint: (have) => (have.state === "absent" ? "absent" : `gid=${wordOf(have["gid"])}`),
  apply: ({ title, properties: { state, gid, system } }) => [
    call("group_apply", title, wordOf(state), given(gid), String(system === true)),
  ],
});
