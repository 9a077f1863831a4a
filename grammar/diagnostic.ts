import type { Span } from "./source.ts";

/** How bad it is: an error stops the command, a warning does not. */
export type Severity = "error" | "warning";

/** A second place that explains the first, with its own few words beside the caret. */
export interface Related {
  readonly span: Span;
  readonly message: string;
}

/** A safe edit that `galley check --fix` and the editor can make: the span's text becomes `text`. */
export interface Fix {
  readonly span: Span;
  readonly text: string;
}

/** One finding about a recipe: what is wrong, where, and what to do about it. */
export interface Diagnostic {
  /** A letter and three digits, a row of one of the tables of messages. */
  readonly code: string;
  readonly severity: Severity;
  readonly span: Span;
  /** One sentence: the cause. */
  readonly message: string;
  /** The few words beside the caret, often the cure. */
  readonly label?: string;
  /** Lines after the frame, each begun with `=`: more of the cure. */
  readonly hints?: readonly string[];
  readonly related?: readonly Related[];
  readonly fix?: Fix;
}
