import { expect, test } from "vitest";
import { printable } from "./printable.ts";

test("text stays as it is, with its lines", () => {
  expect(printable("E: Unable to locate\n\tpackage \u00e9\u{1f600} \\n")).toBe(
    "E: Unable to locate\n\tpackage \u00e9\u{1f600} \\n",
  );
});

test("escape sequences, carriage returns and changes of direction go", () => {
  expect(
    printable("\x1b[31;1mred\x1b[0m \x1b]0;title\x07a\x1b]8;;http://x\x1b\\b \x1b(Bc\r\nd\x9b2Je\u202ef\0\x7f"),
  ).toBe("red ab c\nd2Jef");
});
