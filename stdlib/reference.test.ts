import { expect, test } from "vitest";
import { kind } from "../compiler/kind/kind.ts";
import { bool, int, list, mode, oneOf, set, text, typed } from "../compiler/kind/properties.ts";
import { referencePages } from "./reference.ts";

const lamp = kind({
  name: "lamp",
  title: { type: { type: "string" }, name: "place", doc: "Where it hangs." },
  doc: "A lamp. It has more to it.\nMuch more.",
  example: 'lamp "hall"',
  events: ["dim", "blink"],
  properties: {
    watts: int({ doc: "How bright.", default: 40 }, { min: 1, max: 100 }),
    access: mode({ doc: "Who may switch it.", default: { type: "mode", bits: 0o640 } }),
    colour: oneOf("red", "green")({ doc: "Its colour.", required: true }),
    names: set({ type: "string", pattern: "[a-z]+" }, { doc: "What people call it.", default: [] }),
    rooms: list({ type: "string", refinement: "hostname" }, { doc: "Rooms." }),
    key: typed(
      {
        type: "optional",
        of: { type: "union", members: [{ type: "string" }, { type: "secret", of: { type: "string" } }] },
      },
      { doc: "Its key.", default: null },
    ),
    label: text({ doc: "Its label.", default: 'a "lamp"' }),
    on: bool({ doc: "Whether it shines.", default: true }),
  },
  footprint: () => [],
  probe: () => undefined,
  read: () => new Map(),
  fingerprint: () => "-",
  apply: () => [],
});

test("a page tells a kind's title, properties by name with type and default, and events", () => {
  expect(referencePages([lamp])["stdlib/reference/lamp.md"]).toBe(`# lamp

A lamp. It has more to it.
Much more.

\`\`\`recipe
lamp "hall"
\`\`\`

**Title**: place, \`string\`. Where it hangs.

## Properties

### access

\`mode\`, \`0640\` unless stated

Who may switch it.

### colour

\`"red" | "green"\`, must be given

Its colour.

### key

\`(string | secret<string>)?\`, \`none\` unless stated

Its key.

### label

\`string\`, \`"a \\"lamp\\""\` unless stated

Its label.

### names

\`set<string matches "[a-z]+">\`, \`[]\` unless stated

What people call it.

### on

\`bool\`, \`true\` unless stated

Whether it shines.

### rooms

\`list<hostname>\`

Rooms.

### watts

\`int 1..100\`, \`40\` unless stated

How bright.

## Events

\`dim\`, \`blink\`, sent by \`notify lamp["…"].blink\`. From the weakest to the strongest; of several in one run only the strongest is taken.
`);
});

test("the list of kinds leads to their pages with the first sentence of each", () => {
  expect(referencePages([lamp])["stdlib/reference/README.md"]).toContain("| [`lamp`](lamp.md) | place | A lamp. |\n");
});
