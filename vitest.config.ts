import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// Two files at a time on the smallest machine we promise (2 cores): vitest by itself would leave one core idle.
export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.spec.ts", "test/**/*.spec.ts"],
    exclude: ["**/node_modules/**", "test/deep/**"],
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ["default"],
  },
});
