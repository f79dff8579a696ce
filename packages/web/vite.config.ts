import { defineConfig, type Plugin } from "vite";
import { plainImports } from "./plain-imports.ts";

/**
 * The page needs its own files and its own API, and nothing else. The server may send the same as a header;
 * the tag holds wherever the files are put.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  // Files that are shown as evidence go straight to their bucket; the server's own header names which.
  "connect-src 'self' https://*.amazonaws.com",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

function contentSecurityPolicy(): Plugin {
  return {
    name: "content-security-policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: POLICY },
        injectTo: "head-prepend",
      },
    ],
  };
}

export default defineConfig({
  plugins: [contentSecurityPolicy(), plainImports()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  server: { proxy: { "/v1": "http://127.0.0.1:4651" } },
  build: { target: "es2023", modulePreload: false, assetsInlineLimit: 0 },
});
