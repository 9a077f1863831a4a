/** Whether a name matches a list of patterns with `*` and `?`: some of them, and none that begins with `!`. */
export function matchesPatterns(patterns: readonly string[], name: string): boolean {
  const matches = (pattern: string) => toExpression(pattern).test(name);
  return (
    patterns.some((pattern) => !pattern.startsWith("!") && matches(pattern)) &&
    !patterns.some((pattern) => pattern.startsWith("!") && matches(pattern.slice(1)))
  );
}

function toExpression(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s");
}
