import type { Site } from "../site.ts";
import { suggest } from "../suggest.ts";
import { expandNodeset, NodesetProblem } from "./nodeset.ts";

/** Why a selector selects nothing that anybody can have meant. */
export interface SelectorProblem {
  readonly problem: string;
  /** The place in the text, counted from 0. */
  readonly at: number;
  readonly hint?: string;
}

/** A host as selectors see it. */
interface Candidate {
  readonly name: string;
  readonly layers: ReadonlySet<string>;
  readonly stacks: ReadonlySet<string>;
  readonly labels: ReadonlyMap<string, string>;
}

/**
 * The hosts of a site that a selector means, in the order of the recipe: `web1`, `web[1-3]`, `web` (a layer), `layer:web`,
 * `stack:shop`, `name:web*`, `zone:eu-*` (a label), joined by `,` or `|` (either), `&` (both), `!` (not) and parentheses.
 */
export function selectHosts(text: string, site: Site): readonly string[] | SelectorProblem {
  try {
    const candidates = candidatesOf(site);
    const reader = new Reader(text, candidates, site);
    const chosen = reader.whole();
    const names = candidates.filter((candidate) => chosen.has(candidate)).map(({ name }) => name);
    if (names.length === 0) throw new Refusal({ problem: "this selects no host", at: 0 });
    return names;
  } catch (refusal) {
    if (refusal instanceof Refusal) return refusal.problem;
    throw refusal;
  }
}

/** Ends the reading of a selector; never leaves this file. */
class Refusal extends Error {
  readonly problem: SelectorProblem;
  constructor(problem: SelectorProblem) {
    super(problem.problem);
    this.problem = problem;
  }
}

function candidatesOf(site: Site): readonly Candidate[] {
  const shortName = (kind: string): string => kind.slice(kind.indexOf(".") + 1);
  return [...site.hosts.values()].map(({ name, labels }) => {
    const layers = [...site.layers.values()].filter(({ hosts }) => hosts.includes(name));
    return {
      name,
      labels,
      layers: new Set(layers.flatMap(({ kind }) => [kind, shortName(kind)])),
      stacks: new Set(layers.map(({ stack }) => stack)),
    };
  });
}

type Chosen = ReadonlySet<Candidate>;

class Reader {
  private readonly text: string;
  private readonly all: readonly Candidate[];
  private readonly site: Site;
  private at = 0;
  private depth = 0;

  constructor(text: string, all: readonly Candidate[], site: Site) {
    this.text = text;
    this.all = all;
    this.site = site;
  }

  whole(): Chosen {
    const chosen = this.either();
    if (this.at < this.text.length) this.refuse(`${JSON.stringify(this.text[this.at])} is not expected here`);
    return chosen;
  }

  private either(): Chosen {
    let chosen = this.both();
    while (this.take("|") || this.take(",")) chosen = new Set([...chosen, ...this.both()]);
    return chosen;
  }

  private both(): Chosen {
    let chosen = this.one();
    while (this.take("&")) {
      const other = this.one();
      chosen = new Set([...chosen].filter((candidate) => other.has(candidate)));
    }
    return chosen;
  }

  private one(): Chosen {
    if (this.take("!")) {
      const other = this.one();
      return new Set(this.all.filter((candidate) => !other.has(candidate)));
    }
    if (!this.take("(")) return this.term();
    if ((this.depth += 1) > 100) this.refuse("the parentheses are nested too deeply");
    const inner = this.either();
    if (!this.take(")")) this.refuse("a parenthesis is not closed");
    this.depth -= 1;
    return inner;
  }

  private term(): Chosen {
    this.skipSpace();
    const start = this.at;
    const word = /^[^\s&|!(),[\]]*(?:\[[^\]]*\]?[^\s&|!(),[\]]*)*/.exec(this.text.slice(start))?.[0] ?? "";
    if (word === "") this.refuse("a host, a layer or KEY:VALUE is expected here");
    this.at += word.length;
    const colon = word.indexOf(":");
    return colon < 0 ? this.named(word, start) : this.keyed(word.slice(0, colon), word.slice(colon + 1), start);
  }

  /** A word alone: hosts by name, else a layer, else a stack. */
  private named(word: string, start: number): Chosen {
    const byName = this.matching(word, start, (candidate) => [candidate.name]);
    if (byName.size > 0) return byName;
    const ofLayer = this.site.layers.has(word) || this.all.some(({ layers }) => layers.has(word));
    if (ofLayer) return new Set(this.all.filter(({ layers }) => layers.has(word)));
    if (this.site.stacks.has(word)) return new Set(this.all.filter(({ stacks }) => stacks.has(word)));
    const known = [...this.all.map(({ name }) => name), ...this.all.flatMap(({ layers }) => [...layers])];
    throw new Refusal({
      problem: `the recipe has no host, layer or stack ${JSON.stringify(word)}`,
      at: start,
      ...hinted(suggest(word, known)),
    });
  }

  private keyed(key: string, value: string, start: number): Chosen {
    const valuesOf = (candidate: Candidate): readonly string[] => {
      switch (key) {
        case "layer":
          return [...candidate.layers];
        case "name":
          return [candidate.name];
        case "stack":
          return [...candidate.stacks];
        default:
          return [candidate.labels.get(key)].filter((label) => label !== undefined);
      }
    };
    const known = ["layer", "name", "stack", ...this.all.flatMap(({ labels }) => [...labels.keys()])];
    if (!known.includes(key))
      throw new Refusal({
        problem: `no host has a label ${JSON.stringify(key)}`,
        at: start,
        ...hinted(suggest(key, known)),
      });
    if (value === "") this.refuse(`a value is expected after ${key}:`);
    const chosen = this.matching(value, start + key.length + 1, valuesOf);
    if (chosen.size > 0) return chosen;
    throw new Refusal({
      problem: `no host has ${key} ${JSON.stringify(value)}`,
      at: start,
      ...hinted(suggest(value, this.all.flatMap(valuesOf))),
    });
  }

  /** The hosts of which one of the values matches a pattern with `*`, `?` and ranges in brackets. */
  private matching(pattern: string, start: number, valuesOf: (candidate: Candidate) => readonly string[]): Chosen {
    const expanded = expandNodeset(pattern);
    if (expanded instanceof NodesetProblem) throw new Refusal({ problem: expanded.message, at: start + expanded.at });
    const exact = new Set(expanded.filter((one) => !/[*?]/.test(one)));
    const globs = expanded.filter((one) => /[*?]/.test(one)).map(globPattern);
    return new Set(
      this.all.filter((candidate) =>
        valuesOf(candidate).some((value) => exact.has(value) || globs.some((glob) => glob.test(value))),
      ),
    );
  }

  private take(sign: string): boolean {
    this.skipSpace();
    if (this.text[this.at] !== sign) return false;
    this.at += 1;
    return true;
  }

  private skipSpace(): void {
    while (/\s/.test(this.text[this.at] ?? "")) this.at += 1;
  }

  private refuse(problem: string): never {
    throw new Refusal({ problem, at: this.at });
  }
}

function hinted(suggestion: string | undefined): { readonly hint?: string } {
  return suggestion === undefined ? {} : { hint: `did you mean ${suggestion}?` };
}

function globPattern(glob: string): RegExp {
  const text = glob
    .replaceAll(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${text}$`, "s");
}
