/** What outlives a run: trees and downloaded packages. */
export const CACHE = "/var/cache/galley-test";

/** Where runs keep the writable layers of their machines; needs a file system that can carry an overlay's upper layer. */
export const RUNS = "/var/lib/galley-test";

/** One ledger a run: what it started and has to take away again. */
export const LEDGERS = "/run/galley-test";
