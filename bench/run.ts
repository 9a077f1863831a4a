import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { command, succeed } from "../test/hosts/command.ts";
import { ansible } from "./ansible.ts";
import { checkLines } from "./check-lines.ts";
import { floor } from "./floor.ts";
import { galley } from "./galley.ts";
import type { Figure } from "./goals.ts";
import { judge } from "./judge.ts";
import { median } from "./measure.ts";
import { race } from "./race.ts";
import { sshTrue } from "./ssh-true.ts";
import { figureTable, goalTable } from "./table.ts";
import { F1000, W100 } from "./workload.ts";

const HELP = `usage: npm run bench -- [options]

  --workloads W100,F1000       which; both when left out
  --contestants floor,galley,ansible
  --runs 7                     of each case but the first apply
  --ansible-runs 2             the same for Ansible, which is slow
  --first-runs 1               fresh machines per contestant
  --full                       Ansible on F1000 too: some twenty minutes
  --no-check                   leave out the check of 10,000 lines
  --json                       print one JSON document instead of tables

Needs root on Debian 12. Ends with 1 when a goal is missed.
`;

const CONTESTANTS = { ansible, floor, galley };
const WORKLOADS = { F1000, W100 };

function pick<T>(table: Readonly<Record<string, T>>, words: string): T[] {
  return words.split(",").map((word) => {
    const found = table[word];
    if (found === undefined) throw new Error(`there is no ${word}; there are ${Object.keys(table).join(", ")}`);
    return found;
  });
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", short: "h" },
      workloads: { type: "string", default: "W100,F1000" },
      contestants: { type: "string", default: "floor,galley,ansible" },
      runs: { type: "string", default: "7" },
      "ansible-runs": { type: "string", default: "2" },
      "first-runs": { type: "string", default: "1" },
      full: { type: "boolean", default: false },
      "no-check": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const contestants = pick(CONTESTANTS, values.contestants);
  const progress = (text: string): void => void process.stderr.write(text);
  await succeed([join(import.meta.dirname, "../test/hosts/install-tools.sh"), "--bench"]);
  // The launcher builds what is out of date; that is not part of any run.
  if (contestants.includes(galley) || !values["no-check"]) await command([galley.program, "--version"]);

  const folder = mkdtempSync(join(tmpdir(), "galley-bench-"));
  try {
    const figures: Figure[] = [];
    for (const workload of pick(WORKLOADS, values.workloads)) {
      const racers = contestants.filter((one) => one !== ansible || workload !== F1000 || values.full);
      const runs = (one: object): number => Number(one === ansible ? values["ansible-runs"] : values.runs);
      const options = {
        contestants: racers,
        yardstick: sshTrue,
        runs,
        firstRuns: Number(values["first-runs"]),
        progress,
      };
      figures.push(...(await race(workload, folder, options)));
    }
    const check = values["no-check"] ? undefined : await checkLines(join(folder, "lines"), Number(values.runs));
    // Load of others shows as spread, and it does not weigh on all contestants alike.
    const host = { cores: availableParallelism(), load: loadavg()[1] ?? 0 };
    const names = { galley: galley.name, ansible: ansible.name, yardstick: sshTrue.name };
    const goals = judge(figures, check && median(check.map(({ wall }) => wall)), names);
    if (values.json) process.stdout.write(`${JSON.stringify({ host, figures, check, goals }, undefined, 2)}\n`);
    else
      process.stdout.write(`\n${figureTable(figures, sshTrue.name)}${goals.length > 0 ? `\n${goalTable(goals)}` : ""}`);
    progress(`load of the last five minutes: ${host.load.toFixed(1)} on ${host.cores} cores\n`);
    return goals.every(({ met }) => met) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

process.exitCode = await main();
