import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startServer } from "@gonogo/local/server/server";
import { launchBrowser } from "../test/browser/browser.ts";

/** Remakes docs/page.png: the sample release in its second phase, with the page's own chart of it. */
const directory = mkdtempSync(join(tmpdir(), "gonogo-picture-"));
const server = await startServer({ directory, port: 0, speed: 120, sample: true });
const browser = await launchBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1080 } });
  await page.goto(`${server.address}/#/releases/${server.sample?.state().release}`);
  await page.getByLabel("You are").selectOption("release-manager");
  await page.getByText(/Watching phase 2/).waitFor({ timeout: 120_000 });
  await page.waitForTimeout(6_000);
  await page.screenshot({ path: fileURLToPath(new URL("page.png", import.meta.url)) });
} finally {
  await browser.close();
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
}
