import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { Span } from "../grammar/source.ts";

/** A machine that the recipe declares: `host "web1" { … }`. */
export interface DeclaredHost {
  readonly name: string;
  /** Where it is reached, and its `host.address`; its name is looked up when this is missing. */
  readonly address?: string;
  readonly port?: number;
  /** The user to log in as. */
  readonly login?: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly span: Span;
}

/** A stack, or a layer of one, with the machines that belong to it. */
export interface HostGroup {
  /** `shop`, or `shop.web`. */
  readonly kind: string;
  /** Names of hosts, in the order in which the recipe gives them. */
  readonly hosts: readonly string[];
  readonly span: Span;
}

/** A layer, and how its hosts are worked off. */
export interface Layer extends HostGroup {
  readonly stack: string;
  /** Hosts at work at a time; all of them when it is missing. */
  readonly rolling?: number;
  /** Hosts that may fail before the rest is left untouched. */
  readonly maxFailures?: number;
}

/** One layer that is done before another begins, each by its kind. */
export interface LayerOrder {
  readonly first: string;
  readonly then: string;
  readonly span: Span;
}

/** The machines of a recipe and how they belong together; known before any of them is read. */
export interface Site {
  readonly hosts: ReadonlyMap<string, DeclaredHost>;
  readonly stacks: ReadonlyMap<string, HostGroup>;
  readonly layers: ReadonlyMap<string, Layer>;
  readonly order: readonly LayerOrder[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The site of a recipe that declares no hosts. */
export const noSite: Site = { hosts: new Map(), stacks: new Map(), layers: new Map(), order: [], diagnostics: [] };

/** The hosts of a stack or a layer. */
export function hostsOf(site: Site, kind: string): readonly string[] {
  return (site.layers.get(kind) ?? site.stacks.get(kind))?.hosts ?? [];
}
