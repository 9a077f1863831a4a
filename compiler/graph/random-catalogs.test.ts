import { expect, test } from "vitest";
import type { Catalog, ResourceId } from "../catalog.ts";
import { applied, CatalogFixture, context, debian, stateOf } from "../../test/catalog-fixture.ts";
import { diff, neededContents } from "../diff.ts";
import { type Graph, order } from "../graph.ts";
import type { Plan } from "../plan.ts";
import { parentOf } from "./paths.ts";

/** Random numbers below a limit, the same for the same seed (mulberry32). */
function randomOf(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

const folders = ["/etc/apache2", "/etc/apache2/sites-enabled", "/etc/app", "/srv/app", "/srv/app/releases", "/srv/web"];
const names = ["apache2", "app", "curl", "mariadb-server", "web"];

/** A random catalog; stated edges lead only from what is declared earlier, so they have no cycle among themselves. */
function randomCatalog(seed: number, backwards: boolean): CatalogFixture {
  const random = randomOf(seed);
  const pick = <T>(values: readonly T[]): T | undefined => values[random(values.length)];
  const fixture = new CatalogFixture();
  const containers = Array.from({ length: random(4) }, (_, at) =>
    fixture.contain(`box${at}`, at > 0 && random(2) === 0 ? [`box${random(at)}`] : []),
  );
  const declared: ResourceId[] = [];
  const seen = new Set<string>();
  const total = 3 + random(25);
  for (let at = 0; at < total; at++) {
    const kind =
      pick(["directory", "execute", "file", "file", "file", "group", "link", "package", "service", "user"]) ?? "";
    const folder = pick(folders) ?? "/srv";
    const isPath = ["directory", "file", "link"].includes(kind);
    const title = kind === "directory" ? folder : isPath ? `${folder}/x${random(6)}` : (pick(names) ?? "");
    if (seen.has(isPath ? title : `${kind} ${title}`)) continue;
    seen.add(isPath ? title : `${kind} ${title}`);
    const some = {
      directory: { owner: random(3) === 0 ? "app" : "root" },
      execute: random(2) === 0 ? { run: ["curl"], creates: `/srv/made${at}` } : { run: ["curl"], unless: "x" },
      file: { content: `${at}`, owner: random(4) === 0 ? "web" : "root" },
      link: { to: `${pick(folders)}/x${random(6)}` },
      service: { watch: [`${folder}/**`] },
      user: random(2) === 0 ? { groups: ["web"] } : {},
    }[kind];
    const inside =
      containers.length > 0 && random(3) === 0 ? [...new Set([pick(containers) ?? "", pick(containers) ?? ""])] : [];
    declared.push(fixture.declare(kind, title, some ?? {}, { containers: inside }));
  }
  const points = [...containers, ...declared];
  for (let at = random(6); at > 0; at--) {
    const [a, b] = [random(points.length), random(points.length)];
    const [from, to] = backwards ? [points[a], points[b]] : [points[Math.min(a, b)], points[Math.max(a, b)]];
    const taker = fixture.resources.find((resource) => resource.id === to);
    if (from === undefined || to === undefined || from === to) continue;
    const event = taker?.kind.events[0];
    if (event !== undefined && random(2) === 0) fixture.notify(from, to, event);
    else fixture.require(to, from);
  }
  return fixture;
}

/** The resources that a name refers to: itself, or all that lie in the container; those that wait for its begin apart. */
function membersOf(
  id: ResourceId,
  catalog: Catalog,
): { readonly all: readonly ResourceId[]; readonly waiting: readonly ResourceId[] } {
  if (catalog.resources.some((resource) => resource.id === id)) return { all: [id], waiting: [id] };
  const direct = [...catalog.resources, ...catalog.containers].filter(({ containers }) => containers.includes(id));
  return {
    all: direct.flatMap((member) => membersOf(member.id, catalog).all),
    waiting: direct
      .filter((member) => member.containers.length === 1)
      .flatMap((member) => membersOf(member.id, catalog).waiting),
  };
}

function violations(catalog: Catalog, graph: Graph): readonly string[] {
  const place = new Map(graph.order.map((resource, at) => [resource.id, at]));
  const isBefore = (a: ResourceId, b: ResourceId) => (place.get(a) ?? -1) < (place.get(b) ?? -1);
  const broken = catalog.edges.flatMap(({ from, to }) =>
    membersOf(from, catalog).all.flatMap((first) =>
      membersOf(to, catalog)
        .waiting.filter((then) => first !== then && !isBefore(first, then))
        .map((then) => `${first} should come before ${then}`),
    ),
  );
  const backwards = graph.edges.filter(({ from, to }) => !isBefore(from, to)).map(({ from, to }) => `${from} -> ${to}`);
  return [...broken, ...backwards];
}

/** What goes wrong when the steps are done one after another on an empty host: a folder or owner that is not there yet. */
function surprises(catalog: Catalog, plan: Plan): readonly string[] {
  const there = new Set(["user:root", "file:/srv", "file:/etc", "user:www-data"]);
  const provided = new Set<string>();
  for (const { id, kind, want } of catalog.resources) {
    if (["directory", "link"].includes(kind.name)) provided.add(`file:${want.title}`);
    if (kind.name === "user") provided.add(id);
  }
  const found: string[] = [];
  for (const { kind, title, resource } of plan.steps) {
    const want = catalog.resources.find((one) => one.id === resource)?.want;
    const folder = `file:${parentOf(title)}`;
    const isPath = ["directory", "file", "link"].includes(kind);
    if (isPath && provided.has(folder) && !there.has(folder)) found.push(`${resource} before ${folder}`);
    const owner = `user[${JSON.stringify(want?.properties["owner"])}]`;
    if (isPath && provided.has(owner) && !there.has(owner)) found.push(`${resource} before ${owner}`);
    there.add(isPath ? `file:${title}` : resource);
  }
  return found;
}

const seeds = Array.from({ length: 2000 }, (_, seed) => seed + 1);
const fewer = seeds.slice(0, 500);

test("2,000 random catalogs: the order keeps every stated and inferred edge and is the same again, or the cycle is told", () => {
  let ordered = 0;
  const broken = seeds.flatMap((seed) => {
    const { catalog } = randomCatalog(seed, false);
    const [{ graph, diagnostics }, again] = [order(catalog, debian), order(catalog, debian)];
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    if (!graph) return errors.length > 0 ? [] : [`seed ${seed}: refused without a word`];
    ordered += 1;
    const ids = graph.order.map(({ id }) => id);
    const wrong = [...violations(catalog, graph)];
    if (errors.length > 0) wrong.push("ordered in spite of errors");
    if (ids.length !== catalog.resources.length) wrong.push("a resource is missing");
    if (ids.join() !== again.graph?.order.map(({ id }) => id).join()) wrong.push("another order the second time");
    return wrong.map((what) => `seed ${seed}: ${what}`);
  });
  expect(broken).toEqual([]);
  expect(ordered).toBeGreaterThan(1500);
});

test("500 random catalogs with edges both ways: no hang, no crash, a cycle or an order that keeps them", () => {
  const broken = fewer.flatMap((seed) => {
    const { catalog } = randomCatalog(seed, true);
    const { graph, diagnostics } = order(catalog, debian);
    if (!graph) return diagnostics.length > 0 ? [] : [`seed ${seed}: refused without a word`];
    return violations(catalog, graph).map((what) => `seed ${seed}: ${what}`);
  });
  expect(broken).toEqual([]);
});

test("500 random catalogs: done in the plan's order on an empty host nothing is missing when its turn comes", () => {
  const broken = fewer.flatMap((seed) => {
    const { catalog } = randomCatalog(seed, false);
    const { graph } = order(catalog, debian);
    if (!graph) return [];
    const guards = Object.fromEntries(catalog.resources.map(({ id }) => [id, 0]));
    const { plan } = diff(catalog, graph, stateOf(catalog, { guards }), context);
    return plan ? surprises(catalog, plan).map((what) => `seed ${seed}: ${what}`) : [];
  });
  expect(broken).toEqual([]);
});

test("500 random catalogs: a host that is as wanted has an empty plan", () => {
  const broken = fewer.flatMap((seed) => {
    const { catalog } = randomCatalog(seed, false);
    const { graph } = order(catalog, debian);
    if (!graph) return [];
    const have = Object.fromEntries(catalog.resources.map((resource) => [resource.id, applied(resource)]));
    const guards = Object.fromEntries(catalog.resources.map(({ id }) => [id, 1]));
    const users = ["app", "web"];
    const { plan, diagnostics } = diff(catalog, graph, stateOf(catalog, { have, guards, users }), context);
    return plan?.steps.length === 0 && plan.unchanged === catalog.resources.length
      ? []
      : [
          `seed ${seed}: ${plan?.steps.map(({ resource }) => resource).join()} ${diagnostics.map(({ message }) => message).join()}`,
        ];
  });
  expect(broken).toEqual([]);
});

test("500 random catalogs on half-done hosts: steps stand on earlier steps, events reach steps, shared runs stand together", () => {
  const broken = fewer.flatMap((seed) => {
    const { catalog } = randomCatalog(seed, false);
    const { graph } = order(catalog, debian);
    if (!graph) return [];
    const random = randomOf(seed + 7);
    const done = catalog.resources.filter(() => random(2) === 0);
    const have = Object.fromEntries(done.map((resource) => [resource.id, applied(resource)]));
    const guards = Object.fromEntries(catalog.resources.map(({ id }) => [id, random(2)]));
    const { plan } = diff(catalog, graph, stateOf(catalog, { have, guards, users: ["app", "web"] }), context);
    if (!plan) return [];
    const wrong: string[] = [];
    const takers = new Map(plan.steps.map((step) => [step.resource, step]));
    for (const [at, step] of plan.steps.entries()) {
      if (step.id !== at || step.requires.some((before) => before >= at)) wrong.push(`step ${at} stands on later ones`);
      for (const { resource, event } of step.notifies) {
        const taker = takers.get(resource);
        if (!taker?.reactions.some((reaction) => reaction.event === event))
          wrong.push(`${resource} does not take ${event}`);
        if ((taker?.id ?? -1) <= at) wrong.push(`${resource} takes an event before it is sent`);
      }
      if (step.because.length === 0) wrong.push(`${step.resource} has no reason`);
      if (!step.certain && step.fingerprint !== null) wrong.push(`${step.resource} is uncertain but compared`);
    }
    const packages = plan.steps.filter((step) => step.transaction !== undefined).map((step) => step.id);
    for (const number of plan.transactions.keys()) {
      const members = packages.filter((id) => plan.steps[id]?.transaction === number);
      const [first, last] = [members[0] ?? 0, members.at(-1) ?? 0];
      const between = plan.steps.slice(first, last + 1).filter((step) => step.transaction === undefined);
      if (between.length > 0) wrong.push(`${between[0]?.resource} stands inside run ${number}`);
    }
    const { files } = neededContents(plan, stateOf(catalog));
    if (new Set(files).size !== files.length) wrong.push("a file is read twice");
    return wrong.map((what) => `seed ${seed}: ${what}`);
  });
  expect(broken).toEqual([]);
});
