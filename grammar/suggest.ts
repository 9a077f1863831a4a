/**
 * The known name that was most likely meant, or undefined when none is near enough: at most one slip in three letters,
 * where swapped neighbours, a missing, an extra or another letter each count as one slip, and capitals hardly count.
 */
export function suggest(written: string, known: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(written.length / 3));
  const wanted = written.toLowerCase();
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const name of known) {
    if (name === written || Math.abs(name.length - written.length) > bestDistance) continue;
    const distance = slips(wanted, name.toLowerCase(), bestDistance);
    if (distance > bestDistance || distance > limit) continue;
    if (distance < bestDistance || best === undefined || isNearer(name, best, written)) best = name;
    bestDistance = distance;
  }
  return best;
}

/** Of two names with equally many slips: whether the first has the nearer capitals, or else comes first by code unit. */
function isNearer(name: string, best: string, written: string): boolean {
  const one = slips(written, name, written.length + name.length);
  const other = slips(written, best, written.length + best.length);
  return one < other || (one === other && name < best);
}

/** Edits between two texts with transposition of neighbours; infinite when there are more than `limit`. */
function slips(from: string, to: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let cost = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1));
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      }
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return Infinity;
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? 0;
}
