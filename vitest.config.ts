import { defineConfig } from "vitest/config";

const pure = ["grammar", "compiler", "stdlib", "runtime", "cli", "scripts"];

// Written for CI, which adds up the counts of all suites.
const report = process.env["GALLEY_TEST_REPORT"];

export default defineConfig({
  test: {
    reporters: report ? ["default", ["json", { outputFile: report }]] : ["default"],
    projects: [
      {
        test: {
          name: "unit",
          include: [
            ...pure.map((folder) => `${folder}/**/*.test.ts`),
            "test/cases/**/*.test.ts",
            "test/*.test.ts",
            "test/hostile/**/*.test.ts",
          ],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "hosts",
          include: ["test/hosts/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: "faults",
          include: ["test/faults/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
