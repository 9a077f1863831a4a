import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ClientConfigQuery, readClientConfig } from "./client-config.ts";

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "galley-home-"));
  mkdirSync(join(home, ".ssh/config.d"), { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true }));

function read(text: string, query: Partial<ClientConfigQuery> = {}) {
  writeFileSync(join(home, ".ssh/config"), text);
  return readClientConfig({
    host: "web1",
    user: undefined,
    port: undefined,
    home,
    environment: { USER: "ann" },
    userFile: undefined,
    ...query,
  });
}

test("without a configuration: the name itself, port 22, who I am", async () => {
  expect(await read("")).toMatchObject({
    hostName: "web1",
    port: 22,
    user: "ann",
    identityFiles: undefined,
    identitiesOnly: false,
    agentSocket: undefined,
    userKnownHosts: [join(home, ".ssh/known_hosts"), join(home, ".ssh/known_hosts2")],
    proxy: undefined,
    notes: [],
  });
});

test("an alias: the first value of each option counts, from all blocks that match", async () => {
  const config = await read(`
# a comment
Host db*
  User nobody
Host web? !web9
  HostName %h.example.org
  Port=2222
  user "deploy"
  IdentityFile ~/.ssh/%r_key
  identitiesonly yes
Host *
  User last
  Port 99
  IdentityFile /keys/%u-%p-%n
  UserKnownHostsFile ~/known /known%%2
  StrictHostKeyChecking yes
  HashKnownHosts yes
  HostKeyAlias cluster
  ConnectTimeout 7
`);
  expect(config).toMatchObject({
    hostName: "web1.example.org",
    port: 2222,
    user: "deploy",
    identityFiles: [join(home, ".ssh/deploy_key"), "/keys/ann-2222-web1"],
    identitiesOnly: true,
    userKnownHosts: [join(home, "known"), "/known%2"],
    mayAsk: false,
    hashKnownHosts: true,
    hostKeyAlias: "cluster",
    connectTimeoutMilliseconds: 7000,
  });
  expect(await read("Host web? !web9\n  User x\n", { host: "web9" })).toMatchObject({ user: "ann" });
});

test("what the target says wins over the configuration", async () => {
  expect(await read("Host *\n User a\n Port 1\n", { user: "root", port: 2200 })).toMatchObject({
    user: "root",
    port: 2200,
  });
});

test("included files, by name and by pattern, in place", async () => {
  writeFileSync(join(home, ".ssh/config.d/10-a"), "User first\n");
  writeFileSync(join(home, ".ssh/config.d/20-b"), "Host web1\nPort 77\nHost other\nPort 78\n");
  writeFileSync(join(home, ".ssh/config.d/.hidden"), "Port 1\n");
  expect(await read("Include config.d/*\nUser second\n")).toMatchObject({ user: "first", port: 77 });
  expect(await read("Host other\nInclude config.d/10-a\n")).toMatchObject({ user: "ann" });
  expect(await read(`Include ~/.ssh/config.d/20-b ${home}/.ssh/config.d/10-a\n`)).toMatchObject({
    user: "first",
    port: 77,
  });
  expect(await read("Include config\nUser x\n")).toMatchObject({ user: "x" });
});

test("Match: criteria that are understood decide, others are told", async () => {
  expect(await read("Match host web1 user ann\n Port 5\n")).toMatchObject({ port: 5 });
  expect(await read("Match host other\n Port 5\n")).toMatchObject({ port: 22 });
  expect(await read("Match all\n Port 5\n")).toMatchObject({ port: 5 });
  expect(await read("Host web1\n User u\nMatch originalhost web*,x localuser ann user u\n Port 6\n")).toMatchObject({
    port: 6,
  });
});

const asked: readonly (readonly [config: string, note: string])[] = [
  ['Match exec "test -e /x"\n Port 5\n', "1: `Match exec` is not understood, so its block was passed over"],
  ["Match !host db*\n Port 5\n", "1: `Match !host` is not understood, so its block was passed over"],
  ["Match canonical\n Port 5\n", "1: `Match canonical` is not understood, so its block was passed over"],
  ["Port 5\nCanonicalizeHostname yes\n", "2: `CanonicalizeHostname` is not understood"],
];

for (const [text, note] of asked) {
  test(`what is not understood is asked of ssh, and named where there is none: ${text.split("\n")[0]}`, async () => {
    writeFileSync(join(home, ".ssh/config"), text);
    const query = {
      host: "web1",
      user: undefined,
      port: undefined,
      home,
      environment: { USER: "ann" },
      userFile: undefined,
    };
    const answer = new Map([
      ["hostname", ["10.0.0.7"]],
      ["port", ["2022"]],
      ["user", ["deploy"]],
      ["stricthostkeychecking", ["true"]],
      ["identityfile", ["~/.ssh/a", "~/.ssh/b"]],
    ]);
    const told = await readClientConfig(query, async () => answer);
    expect(told).toMatchObject({ hostName: "10.0.0.7", port: 2022, user: "deploy", mayAsk: false, notes: [] });
    expect(told.identityFiles).toEqual([join(home, ".ssh/a"), join(home, ".ssh/b")]);
    const alone = await readClientConfig(query, async () => ({ problem: "there is no ssh here that could be asked" }));
    expect(alone.notes).toEqual([`${home}/.ssh/config:${note}`, "there is no ssh here that could be asked"]);
  });
}

test("the ssh of this machine is asked for what only it understands", async () => {
  const config = await read("Match exec true\n HostName 10.9.8.7\n Port 77\nHost *\n User deploy\n", {
    environment: { ...process.env, USER: "ann" },
  });
  expect(config).toMatchObject({ hostName: "10.9.8.7", port: 77, user: "deploy", identityFiles: undefined, notes: [] });
  expect(config.userKnownHosts).toEqual([join(home, ".ssh/known_hosts"), join(home, ".ssh/known_hosts2")]);
});

test("the agent: from the environment, another one, none", async () => {
  const environment = { USER: "ann", SSH_AUTH_SOCK: "/agent", OTHER: "/other" };
  const agent = async (text: string) => (await read(text, { environment })).agentSocket;
  expect(await agent("")).toBe("/agent");
  expect(await agent("IdentityAgent SSH_AUTH_SOCK\n")).toBe("/agent");
  expect(await agent("IdentityAgent none\n")).toBeUndefined();
  expect(await agent("IdentityAgent $OTHER\n")).toBe("/other");
  expect(await agent("IdentityAgent ~/agent\n")).toBe(join(home, "agent"));
});

test("jumps are told, and `none` is no jump", async () => {
  expect((await read("ProxyJump bastion\n")).proxy).toEqual({ option: "ProxyJump", value: "bastion" });
  expect((await read("ProxyCommand nc %h %p\n")).proxy).toEqual({ option: "ProxyCommand", value: "nc %h %p" });
  expect((await read("ProxyJump none\n")).proxy).toBeUndefined();
});
