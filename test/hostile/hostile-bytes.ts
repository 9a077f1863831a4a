import { randomNumbers } from "../verbs/random-text.ts";

/** The seed: that of GALLEY_SEED, to try other byte strings than those of every run. */
export const seed = Number(process.env["GALLEY_SEED"] ?? 5);

/** How many byte strings go through each channel. */
export const howMany = 100_000;

/** Words that a forger would use: pieces of everything that Galley writes for itself to read later. */
function looksLikeOurs(victim: string): readonly string[] {
  return [
    "\n",
    "\n",
    "\\n",
    "\\",
    "\\\\n",
    "\r",
    "\t",
    " .",
    " .\n",
    "\n.\n",
    "7 begin 1 .",
    "\n12 begin 4711 .\n",
    "12 start 1 .",
    "\n13 done 1 ok 5 .\n",
    "13 done 2 changed 5 fine .",
    "\n14 end finished .\n",
    "14 end lost .",
    "9 restored 1 .",
    "9 retry 1 .",
    "9 react 1 reload .",
    "8 transaction 0 end 0 .",
    "1 refused r1 12 2026-01-31T12:00:00Z root .",
    ` temp 1 ${victim}/.galley-x`,
    `\n3\n1\n0\n${victim}/kept\n.\n`,
    `3\n1\n0\n${victim}/.galley-00ff-1-0-kept\n.`,
    `${victim}/../victim/kept`,
    "/../",
    "/..",
    "\u001e",
    "\u001e0123456789abcdef0123456789abcdef end 0\n",
    "\u001e0123456789abcdef0123456789abcde",
    "\n0123456789abcdef0123456789abcdef 0\n",
    "begin\n",
    "end 0\n",
    '{"digest":"',
    '","format":"galley-plan","version":4,"plans":[],"catalogs":[],"blobs":{}}\n',
    '"}],"blobs":{',
    "run run-1\npid 1\n",
    "reload\nservice\n",
    "\nweb1  converged: 0 changes in 0.0 s\n",
    "\nfailed  ",
    "\u001b[2K\u001b[1A",
    "\u001b]0;title\u0007",
    "\u009b31m",
    "\u202e",
    "\u2028",
    "$(touch ",
    "`id`",
    "${HOME}",
    "%s%n",
    "-e",
    "*",
    "'",
    '"',
    "é",
    "🦆",
  ];
}

/** A source of hostile byte strings, the same for the same seed: 0 to about 80 bytes, NUL among them only where `nul` is set. */
export function hostileBytes(victim: string, salt: number, nul = false): () => Buffer {
  const random = randomNumbers(seed + salt);
  const below = (limit: number) => Math.floor(random() * limit);
  const pieces = looksLikeOurs(victim).map((piece) => Buffer.from(piece));
  const lowest = nul ? 0 : 1;
  const piece = (): Buffer => {
    if (random() < 0.35) {
      return Buffer.from(Array.from({ length: 1 + below(8) }, () => lowest + below(256 - lowest)));
    }
    const chosen = pieces[below(pieces.length)] ?? Buffer.alloc(0);
    // Some are cut short: what is missing may come from elsewhere.
    return random() < 0.2 ? chosen.subarray(0, below(chosen.length + 1)) : chosen;
  };
  return () => Buffer.concat(Array.from({ length: below(5) }, piece));
}

/** The same as valid text, for what the controller holds as strings. */
export function hostileTexts(victim: string, salt: number): () => string {
  const next = hostileBytes(victim, salt, true);
  return () => next().toString("utf8");
}
