#!/usr/bin/env node
// Plain JavaScript that any Node from 20 on can read: it finds a Node that runs TypeScript as it is, and
// starts src/main.ts on it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NEEDED = 24;

if (Number(process.versions.node.split(".")[0]) >= NEEDED) {
  cacheCompiledCode();
  await import("../src/main.ts");
} else {
  startAgainOn(nodeFromPackages());
}

/** Keeps the stripped and compiled sources in the user's own cache: it halves the time to start. */
function cacheCompiledCode() {
  if (process.env.NODE_DISABLE_COMPILE_CACHE || process.env.NODE_COMPILE_CACHE) return;
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  module.enableCompileCache(join(caches, "gonogo", "compiled"));
}

/** The `node` package brings the interpreter as a file of its own. */
function nodeFromPackages() {
  try {
    const folder = dirname(module.createRequire(import.meta.url).resolve("node/package.json"));
    const file = join(folder, "bin", process.platform === "win32" ? "node.exe" : "node");
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string | undefined} node */
function startAgainOn(node) {
  if (node === undefined) {
    const message = `gonogo needs Node ${NEEDED}; this is ${process.version}, and the package "node" is not installed.`;
    process.stderr.write(
      `${message}\nRun \`npm install\` in the project, or start gonogo with Node ${NEEDED}.\n`,
    );
    process.exitCode = 1;
    return;
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: "inherit" });
  // The child says what a signal means and how to end. Ctrl-C goes to both by itself; twice does no harm.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`gonogo could not start ${node}: ${error.message}\nRun \`npm install\` again.\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exitCode = code ?? 1;
    else {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}
