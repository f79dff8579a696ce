import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "@gonogo/local/server/server";
import type { Page } from "playwright-core";
import { launchBrowser } from "../test/browser/browser.ts";

/**
 * Remakes the pictures of the page: docs/page.webp, the sample release in its second phase, and those of its
 * other views in docs/pictures.
 */
const LARGEST_BYTES = 150_000;
const PLAN = readFileSync(new URL("../examples/checkout/plan.yaml", import.meta.url), "utf8");

const directory = mkdtempSync(join(tmpdir(), "gonogo-picture-"));
const server = await startServer({ directory, port: 0, speed: 120, sample: true });
const browser = await launchBrowser();

interface View {
  readonly name: string;
  readonly hash: string;
  readonly size?: { readonly width: number; readonly height: number };
  readonly dark?: true;
  readonly ready: (page: Page) => Promise<void>;
}

const release = `#/releases/${server.sample?.state().release}`;
const heading = (name: string) => (page: Page) => page.getByRole("heading", { name }).first().waitFor();

const VIEWS: readonly View[] = [
  {
    name: "page",
    hash: release,
    size: { width: 1280, height: 1080 },
    ready: (page) => page.locator(".plot svg").first().waitFor(),
  },
  { name: "pictures/board", hash: "#/", dark: true, ready: heading("Active releases") },
  { name: "pictures/releases", hash: "#/releases", ready: heading("Releases") },
  { name: "pictures/runbook", hash: `${release}/steps`, ready: heading("All steps") },
  { name: "pictures/gates", hash: `${release}/gates`, ready: heading("Approvals") },
  { name: "pictures/triggers", hash: `${release}/alarms`, ready: heading("Triggers") },
  { name: "pictures/messages", hash: `${release}/messages`, dark: true, ready: heading("Messages") },
  {
    name: "pictures/log",
    hash: `${release}/log`,
    ready: (page) => page.locator("ol.records li").first().waitFor(),
  },
  {
    name: "pictures/what-if",
    hash: "#/plans",
    ready: async (page) => {
      await page.getByLabel("Plan in YAML").fill(PLAN.replace("id: ", "id: TRIED-"));
      const part = page.getByRole("region", { name: "What if" });
      await part.getByLabel("Alarm").selectOption({ index: 1 });
      await part.getByText("Rolled back").first().waitFor();
      await part.scrollIntoViewIfNeeded();
    },
  },
  {
    name: "pictures/system",
    hash: "#/system",
    ready: async (page) => {
      for (const name of ["cloudwatch", "sentry"]) {
        await page.getByRole("button", { name: `Test ${name}`, exact: true }).click();
        const row = page.getByRole("listitem").filter({ has: page.getByText(name, { exact: true }) });
        await row.getByText("passed").waitFor();
      }
    },
  },
  {
    name: "pictures/calendar",
    hash: "#/calendar",
    size: { width: 760, height: 860 },
    ready: async (page) => {
      const form = page.getByRole("region", { name: "Recurring rules" });
      await form.getByText("Add a rule").click();
      await form.getByLabel("Name").fill("Monthly maintenance");
      await form.getByLabel("Days").fill("first Tuesday");
      await form.getByLabel("From").fill("02:00");
      await form.getByLabel("To").fill("04:00");
      await form.getByText("It falls next").waitFor();
      await form.scrollIntoViewIfNeeded();
    },
  },
  {
    name: "pictures/phone",
    hash: release,
    size: { width: 390, height: 844 },
    dark: true,
    ready: async (page) => {
      await page.getByRole("button", { name: "Roll back" }).click();
      await page.getByRole("dialog").getByRole("listitem").first().waitFor();
    },
  },
];

/** What there is to see once the release has been put back. */
const AFTERWARDS: readonly View[] = [
  { name: "pictures/rolled-back", hash: release, ready: heading("Rollback") },
  { name: "pictures/review", hash: `${release}/review`, ready: heading("Review") },
  {
    name: "pictures/documents",
    hash: `${release}/documents`,
    ready: (page) => page.locator("main table").first().waitFor(),
  },
  { name: "pictures/follow-ups", hash: "#/follow-ups", ready: heading("Rehearsals") },
  {
    name: "pictures/measures",
    hash: "#/measures",
    dark: true,
    ready: (page) => page.locator(".plot svg").first().waitFor(),
  },
];

/** Asks the API as the page does. */
async function ask(path: string, body?: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${server.address}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      "content-type": "application/json",
      authorization: "Demo release-manager",
      "idempotency-key": crypto.randomUUID(),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}

/** Tries the way back in staging, then takes the release itself back, and waits until both have ended. */
async function putBack(): Promise<void> {
  const { sample } = server;
  const id = sample?.state().release;
  if (sample === undefined || id === undefined) throw new Error("there is no sample release");
  const { plan } = sample;
  await ask("/v1/rehearsals", {
    text: JSON.stringify({ ...plan, id, start: sample.state().now }),
    file: "plan.json",
  });
  await sample.turn({ speed: 120 });
  await ask(`/v1/releases/${id}/commands`, {
    command: { type: "Rollback" },
    reason: "Support hears of orders that are taken twice",
  });
  for (let tries = 0; ; tries++) {
    const { items } = await ask("/v1/rehearsals");
    const { status } = await ask(`/v1/releases/${id}`);
    if ((items as unknown[]).length > 0 && status === "rolled-back") break;
    if (tries > 90) throw new Error(`the release is ${status} still, or its rehearsal is not over`);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  await sample.turn({ speed: 10 });
}

async function take({ name, hash, size = { width: 1280, height: 800 }, dark, ready }: View): Promise<void> {
  const context = await browser.newContext({ viewport: size, colorScheme: dark ? "dark" : "light" });
  const page = await context.newPage();
  await page.goto(`${server.address}/${hash}`);
  await page.getByLabel("You are").selectOption("release-manager");
  await ready(page);
  await page.waitForTimeout(1_500);
  const session = await context.newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 80 });
  const image = Buffer.from(data, "base64");
  if (image.length > LARGEST_BYTES)
    throw new Error(`${name}: ${image.length} bytes, at most ${LARGEST_BYTES}`);
  writeFileSync(new URL(`${name}.webp`, import.meta.url), image);
  console.log(`${name}.webp ${Math.ceil(image.length / 1000)} KB`);
  await context.close();
}

try {
  const page = await browser.newPage();
  await page.goto(`${server.address}/${release}`);
  await page.getByLabel("You are").selectOption("release-manager");
  await page.getByText(/Watching phase 2/).waitFor({ timeout: 240_000 });
  await server.sample?.turn({ speed: 10 });
  await page.close();
  for (const view of VIEWS) await take(view);
  await putBack();
  for (const view of AFTERWARDS) await take(view);
} finally {
  await browser.close();
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
}
