import type { Facts } from "../../compiler/kind/facts.ts";
import { alpine320 } from "./alpine-3.20.ts";
import { debian11 } from "./debian-11.ts";
import { debian12 } from "./debian-12.ts";
import { debian13 } from "./debian-13.ts";
import { rocky9 } from "./rocky-9.ts";
import { ubuntu2404 } from "./ubuntu-24.04.ts";

/** The machines that `galley check` compiles a recipe for, the most usual first. */
export const recordedFacts: readonly [Facts, ...Facts[]] = [
  debian12,
  debian11,
  debian13,
  ubuntu2404,
  rocky9,
  alpine320,
];
