import type { Diagnostic, Fix, Related } from "../grammar/diagnostic.ts";
import type { Span } from "../grammar/source.ts";
import { dataMessages } from "./messages/data.ts";
import { evaluationMessages } from "./messages/evaluation.ts";
import { expressionMessages } from "./messages/expressions.ts";
import { hostMessages } from "./messages/hosts.ts";
import { laterMessages } from "./messages/later.ts";
import { loadingMessages } from "./messages/loading.ts";
import { nameMessages } from "./messages/names.ts";
import { resourceMessages } from "./messages/resources.ts";
import { shellMessages } from "./messages/shell.ts";
import { templateMessages } from "./messages/templates.ts";
import { testMessages } from "./messages/testing.ts";
import { typeMessages } from "./messages/types.ts";
import type { Nothing, Wording } from "./wording.ts";

/** What the compiler can say, by code: each row turns its data into words. One file a subject, in `messages/`. */
export const messages = {
  ...dataMessages,
  ...evaluationMessages,
  ...expressionMessages,
  ...hostMessages,
  ...laterMessages,
  ...loadingMessages,
  ...nameMessages,
  ...resourceMessages,
  ...shellMessages,
  ...templateMessages,
  ...testMessages,
  ...typeMessages,
};

/** A code of one of the compiler's messages. */
export type Code = keyof typeof messages;

/** What a message is about, by its code. */
export type MessageData = {
  [C in Code]: Parameters<(typeof messages)[C]> extends readonly [] ? Nothing : Parameters<(typeof messages)[C]>[0];
};

const rows: { readonly [C in Code]: (data: MessageData[C]) => Wording } = messages;

/** Codes that do not stop a command. */
const warnings: ReadonlySet<Code> = new Set<Code>(["E184", "H113", "H114", "L109", "T170", "T171"]);

/** What a finding may have beyond its words. */
export interface Beyond {
  readonly related?: readonly Related[];
  readonly fix?: Fix;
}

/** A finding at a place, in the words of its row. */
export function diagnostic<C extends Code>(code: C, span: Span, data: MessageData[C], beyond: Beyond = {}): Diagnostic {
  const { message, label, hints } = rows[code](data);
  return {
    code,
    severity: warnings.has(code) ? "warning" : "error",
    span,
    message,
    ...(label === undefined ? {} : { label }),
    ...(hints === undefined || hints.length === 0 ? {} : { hints }),
    ...beyond,
  };
}
