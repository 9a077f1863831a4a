import { execFile } from "node:child_process";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, type Plugin } from "esbuild";
import { readShellLibrary } from "../cli/shell-library.ts";

const root = join(import.meta.dirname, "..");
const folder = join(root, "node_modules/.cache/galley");

/** Puts the text of all shell programs into the bundle, so that a start reads one file. */
const inlineShellLibrary: Plugin = {
  name: "inline-shell-library",
  setup(bundler) {
    bundler.onLoad({ filter: /[/\\]cli[/\\]shell-library\.ts$/ }, async () => ({
      contents: `const text = ${JSON.stringify(await readShellLibrary())};\nexport const readShellLibrary = async () => text;`,
      loader: "js",
    }));
  },
};

/**
 * Of ssh2 only the client is wanted: its server and its HTTP agents would load half of Node. And its WebAssembly, which no
 * snapshot can hold, is prepared for the first connection instead of while it is loaded.
 */
const trimSsh2: Plugin = {
  name: "trim-ssh2",
  setup(bundler) {
    bundler.onLoad({ filter: /[/\\]ssh2[/\\]lib[/\\](http-agents|server)\.js$/ }, () => ({
      contents: "module.exports = {};",
      loader: "js",
    }));
    bundler.onLoad({ filter: /[/\\]ssh2[/\\]lib[/\\]protocol[/\\]crypto\.js$/ }, async ({ path }) => {
      const parts = (await readFile(path, "utf8")).split(/ {2}init: (\(\(\) => \{.*?^ {2}\}\))\(\),\n/ms);
      const [before, prepare, after] = parts;
      if (parts.length !== 3) throw new Error(`${path} is not as the build knows it: where is its init?`);
      const later = `  init: { then: (...handlers) => (prepared ??= (${prepare})()).then(...handlers) },\n`;
      return { contents: `let prepared;\n${before}${later}${after}`, loader: "js" };
    });
  },
};

/** Makes the start-up snapshot: Galley loaded and warmed up, for Node to start from in the time that it takes to start at all. */
async function makeSnapshot(bundle: string, snapshot: string): Promise<void> {
  const temporary = `${snapshot}.${process.pid}`;
  const { NODE_OPTIONS: _, ...env } = process.env;
  try {
    const argv = ["--no-warnings", "--snapshot-blob", temporary, "--build-snapshot", bundle];
    await promisify(execFile)(process.execPath, argv, { cwd: root, env });
    await rename(temporary, snapshot);
  } catch (error) {
    // Galley starts without it, too.
    process.stderr.write(
      `galley: starts will be slower, Node made no snapshot: ${error instanceof Error ? error.message.slice(0, 2000) : String(error)}\n`,
    );
    await Promise.all([temporary, snapshot].map((path) => rm(path, { force: true })));
  }
}

// Written beside and renamed, so that a `galley` that starts meanwhile sees the old bundle or the new one, never half.
await mkdir(folder, { recursive: true });
const temporary = join(folder, `galley.${process.pid}.cjs`);
const result = await build({
  entryPoints: [join(root, "cli/main.ts")],
  outfile: temporary,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node24",
  minifyWhitespace: true,
  minifySyntax: true,
  keepNames: true,
  external: ["*.node", "cpu-features"],
  plugins: [inlineShellLibrary, trimSsh2],
  logLevel: "warning",
});
if (result.errors.length > 0) process.exit(1);
await writeFile(
  join(folder, "start.cjs"),
  `require("node:module").enableCompileCache(__dirname + "/compile-cache");\nrequire("./galley.cjs");\n`,
);
await makeSnapshot(temporary, join(folder, "galley.blob"));
await rename(temporary, join(folder, "galley.cjs"));
