import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
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

/** ssh2 also offers HTTP over SSH, which nobody uses here, but loading it loads Node's http, https and tls: 25 ms. */
const withoutHttpAgents: Plugin = {
  name: "without-http-agents",
  setup(bundler) {
    bundler.onLoad({ filter: /[/\\]ssh2[/\\]lib[/\\]http-agents\.js$/ }, () => ({ contents: "", loader: "js" }));
  },
};

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
  define: { "import.meta.dirname": "__dirname" },
  external: ["*.node", "cpu-features"],
  plugins: [inlineShellLibrary, withoutHttpAgents],
  logLevel: "warning",
});
if (result.errors.length > 0) process.exit(1);
await writeFile(
  join(folder, "start.cjs"),
  `require("node:module").enableCompileCache(__dirname + "/compile-cache");\nrequire("./galley.cjs");\n`,
);
await rename(temporary, join(folder, "galley.cjs"));
