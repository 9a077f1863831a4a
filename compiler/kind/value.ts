/** What an expression evaluates to on the controller. Lists and sets are arrays (sets sorted, without repeats), records and maps are `Map`s in written order. */
export type Value =
  | null
  | boolean
  | number
  | string
  | readonly Value[]
  | RecordValue
  | Mode
  | Duration
  | Size
  | Command
  | Blob
  | Reference
  | Candidate;

/** A record or a map; `none` is `null` in every place. */
export type RecordValue = ReadonlyMap<string, Value>;

/** The permission bits of a file, `0o644`. */
export interface Mode {
  readonly type: "mode";
  readonly bits: number;
}

/** A length of time, in milliseconds. */
export interface Duration {
  readonly type: "duration";
  readonly milliseconds: number;
}

/** An amount of memory or disk, in bytes. */
export interface Size {
  readonly type: "size";
  readonly bytes: number;
}

/**
 * A command for the target's shell. Holes have become variables of names that nothing else in `script` has, which it takes
 * from `arguments` first; so no value is ever part of shell text, and `$1`, `$@` and `shift` are the author's own. `shown` is
 * the source as a person wrote it, for messages.
 */
export interface Command {
  readonly type: "command";
  readonly script: string;
  readonly arguments: readonly string[];
  readonly shown: string;
}

/** Bytes by their digest; `bytes` is what travels to the target. */
export interface Blob {
  readonly type: "blob";
  /** SHA-256 in lower-case hexadecimal. */
  readonly digest: string;
  readonly size: number;
  readonly bytes: Uint8Array;
}

/** A resource named by kind and title, or one of its events. */
export interface Reference {
  readonly type: "reference";
  readonly kind: string;
  readonly title: string | null;
  readonly event?: string;
}

/** The path of the new file before it takes the old one's place; known on the target only. */
export interface Candidate {
  readonly type: "candidate";
}
