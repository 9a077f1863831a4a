/**
 * What a resource has to do with a thing on the host. Keys: `file:/path`, `tree:/path` (everything below, and the path itself),
 * `package:name`, `user:name`, `group:name`, `service:unit`, `program:name`, `port:tcp/80`.
 */
export type FootprintMode =
  /** Must be there before this resource acts; an error when it is absent and nothing in the plan may provide it. */
  | "needs"
  /** Comes after its writers, but does not need it to be there. */
  | "reads"
  /** Has it in the words of a command: comes after its writers, unless anything else asks for another order. */
  | "names"
  /** Is there, as declared, once this resource has been applied. */
  | "provides"
  /** Brings things under this key in states we do not know: a package and its files. */
  | "may-provide"
  /** Takes it away. */
  | "removes"
  /** Changes it without owning it; nothing can be predicted of it afterwards. */
  | "changes";

/** One line of a resource's footprint. */
export interface Footprint {
  readonly mode: FootprintMode;
  readonly key: string;
  /** Why this resource has to do with the key, as a clause that follows "because": "it is its owner". */
  readonly because: string;
}
