import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startMachine, type Machine } from "../test/hosts/machine.ts";
import type { Contestant, Target } from "./contestant.ts";
import { expectedProbe, probeScript } from "./floor.ts";
import type { Case, Figure } from "./goals.ts";
import { measure, type Sample } from "./measure.ts";
import { allFiles, type Workload } from "./workload.ts";

/** How often who runs. */
export interface RaceOptions {
  contestants: readonly Contestant[];
  /** The one that changes nothing; timed once a round, as often as the others. */
  yardstick: Contestant;
  /** Runs of each case but the first apply, by the contestant's name. */
  runs: (contestant: Contestant) => number;
  /** Fresh machines per contestant. */
  firstRuns: number;
  /** Told what is going on. */
  progress: (text: string) => void;
}

/** On every machine from the start, so that Ansible has what its modules need. */
const PREINSTALLED = ["python3", "python3-apt"];

/** Times the contestants on a workload, taking turns, so that all run under the same load of the host. */
export async function race(workload: Workload, folder: string, options: RaceOptions): Promise<Figure[]> {
  const { contestants, yardstick, runs, firstRuns, progress } = options;
  const figures = new Map<string, Figure>();
  const note = (contestant: Contestant, name: Case, { wall, memory }: Sample): void => {
    const key = `${name} ${contestant.name}`;
    const figure = figures.get(key) ?? {
      workload: workload.name,
      contestant: contestant.name,
      case: name,
      walls: [],
      memory: 0,
    };
    figures.set(key, figure);
    figure.walls.push(wall);
    figure.memory = Math.max(figure.memory, memory);
    progress(`${workload.name}, ${name}, ${contestant.name}: ${Math.round(wall)} ms\n`);
  };
  const entries = [yardstick, ...contestants].map((contestant, index) => {
    const own = join(folder, `${workload.name}-${index}`);
    mkdirSync(own, { recursive: true });
    const invocation = contestant.prepare(workload, own);
    const run = async (name: Case, target: Target): Promise<void> => {
      const sample = await measure(invocation(target));
      await contestant.forget?.(own, target);
      note(contestant, name, sample);
    };
    return { contestant, run };
  });
  const [pace, ...racers] = entries;
  if (!pace) throw new Error("the yardstick is an entry");

  for (let round = 0; round < firstRuns; round++) {
    for (const { run } of racers) {
      await withMachine(async (machine) => {
        await run("first apply", targetOf(machine));
        await checkState(machine, workload);
      });
    }
  }
  await withMachine(async (machine) => {
    const target = targetOf(machine);
    for (const { contestant, run } of racers.slice(0, 1)) {
      progress(`${workload.name}: ${contestant.name} prepares the machine of all\n`);
      await run("first apply", target);
    }
    const rounds = Math.max(...racers.map(({ contestant }) => runs(contestant)));
    for (let round = 0; round < rounds; round++) {
      const turn = racers.filter(({ contestant }) => round < runs(contestant));
      await pace.run("nothing to change", target);
      for (const { run } of turn) await run("nothing to change", target);
      for (const { run } of turn) {
        await spoil(machine, workload);
        await run("one file changed", target);
        await checkState(machine, workload);
      }
    }
  });
  const order: readonly Case[] = ["nothing to change", "one file changed", "first apply"];
  return order.flatMap((name) => [...figures.values()].filter((figure) => figure.case === name));
}

async function withMachine(work: (machine: Machine) => Promise<void>): Promise<void> {
  const machine = await startMachine({ name: "bench", preinstalled: PREINSTALLED });
  try {
    await work(machine);
  } finally {
    await machine.stop();
  }
}

function targetOf({ name, address, sshPort, home }: Machine): Target {
  return { name, address, port: sshPort, home };
}

async function spoil(machine: Machine, workload: Workload): Promise<void> {
  const file = allFiles(workload).find(({ path }) => path === workload.changed);
  if (!file) throw new Error(`${workload.name} has no file ${workload.changed}`);
  await machine.write(file.path, `${file.content}# left over\n`);
}

/** A contestant that is fast and wrong must not win. */
async function checkState(machine: Machine, workload: Workload): Promise<void> {
  const { stdout } = await machine.exec(["sh"], { input: probeScript(workload) });
  const [is, should] = [stdout, expectedProbe(workload)].map((text) => text.split("\n"));
  const wrong = should?.find((line, index) => line !== is?.[index]);
  if (wrong !== undefined) {
    throw new Error(
      `the machine is not in the state of ${workload.name}: expected\n${wrong}\ngot\n${is?.[should?.indexOf(wrong) ?? 0]}`,
    );
  }
}
