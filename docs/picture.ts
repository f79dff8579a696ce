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
  /** Who looks, where it is not the release manager. */
  readonly as?: string;
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

/** What there is to see while the release waits in its gates. */
const BEFORE: readonly View[] = [
  {
    name: "pictures/revision",
    hash: `#/plans?revise=${server.sample?.state().release}`,
    size: { width: 1280, height: 900 },
    ready: async (page) => {
      const text = page.getByLabel("Plan in YAML");
      await page.getByText("Nothing differs from revision 1.").waitFor();
      await text.fill((await text.inputValue()).replace("watch: 15 min", "watch: 20 min"));
      await page.getByText("1 field differs from revision 1:").waitFor();
    },
  },
];

/** What there is to see once the release has been put back. */
const AFTERWARDS: readonly View[] = [
  {
    name: "pictures/delegations",
    hash: "#/governance",
    as: "cto",
    ready: (page) => page.getByText("“on leave until Thursday”").waitFor(),
  },
  {
    name: "pictures/keys",
    hash: "#/governance?part=keys",
    as: "governance",
    dark: true,
    ready: (page) => page.getByText("ci-orders", { exact: true }).waitFor(),
  },
  {
    name: "pictures/policy",
    hash: "#/governance?part=policy",
    size: { width: 1280, height: 1100 },
    as: "governance",
    ready: async (page) => {
      await page.getByRole("button", { name: "Begin with the one in force" }).click();
      const text = page.getByLabel("Policy in YAML");
      await text.fill((await text.inputValue()).replace("bake: 15 min", "bake: 30 min"));
      await page.getByText(/valid, digest/).waitFor();
      await text.evaluate((box) => box.scrollTo(0, 0));
    },
  },
  {
    name: "pictures/refusals",
    hash: "#/governance?part=refusals",
    as: "governance",
    size: { width: 1280, height: 480 },
    ready: (page) => page.getByRole("cell", { name: "GET /v1/me" }).waitFor(),
  },
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
async function ask(
  path: string,
  body?: object,
  { as = "release-manager", method = body === undefined ? "GET" : "POST" } = {},
): Promise<Record<string, unknown>> {
  const response = await fetch(`${server.address}${path}`, {
    method,
    headers: {
      "content-type": "application/json",
      authorization: `Demo ${as}`,
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

/** Delegations, keys, a policy and a refusal, for the pictures of them. */
async function govern(): Promise<void> {
  const now = Date.parse(server.sample?.state().now ?? "");
  const inDays = (days: number) => new Date(now + days * 86_400_000).toISOString();
  const { id } = await ask("/v1/me", undefined, { as: "ops" });
  const lent = { role: "CTO", to: id, until: inDays(6), reason: "on leave until Thursday" };
  await ask("/v1/delegations", lent, { as: "cto" });
  const key = async (name: string, digit: string, more: object) =>
    ask(
      "/v1/keys",
      { name, digest: `sha256:${digit.repeat(64)}`, expiresAt: inDays(90), ...more },
      { as: "governance" },
    );
  await key("dashboards", "b", { scopes: ["release:read"], reason: "the wall in the office" });
  const pipeline = { scopes: ["release:read", "release:write"], roles: ["Release pipeline"] };
  await key("ci-orders", "a", { ...pipeline, reason: "the pipeline of orders" });
  const policy = readFileSync(new URL("../examples/policies/default.yaml", import.meta.url), "utf8");
  const set = { text: policy, reason: "as the board decided" };
  await ask("/v1/policy", set, { as: "governance", method: "PUT" });
  await fetch(`${server.address}/v1/me`, { headers: { authorization: "Bearer of-somebody-else" } });
}

async function take({
  name,
  hash,
  size = { width: 1280, height: 800 },
  dark,
  as,
  ready,
}: View): Promise<void> {
  const context = await browser.newContext({ viewport: size, colorScheme: dark ? "dark" : "light" });
  const page = await context.newPage();
  await page.goto(`${server.address}/${hash}`);
  await page.getByLabel("You are").selectOption(as ?? "release-manager");
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
  await server.sample?.turn({ speed: 1, standIns: false });
  for (const view of BEFORE) await take(view);
  await server.sample?.turn({ speed: 120, standIns: true });
  const page = await browser.newPage();
  await page.goto(`${server.address}/${release}`);
  await page.getByLabel("You are").selectOption("release-manager");
  await page.getByText(/Watching phase 2/).waitFor({ timeout: 240_000 });
  await server.sample?.turn({ speed: 10 });
  await page.close();
  for (const view of VIEWS) await take(view);
  await putBack();
  await govern();
  for (const view of AFTERWARDS) await take(view);
} finally {
  await browser.close();
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
}
