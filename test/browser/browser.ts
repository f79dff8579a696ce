import { existsSync } from "node:fs";
import chromium from "@sparticuz/chromium";
import { type Browser, chromium as playwright } from "playwright-core";

/** Where Chrome is where @sparticuz/chromium, which is built for Linux on x64, cannot run. */
const INSTALLED = [
  process.env.GONOGO_CHROME,
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:/Program Files/Google/Chrome/Application/chrome.exe",
  "/usr/bin/google-chrome",
  "/usr/bin/chromium",
];

export async function launchBrowser(): Promise<Browser> {
  if (process.platform === "linux" && process.arch === "x64") {
    return await playwright.launch({
      executablePath: await chromium.executablePath(),
      // One process for all would end with the first context that is closed.
      args: chromium.args.filter((arg) => arg !== "--single-process"),
      headless: true,
    });
  }
  const executablePath = INSTALLED.find((path) => path !== undefined && existsSync(path));
  if (executablePath === undefined) {
    throw new Error("no browser here: install Chrome, or name one in GONOGO_CHROME");
  }
  return await playwright.launch({ executablePath, headless: true });
}
