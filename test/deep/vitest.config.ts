import { defineConfig } from "vitest/config";

/** The long searches, which the ordinary run leaves out. */
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["test/deep/**/*.spec.ts", "test/durability/*.spec.ts"],
    env: { GONOGO_KILLS: "all" },
    reporters: ["verbose"],
  },
});
