import { Chalk } from "chalk";
import { expect, test } from "vitest";
import type { Step } from "../../compiler/plan.ts";
import type { ReportedStep } from "../../runtime/run-report.ts";
import { printReport, progressLine } from "./pretty-report.ts";

const plain = { columns: 80, isTerminal: false, color: new Chalk({ level: 0 }), unicode: true };

function step(kind: string, title: string): Step {
  return {
    id: 1,
    resource: `${kind}["${title}"]`,
    kind,
    title,
    action: "run",
    because: [],
    source: { file: "site.recipe", line: 3 },
    certain: true,
    changes: [],
    requires: [],
    fingerprint: null,
    identity: [],
    calls: [],
    notifies: [],
    reactions: [],
  };
}

/** The progress line of a step that ended so. */
function line(kind: string, title: string, result: ReportedStep["result"], message?: string): string {
  const ended = { id: 1, resource: `${kind}["${title}"]`, result, milliseconds: 20 } as const;
  const terminal = { ...plain, write: () => {} };
  return progressLine("web1", step(kind, title), message === undefined ? ended : { ...ended, message }, terminal);
}

test("a failed step's line says what its kind said, not that a function of Galley ended with 1", () => {
  const words = "ended with status 1\n/srv/d is a directory, not a symbolic link.";
  expect(line("link", "/srv/d", "failed", words)).toBe(
    "web1  ✗ link /srv/d  failed: /srv/d is a directory, not a symbolic link.  0.02 s\n",
  );
});

test("of a command that failed the line says why, and its status", () => {
  const words = "ended with status 1\nreading\nno such table\nthe command ended with status 7";
  expect(line("execute", "migrate", "failed", words)).toBe(
    "web1  ✗ execute migrate  failed: no such table (status 7)  0.02 s\n",
  );
});

test("what a step left running is not why it failed, and is the word of one that went well", () => {
  const left = "left 1 process running (sleep)";
  const words = `ended with status 1\nno such table\nthe command ended with status 7\n${left}`;
  expect(line("execute", "migrate", "failed", words)).toContain("failed: no such table (status 7) ");
  expect(line("execute", "migrate", "changed", left)).toContain(`run: ${left} `);
});

test("a failure without words of its own keeps its status", () => {
  expect(line("file", "/srv/f", "failed", "ended with status 1")).toContain("failed: ended with status 1 ");
  expect(line("file", "/srv/f", "failed", "ended with status 137\nKilled")).toContain(
    "failed: ended with status 137: Killed ",
  );
});

test("control characters of a title stand as escapes: a line stays a line, a column a column", () => {
  expect(line("file", "/srv/a\tb\nc\u001b[31m", "ok")).toBe(
    "web1  = file /srv/a\\tb\\nc\\x1b[31m  nothing to do  0.02 s\n",
  );
});

test("a report says for each failure all that it said, then the verdict", () => {
  let text = "";
  const failed = {
    resource: 'execute["migrate"]',
    action: "run" as const,
    because: [],
    source: { file: "site.recipe", line: 3 },
    certain: true,
    changes: [],
    result: "failed" as const,
    milliseconds: 20,
    message: "ended with status 1\nreading\nno such table\nthe command ended with status 7",
  };
  printReport({ name: "web1", status: "failed", steps: [failed], unchanged: 4 }, 1234, {
    ...plain,
    write: (piece) => (text += piece),
  });
  expect(text).toBe(`failed  execute["migrate"]  site.recipe:3
        no such table (status 7)
        │ reading
        │ no such table
web1  not converged (failed): 0 changes, 1 failed, 4 as they should be in 1.2 s
`);
});

test("what was put back is named, and counted beside the changes", () => {
  let text = "";
  const row = { ...step("file", "/etc/a"), because: [], milliseconds: 20, message: "" };
  const steps = [
    { ...row, result: "changed" as const, putBack: true as const },
    { ...row, result: "changed" as const },
  ];
  const terminal = { ...plain, write: (piece: string) => (text += piece) };
  printReport({ name: "web1", status: "failed", steps, unchanged: 0 }, 1234, terminal);
  expect(text).toBe(`put back file["/etc/a"]  its change was refused
web1  not converged (failed): 2 changes (1 put back), 0 as they should be in 1.2 s
`);
});

test("of a long output a report shows the end, and all of it with --full", () => {
  const output = Array.from({ length: 40 }, (_, at) => `compiling ${at}`).join("\n");
  const message = `ended with status 1\n${output}\nmain.c:3: error: unknown type\nthe command ended with status 2`;
  const failed = { ...step("execute", "build"), because: [], result: "failed" as const, milliseconds: 20, message };
  const report = (full: boolean) => {
    let text = "";
    const terminal = { ...plain, write: (piece: string) => (text += piece) };
    printReport({ name: "web1", status: "failed", steps: [failed], unchanged: 0 }, 10, terminal, full);
    return text.split("\n");
  };
  expect(report(false).slice(1, 4)).toEqual([
    "        main.c:3: error: unknown type (status 2)",
    "        │ 29 lines before this (--full)",
    "        │ compiling 29",
  ]);
  expect(report(true)).toHaveLength(45);
});

test("a failure of one thing that was declared by two names tells both, with their places", () => {
  let text = "";
  const terminal = { ...plain, write: (piece: string) => (text += piece) };
  const { id: _id, ...failed } = step("service", "ssh");
  const aliases = [{ resource: 'service["sshd"]', source: { file: "b.recipe", line: 9 } }];
  const steps = [{ ...failed, because: [], aliases, result: "failed" as const, milliseconds: 1, message: "no" }];
  printReport({ name: "web1", status: "failed", steps, unchanged: 0 }, 100, terminal);
  expect(text.split("\n")[0]).toBe('failed  service["ssh"], service["sshd"]  site.recipe:3, b.recipe:9');
});

test("steps that were skipped for one reason share a line, and many are counted", () => {
  const skipped = (title: string, message: string) => ({
    resource: `file["${title}"]`,
    action: "create" as const,
    because: [],
    source: { file: "site.recipe", line: 1 },
    certain: true,
    changes: [],
    result: "skipped" as const,
    milliseconds: 0,
    message,
  });
  const ten = Array.from({ length: 10 }, (_, at) => skipped(`/srv/${at}`, "not reached"));
  const steps = [...ten, skipped("/srv/x", 'needs file["/srv/y"], which did not succeed')];
  const report = (full: boolean) => {
    let text = "";
    const terminal = { ...plain, write: (piece: string) => (text += piece) };
    printReport({ name: "web1", status: "failed", steps, unchanged: 0 }, 100, terminal, full);
    return text.split("\n");
  };
  expect(report(false).slice(0, 2)).toEqual([
    'skipped file["/srv/0"], file["/srv/1"], file["/srv/2"], 7 more (--full)  not reached',
    'skipped file["/srv/x"]  needs file["/srv/y"], which did not succeed',
  ]);
  expect(report(true)[0]).toContain('file["/srv/9"]  not reached');
});
