/** Prints a tree as an indented outline: one line for each node that has parts, small ones inside. */
export function outline(node: unknown, name = "", depth = 0): string {
  const lead = "  ".repeat(depth) + (name === "" ? "" : `${name}: `);
  if (Array.isArray(node)) {
    if (node.length === 0) return `${lead}[]\n`;
    return `${lead}\n`.trimEnd() + "\n" + node.map((part: unknown) => outline(part, "-", depth + 1)).join("");
  }
  if (typeof node !== "object" || node === null) return `${lead}${JSON.stringify(node)}\n`;
  const entries = Object.entries(node).filter(([key]) => key !== "span" && key !== "file" && key !== "operatorSpan");
  const small = entries.filter(([, value]) => typeof value !== "object").map(([key, value]) => scalar(key, value));
  const large = entries.filter(([, value]) => typeof value === "object");
  return (
    `${lead}${small.join(" ")}`.trimEnd() + "\n" + large.map(([key, value]) => outline(value, key, depth + 1)).join("")
  );
}

function scalar(key: string, value: unknown): string {
  return key === "type" ? String(value) : `${key}=${JSON.stringify(value)}`;
}
