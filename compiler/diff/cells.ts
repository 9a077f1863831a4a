import type { ResourceId } from "../catalog.ts";
import { ancestorsOf } from "../graph/paths.ts";

/**
 * What an earlier step makes of a key: it will be there, it will be gone, it cannot be known (`unknown`), or it stays as it is as
 * far as is known, though a step works all around it (`beside`).
 */
export type Prediction = "absent" | "beside" | "present" | "unknown";

/** The prediction for one key and the resource it comes from. */
export interface Cell {
  readonly prediction: Prediction;
  readonly by: ResourceId;
}

/** The state of a host as the steps so far will have left it, where that is not as it was read. */
export interface Cells {
  readonly set: (key: string, cell: Cell) => void;
  /** The latest prediction that covers the key; undefined when it is as read. */
  readonly get: (key: string) => Cell | undefined;
}

/** A host nothing has been done to yet. */
export function createCells(): Cells {
  const cells = new Map<string, { readonly cell: Cell; readonly turn: number }>();
  let turn = 0;
  return {
    set(key, cell) {
      turn += 1;
      cells.set(key, { cell, turn });
    },
    get(key) {
      if (turn === 0) return undefined;
      let best = cells.get(key);
      const path = /^(?:file|tree):(.*)$/s.exec(key)?.[1];
      if (path === undefined) return best?.cell;
      for (const place of [path, ...ancestorsOf(path)]) {
        const found = cells.get(`tree:${place}`);
        if (found && (best === undefined || found.turn > best.turn)) best = found;
      }
      return best?.cell;
    },
  };
}
