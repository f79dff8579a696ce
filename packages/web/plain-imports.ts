import type { Plugin } from "vite";

/** Chunks have no styles of their own and import what is there already: nothing is to be fetched ahead of them. */
export function plainImports(): Plugin {
  return {
    name: "plain-imports",
    apply: "build",
    enforce: "pre",
    load: (id) =>
      id === "\0vite/preload-helper.js" ? "export const __vitePreload = (load) => load();" : null,
  };
}
