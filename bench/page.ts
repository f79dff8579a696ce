import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { startServer } from "@gonogo/local/server/server";
import { launchBrowser } from "../test/browser/browser.ts";
import { type Measured, percentile } from "./kit.ts";

/** What the page may weigh and take: kilobytes of 1000 bytes as they travel (gzip), milliseconds. */
export interface PageBudget {
  readonly scriptKb: number;
  readonly styleKb: number;
  readonly readyMs: number;
}

export function readPageBudget(): PageBudget {
  return JSON.parse(readFileSync(new URL("page.budget.json", import.meta.url), "utf8")) as PageBudget;
}

const ASSETS = new URL("../packages/web/dist/assets/", import.meta.url);

/** All scripts, or all styles, of the page as it was built last: bytes as they travel. */
export function weightOf(kind: "js" | "css"): number {
  return readdirSync(ASSETS)
    .filter((name) => name.endsWith(`.${kind}`))
    .map((name) => gzipSync(readFileSync(new URL(name, ASSETS)), { level: 9 }).length)
    .reduce((sum, bytes) => sum + bytes, 0);
}

const RUNS = 5;

/** Weight of the page, and how long from the address to the board, each time in a window of its own. */
export async function page(): Promise<Measured[]> {
  const { scriptKb, styleKb, readyMs } = readPageBudget();
  const directory = mkdtempSync(join(tmpdir(), "gonogo-page-"));
  const server = await startServer({ directory, port: 0, sample: true, write: () => {} });
  const browser = await launchBrowser();
  try {
    const took: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const context = await browser.newContext();
      const window = await context.newPage();
      const began = performance.now();
      await window.goto(server.address);
      await window.getByRole("heading", { name: "Active releases" }).waitFor();
      took.push(performance.now() - began);
      await context.close();
    }
    return [
      { what: "the page's scripts, gzip", value: kb(weightOf("js")), beside: `budget: ${scriptKb} KB` },
      { what: "the page's styles, gzip", value: kb(weightOf("css")), beside: `budget: ${styleKb} KB` },
      {
        what: "from the address to the board (median)",
        value: `${Math.round(percentile(took, 0.5))} ms`,
        beside: `budget: ${readyMs} ms`,
      },
    ];
  } finally {
    await browser.close();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

const kb = (bytes: number): string => `${(bytes / 1000).toFixed(1)} KB`;
