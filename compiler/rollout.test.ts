import { expect, test } from "vitest";
import { allAtOnce, type Rollout, type RolloutLayer, rollOut } from "./rollout.ts";

const layer = (kind: string, hosts: readonly string[], more: Partial<RolloutLayer> = {}): RolloutLayer => ({
  kind,
  hosts,
  maxFailures: 0,
  ...more,
});

/** Works a rollout off, and tells in what batches hosts were begun and what was left untouched. */
async function run(rollout: Rollout, bad: readonly string[] = [], lost: readonly string[] = []) {
  const batches: string[][] = [];
  let open: string[] | undefined;
  const untouched = await rollOut(rollout, new Set(lost), async (host) => {
    if (!open) batches.push((open = []));
    open.push(host);
    await new Promise((resolve) => setImmediate(resolve));
    open = undefined;
    return !bad.includes(host);
  });
  const left = [...untouched].map(([host, why]) => `${host}: ${why.failed.join(",")} of ${why.layer}`);
  return { batches: batches.map((batch) => batch.join(" ")), left };
}

const web = ["web1", "web2", "web3"];
const shop: Rollout = {
  waves: [["db1"], web],
  layers: [layer("shop.db", ["db1"]), layer("shop.web", web, { rolling: 2 })],
  order: [{ first: "shop.db", then: "shop.web" }],
};

test("a layer waits for the one before, and is worked off in batches", async () => {
  expect(await run(shop)).toEqual({ batches: ["db1", "web1 web2", "web3"], left: [] });
});

test("a host that fails stops the rest of its layer", async () => {
  expect(await run(shop, ["web2"])).toEqual({ batches: ["db1", "web1 web2"], left: ["web3: web2 of shop.web"] });
});

test("what comes after a layer that failed is left untouched", async () => {
  expect(await run(shop, ["db1"])).toEqual({
    batches: ["db1"],
    left: ["web1: db1 of shop.db", "web2: db1 of shop.db", "web3: db1 of shop.db"],
  });
});

test("a host that cannot be reached stops what comes after its layer, not the others of the layer", async () => {
  expect(await run(shop, [], ["web1"])).toEqual({ batches: ["db1", "web2 web3"], left: [] });
  expect((await run(shop, [], ["db1"])).left).toEqual([
    "web1: db1 of shop.db",
    "web2: db1 of shop.db",
    "web3: db1 of shop.db",
  ]);
});

test("as many as may fail do not stop the rest", async () => {
  const layers = [layer("shop.web", web, { rolling: 1, maxFailures: 1 })];
  expect(await run({ waves: [web], layers, order: [] }, ["web1"])).toEqual({ batches: web, left: [] });
  expect((await run({ waves: [web], layers, order: [] }, ["web1", "web2"])).left).toEqual([
    "web3: web1,web2 of shop.web",
  ]);
});

test("a layer behind a layer that was left untouched is left untouched, too", async () => {
  const rollout: Rollout = {
    waves: [["a"], ["b"], ["c"], ["d"]],
    layers: [layer("s.x", ["a"]), layer("s.y", ["b"]), layer("s.z", ["c"]), layer("s.free", ["d"])],
    order: [
      { first: "s.x", then: "s.y" },
      { first: "s.y", then: "s.z" },
    ],
  };
  expect(await run(rollout, ["a"])).toEqual({ batches: ["a", "d"], left: ["b: a of s.x", "c: a of s.x"] });
});

test("hosts that no recipe declares are worked off at once", async () => {
  expect(await run(allAtOnce(["a", "b"]), ["a"])).toEqual({ batches: ["a b"], left: [] });
});
