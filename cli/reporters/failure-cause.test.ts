import { expect, test } from "vitest";
import { failureOf } from "./failure-cause.ts";

test.each([
  [
    "package",
    "apt-get failed with status 100:\nReading package lists...\nE: Unable to locate package ngnix\nE: Sub-process /usr/bin/dpkg returned an error code (1)",
    "E: Unable to locate package ngnix",
  ],
  [
    "package",
    "dpkg: error processing package app (--configure):\n installed app package post-installation script subprocess returned error exit status 1\nErrors were encountered while processing:\n app\nE: Sub-process /usr/bin/dpkg returned an error code (1)",
    "installed app package post-installation script subprocess returned error exit status 1",
  ],
  [
    "service",
    'service "nginx" was not reloaded, because its verify command failed:\nnginx: [warn] duplicate value\nnginx: [emerg] unknown directive "servr" in /etc/nginx/nginx.conf:3\nnginx: configuration file /etc/nginx/nginx.conf test failed',
    'nginx: [emerg] unknown directive "servr" in /etc/nginx/nginx.conf:3',
  ],
  ["file", "/srv/d is a directory, not a regular file.", "/srv/d is a directory, not a regular file."],
  [
    "execute",
    "reading\nTraceback (most recent call last):\n  File x, line 3\nValueError: no such table\nthe command ended with status 1",
    "ValueError: no such table (status 1)",
  ],
  [
    "execute",
    "bash: /opt/x: Permission denied\nclean-up done\nthe command ended with status 126",
    "bash: /opt/x: Permission denied (status 126)",
  ],
  ["execute", "one\ntwo\nthe command ended with status 3", "two (status 3)"],
  ["execute", "the command ended with status 3", "the command ended with status 3"],
  [
    "execute",
    "sh: foo: not found\nthe command ended with status 127: its program is not there",
    "the command ended with status 127: its program is not there",
  ],
  [
    "execute",
    "what it printed is private (2 lines); --show-private shows it\nthe command ended with status 7",
    "the command ended with status 7",
  ],
])("the cause of a failed %s is the line that says why: %j", (kind, printed, cause) => {
  expect(failureOf(kind, `ended with status 1\n${printed}`).cause).toBe(cause);
});

test("what Galley itself found is the cause, whatever was printed besides", () => {
  const words = "did not converge: its guard still says that there is something to do";
  expect(failureOf("execute", `${words}\nerror: noise`).cause).toBe(words);
  expect(failureOf("file", "changed since the plan").cause).toBe("changed since the plan");
  expect(failureOf("execute", "its guard ended with status 3\ngrep: /etc/x: No such file or directory").cause).toBe(
    "its guard ended with status 3: grep: /etc/x: No such file or directory",
  );
});

test("what a program says twice in a row is shown once", () => {
  const words = "ended with status 1\nnot in any list\nnot in any list";
  expect(failureOf("package", words)).toEqual({ cause: "not in any list", output: [] });
});
