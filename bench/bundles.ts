import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleAll } from "@gonogo/functions/bundle";

/** What each bundle may weigh, in bytes of minified JavaScript. */
export type Budget = Readonly<Record<string, number>>;

export function readBudget(): Budget {
  return JSON.parse(readFileSync(new URL("bundles.budget.json", import.meta.url), "utf8")) as Budget;
}

const RUNS = 9;

/**
 * Milliseconds that a new process takes to import a file, as a cold start does: the least of some runs, for whatever
 * else the machine does only adds to it.
 */
function importTime(file: string): number {
  const script = `const begun = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(performance.now() - begun)`;
  const took = Array.from({ length: RUNS }, () =>
    Number(execFileSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" })),
  );
  return Math.min(...took);
}

/** Prints size, budget, import time and the heaviest packages of each function's bundle. */
async function print(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "gonogo-bundles-"));
  const budget = readBudget();
  try {
    console.log(
      "| function | KB | budget | of it at start | import, ms | heaviest, KB before minification |",
    );
    console.log("|---|--:|--:|--:|--:|---|");
    for (const { name, bytes, bytesAtStart, packages } of await bundleAll(directory)) {
      const took = importTime(join(directory, name, "index.mjs"));
      const heaviest = packages.slice(0, 4).map(([from, size]) => `${from} ${kb(size)}`);
      const cells = [
        name,
        kb(bytes),
        kb(budget[name] ?? 0),
        kb(bytesAtStart),
        took.toFixed(0),
        heaviest.join(", "),
      ];
      console.log(`| ${cells.join(" | ")} |`);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const kb = (bytes: number): string => String(Math.ceil(bytes / 1000));

if (import.meta.main) await print();
