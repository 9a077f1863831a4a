import type { Readable, Writable } from "node:stream";

/** `/bin/sh -c BOOT` running somewhere: the one primitive that a transport has to offer. */
export interface Carrier {
  readonly in: Writable;
  readonly out: Readable;
  readonly err: Readable;
  /** Settles when the shell or the way to it has ended, with a clause that says how: "the connection was reset". */
  readonly done: Promise<string>;
  /** Ends it at once; safe at any time. */
  readonly close: () => void;
}
