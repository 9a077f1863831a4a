import type { Facts } from "../compiler/kind/facts.ts";
import type { Site } from "../compiler/site.ts";

/** The facts of a machine, or why they cannot be read. */
export type FactsRead = { readonly facts: Facts } | { readonly why: string };

/** The facts of the machines of a site, each read at most once and only when an evaluation asks for it. */
export class SiteFacts {
  readonly site: Site;
  /** Why machines could not be read. */
  readonly lost = new Map<string, string>();
  private readonly known = new Map<string, Facts>();
  private readonly reading = new Map<string, Promise<FactsRead>>();
  private readonly open: (name: string) => Promise<FactsRead>;

  /** `open` reads a machine that is not read anyway. */
  constructor(site: Site, open: (name: string) => Promise<FactsRead>) {
    this.site = site;
    this.open = open;
  }

  /** A machine is being read for itself: others use the same facts. */
  expect(name: string, read: Promise<FactsRead>): void {
    this.reading.set(name, read);
  }

  /** The facts of a machine, once they have been read. */
  factsOf(name: string): Facts | undefined {
    return this.known.get(name);
  }

  /** Reads machines; afterwards each of them is known or lost. */
  async read(names: readonly string[]): Promise<void> {
    await Promise.all(
      names.map(async (name) => {
        const reading = this.reading.get(name) ?? this.open(name);
        this.reading.set(name, reading);
        const read = await reading;
        if ("facts" in read) this.known.set(name, { ...read.facts, name });
        else this.lost.set(name, read.why);
      }),
    );
  }
}
