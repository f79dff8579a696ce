import { defineConfig } from "vitest/config";

// The long searches: as many seeds as GONOGO_DEEP_RUNS says, a thousand unless told.
export default defineConfig({
  test: {
    include: ["test/deep/**/*.spec.ts"],
    testTimeout: 3_600_000,
    reporters: ["default"],
  },
});
