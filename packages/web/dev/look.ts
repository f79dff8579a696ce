import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import chromium from "@sparticuz/chromium";
import { type Browser, type Page, chromium as playwright } from "playwright-core";

/**
 * Opens every view of the page at three sizes, light and dark, against the development server: takes a picture,
 * runs axe-core, and looks for what sticks out sideways and for requests to other hosts.
 *
 * `node packages/web/dev/look.ts [--pictures <folder>] [--only <text>]`
 */
const BASE = process.env.GONOGO_DEV ?? "http://127.0.0.1:4651";
const PICTURES = option("--pictures");
const ONLY = option("--only");

const SIZES = [
  { width: 320, height: 640 },
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];

interface View {
  readonly name: string;
  readonly hash: string;
  /** Who looks, where it is not the release manager. */
  readonly as?: string;
  readonly prepare?: (page: Page) => Promise<void>;
}

const VIEWS: readonly View[] = [
  { name: "board", hash: "#/" },
  { name: "board-ops", hash: "#/", as: "ada" },
  { name: "board-visitor", hash: "#/", as: "visitor" },
  { name: "list", hash: "#/releases" },
  { name: "gates", hash: "#/releases/REL-GATES", as: "ada" },
  { name: "gates-board", hash: "#/releases/REL-GATES/gates", as: "barbara" },
  { name: "poll", hash: "#/releases/REL-POLL/gates", as: "karen" },
  { name: "ready", hash: "#/releases/REL-READY" },
  { name: "watch", hash: "#/releases/REL-WATCH" },
  { name: "app", hash: "#/releases/REL-APP" },
  { name: "held", hash: "#/releases/REL-HELD" },
  { name: "paused", hash: "#/releases/REL-PAUSED" },
  { name: "rolling-back", hash: "#/releases/REL-BACK", as: "ada" },
  { name: "rolled-back", hash: "#/releases/REL-UNDONE" },
  { name: "validating", hash: "#/releases/REL-VALIDATE" },
  { name: "reviewing", hash: "#/releases/REL-REVIEW/review" },
  { name: "documents", hash: "#/releases/REL-DONE/documents" },
  { name: "completed", hash: "#/releases/REL-DONE" },
  { name: "steps", hash: "#/releases/REL-APP/steps" },
  { name: "triggers", hash: "#/releases/REL-UNDONE/alarms" },
  { name: "messages", hash: "#/releases/REL-UNDONE/messages" },
  {
    name: "log",
    hash: "#/releases/REL-APP/log",
    prepare: async (page) => {
      await page.getByRole("button", { name: "Verify" }).click();
      await page.locator("summary").first().click();
    },
  },
  {
    name: "dialog",
    hash: "#/releases/REL-WATCH",
    prepare: async (page) => {
      await page.getByRole("button", { name: "Roll back" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Roll back" }).click();
    },
  },
  {
    name: "dials",
    hash: "#/",
    prepare: (page) => page.getByRole("button", { name: "Dials" }).click(),
  },
  { name: "follow-ups", hash: "#/follow-ups" },
  { name: "owed", hash: "#/releases/REL-REVIEW/follow-ups" },
  ...["delegations", "policy", "keys", "refusals", "records"].map((part) => ({
    name: part,
    hash: `#/governance?part=${part}`,
  })),
  { name: "revision", hash: "#/plans?revise=REL-GATES" },
  { name: "system", hash: "#/system" },
  { name: "unknown", hash: "#/releases/NOT-THERE" },
  { name: "nowhere", hash: "#/nowhere" },
  { name: "plans", hash: "#/plans" },
  { name: "plan-wrong", hash: "#/plans", prepare: (page) => typePlan(page, "gonogo: 1\nid: A\ntitel: x\n") },
  {
    name: "plan-tried",
    hash: "#/plans",
    prepare: async (page) => {
      const answer = await page.request.get(`${BASE}/v1/releases/REL-LIVE/documents`);
      const { documents } = (await answer.json()) as { documents: { text: string }[] };
      await typePlan(page, documents[0]?.text ?? "");
      await page.getByLabel("Alarm").selectOption("Api5xx");
      await page.getByLabel("Minutes after T").fill("25");
      await page.getByText("Rolled back").first().waitFor();
    },
  },
  {
    name: "lost",
    hash: "#/releases/REL-WATCH",
    prepare: async (page) => {
      await page.getByRole("heading", { name: "Traffic" }).waitFor();
      await page.route("**/v1/**", (route) => route.abort());
      await page.getByText("Connection lost").waitFor();
    },
  },
  {
    name: "signed-out",
    hash: "#/",
    prepare: async (page) => {
      await page.route("**/v1/demo", (route) => route.fulfill(problem(404, "There is nothing here.")));
      await page.route("**/v1/me", (route) => route.fulfill(problem(401, "The token has expired.")));
      const stored = JSON.stringify({ kind: "token", token: "old" });
      await page.evaluate((text) => sessionStorage.setItem("gonogo.session", text), stored);
      await page.reload();
      await page.getByLabel("Access token").waitFor();
    },
  },
];

function option(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

function problem(status: number, detail: string) {
  return {
    status,
    contentType: "application/problem+json",
    body: JSON.stringify({ type: "about:blank", title: detail, status, detail, code: "test" }),
  };
}

async function typePlan(page: Page, text: string): Promise<void> {
  await page.getByLabel("Plan in YAML").fill(text);
  await page.waitForTimeout(1200);
}

interface Axe {
  run(): Promise<{
    violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[];
  }>;
}

type Scheme = "light" | "dark";

async function lookAt(browser: Browser, view: View, scheme: Scheme, axe: string): Promise<string[]> {
  const found: string[] = [];
  const look = async (size: (typeof SIZES)[number]) => {
    const context = await browser.newContext({ viewport: size, colorScheme: scheme, bypassCSP: false });
    const page = await context.newPage();
    const where = `${view.name} ${size.width} ${scheme}`;
    page.on("request", (request) => {
      if (!request.url().startsWith(BASE)) found.push(`${where}: asks another host: ${request.url()}`);
    });
    page.on("pageerror", (error) => found.push(`${where}: ${error.message}`));
    page.on("console", (message) => {
      const text = message.text();
      if (message.type() === "error" && !/Failed to load resource/.test(text))
        found.push(`${where}: ${text}`);
    });
    const person = JSON.stringify({ kind: "demo", id: view.as ?? "everyone" });
    await page.addInitScript(
      (text) => sessionStorage.getItem("gonogo.session") ?? sessionStorage.setItem("gonogo.session", text),
      person,
    );
    await page.goto(`${BASE}/${view.hash}`);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await page.waitForTimeout(500);
    await view.prepare?.(page);
    await page.waitForTimeout(300);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) found.push(`${where}: ${wide} px too wide`);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => (window as unknown as { axe: Axe }).axe.run());
    for (const { id, help, nodes } of violations) {
      found.push(
        `${where}: ${id}: ${help}\n    ${nodes.map(({ html }) => html.slice(0, 160)).join("\n    ")}`,
      );
    }
    if (PICTURES !== undefined) {
      const path = join(PICTURES, `${view.name}-${size.width}-${scheme}.png`);
      await page.screenshot({ path, fullPage: view.name !== "dialog" });
    }
    await context.close();
  };
  await Promise.all(SIZES.map(look));
  return found;
}

await fetch(`${BASE}/v1/demo`, { method: "POST", body: JSON.stringify({ restart: true, speed: 0 }) });
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
if (PICTURES !== undefined) await mkdir(PICTURES, { recursive: true });
const browser = await playwright.launch({
  executablePath: await chromium.executablePath(),
  // One process for all would end with the first context that is closed.
  args: chromium.args.filter((arg) => arg !== "--single-process"),
  headless: true,
});
let wrong = 0;
for (const view of VIEWS.filter(({ name }) => ONLY === undefined || ONLY.split(",").includes(name))) {
  for (const scheme of ["light", "dark"] as const) {
    const found = await lookAt(browser, view, scheme, axe);
    wrong += found.length;
    for (const one of found) console.log(one);
  }
  console.log(`${view.name}: looked at`);
}
await browser.close();
console.log(wrong === 0 ? "nothing wrong" : `${wrong} wrong`);
process.exitCode = wrong === 0 ? 0 : 1;
