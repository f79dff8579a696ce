import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningServer, startServer } from "@gonogo/local/server/server";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "./browser.ts";

const TITLE = "Orders 3.4: one-page checkout";
/** Four minutes of the release in a second. */
const SPEED = 240;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let directory: string;
let server: RunningServer;
let browser: Browser;
const contexts: BrowserContext[] = [];
const faults: string[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "gonogo-browser-"));
  server = await startServer({ directory, port: 0, speed: 1, sample: true, write: () => {} });
  await server.sample?.turn({ standIns: false, speed: SPEED });
  browser = await launchBrowser();
});

afterAll(async () => {
  // A browser that has gone has closed its windows.
  for (const context of contexts) await context.close().catch(() => {});
  await browser?.close();
  await server?.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function open(person: string, width = 1280, height = 900): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height }, bypassCSP: true });
  contexts.push(context);
  const page = await context.newPage();
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(server.address)) faults.push(`a request to ${request.url()}`);
  });
  await page.goto(server.address);
  await page.getByLabel("You are").selectOption(person);
  await page.getByRole("link", { name: "Releases" }).click();
  await page.getByRole("link", { name: TITLE }).first().click();
  await page.getByRole("heading", { name: TITLE }).waitFor();
  return page;
}

async function press(page: Page, action: string | RegExp, reason?: string): Promise<void> {
  await page.getByRole("button", { name: action }).first().click();
  const dialog = page.getByRole("dialog");
  if (reason !== undefined) await dialog.getByLabel("Reason").fill(reason);
  await dialog.getByRole("button", { name: action }).click();
  await page.getByRole("log", { name: "Answers" }).getByText("Accepted").first().waitFor();
}

function status(page: Page) {
  return page.getByRole("status", { name: "Status" });
}

async function until(page: Page, words: string, seconds = 60): Promise<void> {
  await status(page)
    .filter({ hasText: words })
    .waitFor({ timeout: seconds * 1000 });
}

describe("a release in the browser", () => {
  it("is approved by three people, broken by a dial, and goes back by itself while the page looks on", async () => {
    for (const [person, role] of [
      ["cto", "CTO"],
      ["security-officer", "Security Officer"],
      ["product-manager", "Product Manager"],
    ] as const) {
      const page = await open(person);
      await press(page, `Approve as ${role}`);
      // A browser has six connections to a host, and each page that is looked at keeps one.
      await page.context().close();
    }
    const manager = await open("release-manager");
    await until(manager, "Waiting for its gates");
    await press(manager, "Approve as Release Manager");
    // The rest of the gates is answered by stand-ins.
    await server.sample?.turn({ standIns: true });
    await until(manager, "Running");
    await manager.getByRole("button", { name: "Dials" }).click();
    const dial = manager.getByLabel("Errors of version 42");
    await dial.fill("60");
    await dial.press("Enter");
    await until(manager, "Rolled back", 120);

    const { release = "" } = server.sample?.state() ?? {};
    const loaded = await server.runtime.store.load(release);
    expect(loaded?.state.components["orders-api"]?.observed).toMatchObject({ primary: "41", share: 0 });
    expect(loaded?.state.components["shop-app"]?.touched).toBe(false);

    await manager.getByRole("link", { name: "Audit log" }).click();
    await manager.getByRole("button", { name: "Verify" }).click();
    await manager
      .getByRole("status", { name: "Verification" })
      .filter({ hasText: "The chain holds" })
      .waitFor();
  }, 240_000);

  it("is rolled back from a phone, with the reason that was typed", async () => {
    await server.sample?.turn({ restart: true });
    const phone = await open("on-call-engineer", 320, 640);
    await phone.goto(`${server.address}/#/releases/${server.sample?.state().release}`);
    await until(phone, "Running");
    await press(phone, "Roll back", "the shop is slow");
    await until(phone, "Rolled back", 90);
    const wide = await phone.evaluate("document.documentElement.scrollWidth > innerWidth");
    expect(wide).toBe(false);
    const loaded = await server.runtime.store.load(server.sample?.state().release ?? "");
    expect(loaded?.state.rollback?.cause).toContain("the shop is slow");
  }, 180_000);

  it("has no violation that axe finds, and asks nobody else for anything", async () => {
    const page = await open("release-manager");
    for (const part of ["", "/steps", "/gates", "/alarms", "/messages", "/review", "/log"]) {
      await page.goto(`${server.address}/#/releases/${server.sample?.state().release}${part}`);
      await page.getByRole("heading", { name: TITLE }).waitFor();
      await page.evaluate(axe);
      const found = await page.evaluate(async () => {
        const run = (
          globalThis as unknown as {
            axe: { run(): Promise<{ violations: { id: string; nodes: unknown[] }[] }> };
          }
        ).axe;
        return (await run.run()).violations.map(({ id, nodes }) => `${id} (${nodes.length})`);
      });
      expect(found, part).toEqual([]);
    }
    expect(faults).toEqual([]);
  }, 120_000);
});
