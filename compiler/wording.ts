import type { Form } from "../grammar/foreign-words.ts";

/** The words of one message; what varies has been filled in. */
export interface Wording {
  /** One sentence without its full stop: the cause. */
  readonly message: string;
  /** The few words beside the caret, often the cure. */
  readonly label?: string | undefined;
  /** Lines after the frame: more of the cure. */
  readonly hints?: readonly string[];
}

/** Data of a message that has none. */
export type Nothing = Readonly<Record<string, never>>;

/** The hints that are there. */
export function hints(...all: readonly (string | undefined | false)[]): readonly string[] {
  return all.filter((hint): hint is string => typeof hint === "string");
}

/** "write …" for what a recipe has instead of another tool's word; undefined where there is nothing to write. */
export function writeForm(form: Form | undefined): string | undefined {
  return form?.write === undefined ? undefined : `write ${form.write}`;
}
