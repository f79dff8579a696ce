import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const CORE = "packages/core/src/**/*.spec.ts";

// Two files at a time on the smallest machine we promise (2 cores): vitest by itself would leave one core idle.
export default defineConfig({
  test: {
    exclude: ["**/node_modules/**", "test/deep/**"],
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ["default"],
    projects: [
      // Pure functions leave nothing behind for the next file: they need not be loaded anew for each.
      { extends: true, test: { name: "core", include: [CORE], isolate: false } },
      {
        extends: true,
        test: {
          name: "rest",
          include: ["packages/*/src/**/*.spec.ts", "test/**/*.spec.ts"],
          exclude: ["**/node_modules/**", "test/deep/**", CORE],
        },
      },
    ],
  },
});
