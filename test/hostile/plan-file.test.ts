import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { CatalogFixture } from "../catalog-fixture.ts";
import { fixtureKinds } from "../kinds-fixture.ts";
import { readPlan, type SavedPlan, writePlan } from "../../compiler/plan-file.ts";
import { call, plan, step } from "../open-shell.ts";
import { randomNumbers } from "../verbs/random-text.ts";
import { hostileBytes, hostileTexts, howMany, seed } from "./hostile-bytes.ts";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const kinds = new Map(Object.values(fixtureKinds).map((kind) => [kind.name, kind]));

/** A plan file holds nine of the texts for each of its ten steps. */
const steps = 10;
const perStep = 9;

/** A plan in which everything that a recipe or a host can say is hostile. */
function hostilePlan(next: () => string, blob: Uint8Array): SavedPlan {
  const fixture = new CatalogFixture();
  const made = Array.from({ length: steps }, (_, at) => {
    fixture.declare("directory", `/srv/${at}${next()}`, { owner: next() });
    return step(at, {
      title: next(),
      because: [{ text: next() }],
      changes: [{ property: "mode", from: next(), to: next() }],
      diff: { before: next(), after: next() },
      calls: [call("file_apply", next(), { blob: sha256(blob) })],
    });
  });
  const observes = [{ call: call("ask_command", "", "", "true"), seen: { status: 0, output: next() } }];
  return { plan: plan(made, { observes, blobs: [sha256(blob)] }), catalog: fixture.catalog };
}

/** What of a catalog does not point into the text of its recipe. */
const wants = ({ catalog }: SavedPlan) =>
  catalog.resources.map(({ id, want: { title, properties } }) => [id, title, properties]);

test(`${howMany} byte strings in plan files: each is read back as it was, without anything added (seed ${seed})`, () => {
  const next = hostileTexts("/victim", 700);
  const bytes = hostileBytes("/victim", 800, true);
  const random = randomNumbers(seed);
  for (let file = 0; file < Math.ceil(howMany / steps / perStep); file += 1) {
    const blob = bytes();
    const saved = hostilePlan(next, blob);
    const text = writePlan([saved], new Map([[sha256(blob), blob]]), sha256);
    const read = readPlan(text, sha256, kinds);
    if ("problem" in read) throw new Error(read.problem);
    const [back] = read.plans;
    if (!back || read.plans.length > 1) throw new Error("one plan was written");
    expect(back.plan).toEqual(saved.plan);
    expect(wants(back)).toEqual(wants(saved));
    expect([...read.blobs].map(([, one]) => Buffer.from(one).equals(blob))).toEqual([true]);

    // A string alone, behind the file, or within it, is no plan.
    const other = next();
    const at = Math.floor(random() * text.length);
    for (const forged of [
      other,
      text + other,
      other + text,
      text.slice(0, at) + other + text.slice(at + other.length),
    ]) {
      if (forged === text) continue;
      expect(readPlan(forged, sha256, kinds)).toMatchObject({ problem: expect.stringMatching(/^(?:this|the plan)/) });
    }
    // Not even below a digest that fits.
    const body = `${other}}\n`;
    expect(readPlan(`{"digest":"${sha256(Buffer.from(body))}",${body}`, sha256, kinds)).toHaveProperty("problem");
  }
});
