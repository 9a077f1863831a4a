import { expect, test } from "vitest";
import { fingerprintOf, judgeHostKey, knownHostLine, knownKeyTypes, parseKnownHosts } from "./known-hosts.ts";

const wire = (type: string, rest: string) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  return Buffer.concat([length, Buffer.from(type), Buffer.from(rest)]);
};
const key = wire("ssh-ed25519", "the right key of thirty-two bytes");
const other = wire("ssh-ed25519", "another key");
const rsa = wire("ssh-rsa", "an rsa key");
const line = (hosts: string, bytes = key, marker = "") =>
  `${marker}${hosts} ${bytes.toString("latin1", 4, 4 + bytes.readUInt32BE(0))} ${bytes.toString("base64")} a comment\n`;
const judge = (text: string, host = "web1", port = 22, shown = key) => {
  const verdict = judgeHostKey(parseKnownHosts(text, "known_hosts"), host, port, shown);
  return "entry" in verdict ? `${verdict.verdict} ${verdict.entry.file}:${verdict.entry.line}` : verdict.verdict;
};

test("a plain entry, with several names, comments and blank lines around", () => {
  const text = `# comment\n\n${line("db1")}${line("web1,10.0.0.1,web1.example")}not a line\n`;
  expect(judge(text)).toBe("known");
  expect(judge(text, "10.0.0.1")).toBe("known");
  expect(judge(text, "WEB1.example")).toBe("known");
  expect(judge(text, "web2")).toBe("unknown");
  expect(judge(text, "web1", 22, other)).toBe("changed known_hosts:4");
});

test("another port has a name of its own; the plain name counts only with the very key", () => {
  expect(judge(line("[web1]:2222"), "web1", 2222)).toBe("known");
  expect(judge(line("[web1]:2222"), "web1", 22)).toBe("unknown");
  expect(judge(line("[web1]:2222", other), "web1", 2222)).toBe("changed known_hosts:1");
  expect(judge(line("web1"), "web1", 2222)).toBe("known");
  expect(judge(line("web1", other), "web1", 2222)).toBe("unknown");
});

test("hashed names, as OpenSSH writes them", () => {
  // `ssh-keygen -H` of a file with the name web1.
  const hashed = knownHostLine("web1", 22, key, Buffer.from("01234567890123456789"));
  expect(hashed).toBe(
    `|1|MDEyMzQ1Njc4OTAxMjM0NTY3ODk=|${hashed.split("|")[3]?.split(" ")[0]} ssh-ed25519 ${key.toString("base64")}\n`,
  );
  expect(judge(hashed)).toBe("known");
  expect(judge(hashed, "web2")).toBe("unknown");
  expect(judge(hashed, "web1", 22, other)).toBe("changed known_hosts:1");
  expect(judge(knownHostLine("web1", 2200, key, Buffer.from("01234567890123456789")), "web1", 2200)).toBe("known");
});

test("patterns and exceptions", () => {
  const text = line("*.example,!db.example,web?");
  expect(judge(text, "a.example")).toBe("known");
  expect(judge(text, "db.example")).toBe("unknown");
  expect(judge(text, "web7")).toBe("known");
  expect(judge(text, "web10")).toBe("unknown");
  expect(judge(line("10.0.0.*"), "10.0.0.9")).toBe("known");
  expect(judge(line("10.0.0.*"), "10a0.0.9")).toBe("unknown");
});

test("a revoked key is refused although another line knows it", () => {
  expect(judge(line("web1") + line("*", key, "@revoked "))).toBe("revoked known_hosts:2");
  expect(judge(line("web1") + line("*", other, "@revoked "))).toBe("known");
});

test("an authority alone makes no key known", () => {
  expect(judge(line("*.example", rsa, "@cert-authority "), "a.example")).toBe("authority known_hosts:1");
  expect(judge(line("*.example", rsa, "@cert-authority ") + line("a.example"), "a.example")).toBe("known");
});

test("a key of another type than the known one is a changed key", () => {
  expect(judge(line("web1", rsa))).toBe("changed known_hosts:1");
  expect(judge(line("web1", rsa) + line("web1"))).toBe("known");
});

test("known types are told, for the order of what is offered", () => {
  const entries = parseKnownHosts(
    line("web1", rsa) + line("web1") + line("db1") + line("web1", other, "@revoked "),
    "f",
  );
  expect(knownKeyTypes(entries, "web1", 22)).toEqual(["ssh-rsa", "ssh-ed25519"]);
  expect(knownKeyTypes(entries, "nobody", 22)).toEqual([]);
});

test("the fingerprint is the one that ssh shows", () => {
  const bytes = Buffer.from("AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl", "base64");
  expect(fingerprintOf(bytes)).toBe("SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
});
