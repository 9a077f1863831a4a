import { expect, test } from "vitest";
import { kinds } from "../stdlib/index.ts";
import { debian12 } from "../stdlib/facts/debian-12.ts";
import { nodeCompilerHost } from "../cli/node-compiler-host.ts";
import type { Catalog } from "./catalog.ts";
import { evaluate } from "./evaluate.ts";
import { readSite } from "./evaluate/site/read-site.ts";
import { prepare } from "./evaluate/state/prepare.ts";
import { order } from "./graph.ts";
import type { LifeCycleEvent } from "./life-cycle.ts";
import { load } from "./loader.ts";
import { sliceOf } from "./slice.ts";

const recipe = `host "web1" {}
stack shop {
  layer web {
    hosts = [host["web1"]]
    on setup {
      package "nginx-light", "curl"
      user "shop" { system = true }
      service "nginx" { watch = ["/etc/nginx/**"] }
    }
    on configure { file "/etc/nginx/conf.d/shop.conf" { content = "x" } }
    on deploy {
      directory "/srv/shop" { owner = "shop" }
      file "/srv/shop/version" {
        content = "1"
        notify service["nginx"].reload
      }
    }
    on undeploy { directory "/srv/shop" { state = "absent" } }
    on shutdown { service "nginx" { state = "stopped" } }
  }
}
`;

function catalogOf(events?: readonly LifeCycleEvent[]): Catalog {
  const host = nodeCompilerHost("/nowhere", "/");
  const bytes = new TextEncoder().encode(recipe);
  const program = load(
    "site.recipe",
    { ...host, read: () => ({ bytes }) },
    new Map(kinds.map((kind) => [kind.name, kind])),
  );
  const prepared = prepare(program);
  const facts = { ...debian12, name: "web1" };
  const { catalog, diagnostics } = evaluate(prepared, {
    facts,
    site: readSite(prepared),
    ...(events ? { events } : {}),
  });
  expect(diagnostics).toEqual([]);
  if (!catalog) throw new Error("there is no catalog");
  return catalog;
}

const slice = (event: LifeCycleEvent) => sliceOf(catalogOf(), debian12, event);
const idsOf = (catalog: Catalog) => catalog.resources.map(({ id }) => id);

test("deploy is what it says, who owns it, and the service it tells; not what only comes before it", () => {
  expect(idsOf(slice("deploy"))).toEqual([
    'user["shop"]',
    'service["nginx"]',
    'directory["/srv/shop"]',
    'file["/srv/shop/version"]',
  ]);
});

test("configure takes along the package that brings the folder it writes to", () => {
  expect(idsOf(slice("configure"))).toEqual([
    'package["nginx-light"]',
    'service["nginx"]',
    'file["/etc/nginx/conf.d/shop.conf"]',
  ]);
});

test("a slice can be put in order", () => {
  for (const event of ["setup", "configure", "deploy"] as const) {
    const { diagnostics, graph } = order(slice(event), debian12);
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(graph?.order.length).toBe(slice(event).resources.length);
  }
});

test("undeploy and shutdown are worlds of their own, which may say absent of what setup says is present", () => {
  expect(idsOf(catalogOf(["undeploy"]))).toEqual(['directory["/srv/shop"]']);
  expect(catalogOf(["undeploy"]).resources[0]?.want.properties["state"]).toBe("absent");
  expect(idsOf(catalogOf(["shutdown"]))).toEqual(['service["nginx"]']);
});
