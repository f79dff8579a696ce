import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningServer, startServer } from "@gonogo/local/server/server";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { launchBrowser } from "./browser.ts";

export const TITLE = "Orders 3.4: one-page checkout";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Seen {
  readonly width?: number;
  readonly height?: number;
  /** The page's own policy holds, which keeps out axe as well. */
  readonly withPolicy?: boolean;
}

/** A server with the sample world, a browser before it, and everything in it that should not be. */
export class Stage {
  readonly server: RunningServer;
  readonly faults: string[] = [];
  readonly #browser: Browser;
  readonly #directory: string;
  readonly #contexts: BrowserContext[] = [];

  private constructor(server: RunningServer, browser: Browser, directory: string) {
    this.server = server;
    this.#browser = browser;
    this.#directory = directory;
  }

  static async open(speed: number): Promise<Stage> {
    const directory = mkdtempSync(join(tmpdir(), "gonogo-browser-"));
    const [server, browser] = await Promise.all([
      startServer({ directory, port: 0, speed: 1, sample: true, write: () => {} }),
      launchBrowser(),
    ]);
    await server.sample?.turn({ standIns: false, speed });
    return new Stage(server, browser, directory);
  }

  /** A window that is before another server than this one. */
  async elsewhere(): Promise<Page> {
    const context = await this.#browser.newContext({ bypassCSP: true });
    this.#contexts.push(context);
    return await context.newPage();
  }

  async close(): Promise<void> {
    for (const context of this.#contexts) await context.close().catch(() => {});
    await this.#browser.close();
    await this.server.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** The sample's release. */
  get release(): string {
    return this.server.sample?.state().release ?? "";
  }

  /** A window of its own, as one of the sample's people, at an address of the page. */
  async as(
    person: string,
    hash: string,
    { width = 1280, height = 900, withPolicy }: Seen = {},
  ): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport: { width, height },
      bypassCSP: withPolicy !== true,
      locale: "en-GB",
    });
    this.#contexts.push(context);
    const page = await context.newPage();
    page.on("pageerror", (error) => this.faults.push(error.message));
    page.on("console", (message) => {
      if (/Content Security Policy|Trusted ?Type/i.test(message.text())) this.faults.push(message.text());
    });
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(this.server.address) && !url.startsWith("blob:")) this.faults.push(`asks ${url}`);
    });
    const session = JSON.stringify({ kind: "demo", id: person });
    await page.addInitScript((text) => sessionStorage.setItem("gonogo.session", text), session);
    await page.goto(`${this.server.address}/${hash}`);
    await page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
    return page;
  }

  /** The sample's release in a window. */
  async atRelease(person: string, part = "", seen: Seen = {}): Promise<Page> {
    const page = await this.as(person, `#/releases/${this.release}${part}`, seen);
    await page.getByRole("heading", { name: TITLE }).waitFor();
    return page;
  }
}

/** Presses a button that opens a dialog, reads there what will happen, and confirms it. */
export async function press(page: Page, action: string | RegExp, reason?: string): Promise<string> {
  await page.getByRole("button", { name: action }).first().click();
  const dialog = page.getByRole("dialog");
  const told = dialog.getByRole("region", { name: "What will happen" });
  await told.getByRole("listitem").first().waitFor();
  const sentences = (await told.textContent()) ?? "";
  if (reason !== undefined) await dialog.getByLabel("Reason").fill(reason);
  await dialog.getByRole("button", { name: action }).click();
  await answers(page).getByText("Accepted").first().waitFor();
  return sentences;
}

export function answers(page: Page): Locator {
  return page.getByRole("log", { name: "Answers" });
}

/** Waits until the release's status has these words. */
export async function until(page: Page, words: string, seconds = 60): Promise<void> {
  await page
    .getByRole("status", { name: "Status" })
    .filter({ hasText: words })
    .waitFor({ timeout: seconds * 1000 });
}

interface Axe {
  run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

/** What axe-core finds wrong with a page, by all of its rules or by some: `rule (how often)`. */
export async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  // It is a long script, and stays where a page was not loaded anew.
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(AXE);
  return await page.evaluate(
    async (only) => {
      const { axe } = globalThis as unknown as { axe: Axe };
      const found = (await axe.run(only === undefined ? {} : { runOnly: only })).violations;
      return found.map(({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0]?.html.slice(0, 120)}`);
    },
    rules as string[] | undefined,
  );
}

/** By how many pixels a page is wider than its window. */
export async function overflow(page: Page): Promise<number> {
  return await page.evaluate("document.documentElement.scrollWidth - innerWidth");
}
