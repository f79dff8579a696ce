import { defineConfig } from "vitest/config";

// Tests run in worker threads, two at a time on the smallest machine we promise (2 cores).
export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.spec.ts", "test/**/*.spec.ts"],
    exclude: ["**/node_modules/**", "test/deep/**"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ["default"],
  },
});
