import { Chalk } from "chalk";
import { expect, test } from "vitest";
import { resourceId } from "../../compiler/evaluate/state/resource-id.ts";
import type { Step } from "../../compiler/plan.ts";
import { applyDocument, type AppliedHost, stepRow } from "../../cli/reporters/json.ts";
import { printPlan } from "../../cli/reporters/pretty-plan.ts";
import { printReport, progressLine } from "../../cli/reporters/pretty-report.ts";
import { parseJournalLine } from "../../runtime/journal.ts";
import type { StepResult } from "../../runtime/run-report.ts";
import { step as plainStep } from "../open-shell.ts";
import { randomNumbers } from "../verbs/random-text.ts";
import { hostileTexts, howMany, seed } from "./hostile-bytes.ts";

/** The texts of one report: names, values and outputs of its ten steps. */
const perStep = 7;
const stepsOfOne = 10;
const reports = Math.ceil(howMany / perStep / stepsOfOne);

const next = hostileTexts("/victim", 600);
const random = randomNumbers(seed);
const one = <T>(list: readonly [T, ...T[]]): T => list[Math.floor(random() * list.length)] ?? list[0];

/** What a terminal would act on. */
const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** What `print` writes without colours, whole. */
function written(print: (terminal: Parameters<typeof printReport>[2]) => void): string {
  let text = "";
  const write = (more: string) => void (text += more);
  print({ columns: 80, isTerminal: false, color: new Chalk({ level: 0 }), unicode: true, write });
  expect(text).not.toMatch(steering);
  return text;
}

/** What the journal's reader makes of a message that a host sends. */
function heard(result: StepResult["result"], message: string): StepResult {
  const escaped = message.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\0", "");
  const event = parseJournalLine(`1 done 1 ${result} 20${escaped === "" ? "" : ` ${escaped}`} .`);
  if (event?.type !== "done") throw new Error(`no end of a step: ${JSON.stringify(message)}`);
  expect(event).toMatchObject({ step: 1, result, milliseconds: 20 });
  return { result, milliseconds: 20, ...(event.message === undefined ? {} : { message: event.message }) };
}

test(`${howMany} byte strings in plans and reports: none is a line of ours, none steers a terminal (seed ${seed})`, () => {
  for (let report = 0; report < reports; report += 1) {
    const steps = Array.from({ length: stepsOfOne }, (_, at): Step => {
      const title = `${at}${next()}`;
      const because = [{ text: `not yet known: ${JSON.stringify(next())}` }];
      const kind = one(["execute", "file", "package"]);
      const shown = {
        resource: resourceId(kind, title),
        kind,
        title,
        because,
        action: one<Step["action"]>(["create", "run", "update"]),
      };
      return plainStep(at, {
        ...shown,
        changes: [{ property: "mode", to: "0644" }],
        certain: false,
        diff: { before: next(), after: next() },
      });
    });
    const results = steps.map(() =>
      heard(
        one(["changed", "failed", "ok", "skipped"]),
        one([next(), `ended with status 1\n${next()}${next()}${next()}`]),
      ),
    );
    for (const [at, step] of steps.entries()) {
      const result = { id: at, resource: step.resource, ...(results[at] ?? heard("ok", "")) };
      const line = written((terminal) => terminal.write(progressLine("web1", step, result, terminal)));
      expect(line).toMatch(/^web1  [✓=✗-] (?:execute|file|package) \d[^\n]*0\.02 s\n$/);
    }

    const host: AppliedHost = {
      name: "web1",
      status: "failed",
      message: next(),
      steps: steps.map((step, at) => ({
        ...stepRow(step),
        ...(results[at] ?? heard("ok", "")),
        message: results[at]?.message ?? "",
      })),
      unchanged: 3,
    };
    const text = written((terminal) => printReport(host, 100, terminal, random() < 0.5));
    const ours = text.split("\n").filter((line) => line !== "" && !line.startsWith("        "));
    const words = ours.map((line) => line.split(" ")[0]);
    const number = (result: string) => results.filter((each) => each.result === result).length;
    expect(words.filter((word) => word === "failed")).toHaveLength(number("failed"));
    // Those that were skipped for one reason share a line.
    const reasons = new Set(results.filter(({ result }) => result === "skipped").map(({ message }) => message));
    expect(words.filter((word) => word === "skipped")).toHaveLength(reasons.size);
    expect(words.filter((word) => word === "web1")).toHaveLength(1);
    expect(ours.at(-1)).toMatch(/^web1  not converged \(failed\): /);

    const heading = { host: "web1", system: "debian 12", resources: 10, milliseconds: 10, frames: 1 };
    const plan = {
      version: 1,
      host: "web1",
      steps,
      transactions: [],
      observes: [],
      unchanged: 3,
      seen: [],
      blobs: [],
    } as const;
    const planned = written((terminal) => printPlan(plan, heading, terminal, true));
    expect(planned.split("\n").filter((line) => /^\S/.test(line))).toHaveLength(1);

    const document = applyDocument([host], []);
    expect(document).not.toMatch(steering);
    expect(JSON.parse(document).hosts).toEqual([JSON.parse(JSON.stringify(host))]);
  }
});
