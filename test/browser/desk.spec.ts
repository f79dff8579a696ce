import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "@gonogo/local/server/server";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smallPlan } from "../support/small-plan.ts";
import { answers, overflow, press, Stage, until, violations } from "./stage.ts";

/** On a machine that does much else besides. */
const PATIENCE_MS = 240_000;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open(10);
});
afterAll(() => stage?.close());

interface Given {
  readonly name: string;
  readonly type: string;
  readonly bytes: readonly number[];
}

/** What of a browser's own is used here; the tests are compiled without it. */
interface Browsers {
  readonly DataTransfer: new () => { readonly items: { add(file: File): void } };
  readonly DragEvent: new (type: string, options: object) => Event;
  readonly ClipboardEvent: new (type: string, options: object) => Event;
}

/** Gives an element files, as a browser does when they are dropped on it or pasted into it. */
async function give(on: Locator, how: "drop" | "paste", ...files: readonly Given[]): Promise<void> {
  await on.evaluate(
    (element, [kind, given]) => {
      const { DataTransfer, DragEvent, ClipboardEvent } = globalThis as unknown as Browsers;
      const data = new DataTransfer();
      for (const { name, type, bytes } of given) {
        data.items.add(new File([new Uint8Array(bytes)], name, { type }));
      }
      const more = { bubbles: true, cancelable: true };
      element.dispatchEvent(
        kind === "drop"
          ? new DragEvent("drop", { ...more, dataTransfer: data })
          : new ClipboardEvent("paste", { ...more, clipboardData: data }),
      );
    },
    [how, files] as const,
  );
}

const digestOf = (bytes: Uint8Array | readonly number[]) =>
  createHash("sha256").update(Uint8Array.from(bytes)).digest("hex");

describe("evidence", () => {
  it.each([
    ["drop", "devsecops", /^Yes: Build 42/, { name: "build.txt", type: "text/plain" }],
    ["paste", "ops-lead", /^Yes: Someone is on call/, { name: "image.png", type: "image/png" }],
  ] as const)(
    "is given by %s, and what is downloaded is the same, byte for byte",
    async (how, person, action, { name, type }) => {
      const bytes = Array.from({ length: 2_000 }, (_, index) => (index * 7 + how.length) % 256);
      // A PNG is known by its first bytes.
      if (type === "image/png") bytes.splice(0, 8, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
      const short = digestOf(bytes).slice(0, 12);
      const page = await stage.atRelease(person, "/gates");
      await page.getByRole("button", { name: action }).click();
      const dialog = page.getByRole("dialog");
      const field = dialog.getByRole("region", { name: "Evidence" });
      await give(field, how, { name, type, bytes });
      await field.getByText(short).waitFor();
      await dialog.getByRole("button", { name: /^Yes/ }).click();
      await answers(page).getByText("Accepted").first().waitFor();
      const row = page.getByRole("listitem").filter({ hasText: short });
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        row.getByRole("button", { name: how === "drop" ? name : /^screenshot-/ }).click(),
      ]);
      const file = readFileSync(await download.path());
      expect([file.length, digestOf(file)]).toEqual([bytes.length, digestOf(bytes)]);
      await page.context().close();
    },
    PATIENCE_MS,
  );
});

it(
  "a plan is revised with what differs and what falls beside it, and is approved anew by somebody else",
  async () => {
    const page = await stage.atRelease("cto", "/gates");
    await press(page, "Approve as CTO");
    const manager = await stage.atRelease("release-manager", "/gates", { width: 320, height: 700 });
    await manager.getByRole("link", { name: "Revise the plan" }).click();
    const text = manager.getByLabel("Plan in YAML");
    await expect.poll(() => text.inputValue()).toContain("watch: 15 min");
    const revision = manager.getByRole("region", { name: "What the revision changes" });
    await revision.getByText("Nothing differs from revision 1.").waitFor();
    const plan = await text.inputValue();
    await text.fill(plan.replace("title:", "titel:"));
    await manager.getByRole("region", { name: "Problems" }).getByText(/titel/).first().waitFor();
    expect(await revision.getByRole("button", { name: "Submit the revision" }).count()).toBe(0);
    await text.fill(plan.replace("watch: 15 min", "watch: 20 min"));
    await revision.getByText("1 field differs from revision 1:").waitFor();
    await revision.getByText("Makes the approval of CTO void.").waitFor();
    await revision.getByText(/whoever submits the revision approves nothing of it/).waitFor();
    expect([await overflow(manager), await violations(manager)]).toEqual([0, []]);
    await revision.getByLabel("Reason").fill("too short");
    await revision.getByRole("button", { name: "Submit the revision" }).click();
    await manager.getByText("Of revision 2 of the plan").waitFor();
    expect(await manager.getByRole("button", { name: "Approve as Release Manager" }).count()).toBe(0);
    await manager.context().close();

    const revisions = page.getByRole("region", { name: "Revisions of the plan" });
    await revisions.getByText("“too short”").waitFor();
    await revisions.getByText("approval CTO").waitFor();
    await page.getByText("Of revision 2 of the plan").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Approve as CTO" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("1 field differs from revision 1").waitFor();
    await dialog.getByText("20m").waitFor();
    await dialog.getByRole("button", { name: "Approve as CTO" }).click();
    await answers(page).getByText("Accepted").first().waitFor();
    await page.context().close();
  },
  PATIENCE_MS,
);

describe("governance", () => {
  it(
    "a role is lent for every release or for one, counts in its approval, and is taken back",
    async () => {
      const ops = await stage.as("on-call-engineer", "#/governance");
      const id = await ops.getByRole("region", { name: "Your id" }).locator("code").textContent();
      const page = await stage.as("security-officer", "#/governance");
      const form = page.getByRole("region", { name: "Delegate a role" });
      await form.getByLabel("To").fill(id ?? "");
      await form.getByLabel("Until, in UTC").fill("2020-01-01T08:00");
      await form.getByLabel("Reason").fill("at a conference");
      await form.getByRole("button", { name: "Delegate" }).click();
      await form.getByText(/would end at/).waitFor();
      expect(await form.getByLabel("Until, in UTC").getAttribute("aria-invalid")).toBe("true");
      const soon = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 16);
      await form.getByLabel("Until, in UTC").fill(soon);
      await form.getByText(/signs and votes as Security Officer in your place, in every release/).waitFor();
      await form.getByRole("button", { name: "Delegate" }).click();
      await answers(page).getByText("Delegated: Security Officer").waitFor();

      await ops.goto(`${stage.server.address}/#/releases/${stage.release}/gates`);
      await press(ops, "Approve as Security Officer");
      await ops.getByText(/approved: .* for .*delegated until/).waitFor();
      await ops.context().close();

      const now = page.getByRole("region", { name: "Delegated now" });
      await now.getByLabel("Show").selectOption("mine");
      await now.getByText("Withdraw the delegation").click();
      await now.getByText(/What was signed until now stands/).waitFor();
      await now.getByLabel("Why").fill("back again");
      await now.getByRole("button", { name: "Withdraw it" }).click();
      await now.getByText("No role is delegated.").waitFor();

      // For one release it is asked for beside its approvals, and told with what will happen.
      await page.goto(`${stage.server.address}/#/releases/${stage.release}/gates`);
      await page.getByRole("button", { name: "Delegate Security Officer" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("To whom").fill(id ?? "");
      await dialog.getByLabel("Until, in UTC").fill(soon);
      await dialog.getByLabel("Reason").fill("for this one");
      await dialog.getByText(/in your place, in this release, until/).waitFor();
      await dialog.getByRole("button", { name: "Delegate Security Officer" }).click();
      const approvals = page.getByRole("region", { name: "Approvals" });
      await approvals.getByText("“for this one”").waitFor();
      await press(page, "Withdraw the delegation of Security Officer", "not needed");
      await approvals.getByText("“for this one”").waitFor({ state: "detached" });
      await page.context().close();
    },
    PATIENCE_MS,
  );

  it(
    "a tool's key is shown once, opens what it is for, and nothing once it is withdrawn, by two at once as well",
    async () => {
      const part = "#/governance?part=keys";
      const page = await stage.as("governance", part);
      const form = page.getByRole("region", { name: "Give a tool a key" });
      await form.getByLabel("Name", { exact: true }).fill("ci orders");
      await form.getByLabel("Reason").fill("the pipeline of orders");
      await form.getByRole("button", { name: "Make the key" }).click();
      await form.getByText(/2 to 63 of a-z/).waitFor();
      await form.getByLabel("Name", { exact: true }).fill("ci-orders");
      await form.getByLabel(/release:write/).check();
      await form.getByText(/submit plans, ask things of releases.* It is shown once/).waitFor();
      await form.getByRole("button", { name: "Make the key" }).click();
      const shown = page.getByRole("region", { name: "The new key" });
      const token = (await shown.locator("code").textContent()) ?? "";
      const whoAmI = async () => {
        const headers = { authorization: `Bearer ${token}` };
        return (await fetch(`${stage.server.address}/v1/me`, { headers })).status;
      };
      expect([token.startsWith("gonogo_"), await whoAmI()]).toEqual([true, 200]);
      await shown.getByRole("button", { name: "I have it" }).click();
      expect(await page.getByText(token).count()).toBe(0);
      const withdraw = async (at: Page) => {
        const list = at.getByRole("region", { name: "Keys of tools" });
        await list.getByText("Withdraw the key ci-orders").click();
        await list.getByLabel("Why").fill("it was in a log");
        return list.getByRole("button", { name: "Withdraw it" });
      };
      const other = await stage.as("governance", part);
      const buttons = [await withdraw(page), await withdraw(other)];
      await Promise.all(buttons.map((button) => button.click()));
      for (const at of [page, other]) {
        await answers(at).getByText("Withdrawn: the key ci-orders").waitFor();
        await at.getByText("No tool has a key.").waitFor();
      }
      await other.context().close();
      expect(await whoAmI()).toBe(401);
      await page.getByRole("link", { name: "Refusals" }).click();
      const refusals = page.getByRole("region", { name: "What was refused", exact: true });
      await refusals.getByLabel("Because it was").selectOption("401");
      await refusals.getByRole("cell", { name: "GET /v1/me" }).first().waitFor();
      await refusals.getByLabel("Find").fill("nothing is like this");
      await refusals.getByText("Nothing was refused.").waitFor();
      await page.context().close();
    },
    PATIENCE_MS,
  );

  it(
    "a policy is put in force with what is wrong and what differs beside it, and withdrawn",
    async () => {
      const text = readFileSync(new URL("../../examples/policies/default.yaml", import.meta.url), "utf8");
      const page = await stage.as("governance", "#/governance?part=policy");
      await page.getByText("No policy is in force").waitFor();
      await page.getByLabel("Policy in YAML").fill(`${text}\nfoo: 1\n`);
      await page.getByText('"foo" is not a field of a policy').waitFor();
      expect(await page.getByRole("button", { name: "Put it in force" }).isDisabled()).toBe(true);
      await page.getByLabel("Policy in YAML").fill(text);
      await page.getByText(/valid, digest/).waitFor();
      await page.getByLabel("Reason").fill("as the board decided");
      await page.getByRole("button", { name: "Put it in force" }).click();
      const inForce = page.getByRole("region", { name: "In force" });
      await inForce.getByText("“as the board decided”").waitFor();
      await page.getByRole("button", { name: "Begin with the one in force" }).click();
      await page.getByText("Nothing.", { exact: true }).waitFor();
      const yaml = await page.getByLabel("Policy in YAML").inputValue();
      await page.getByLabel("Policy in YAML").fill(yaml.replace(/^name: .*$/m, "name: Another"));
      const differs = page.getByRole("region", { name: "What differs" });
      await differs.locator("ins", { hasText: "name: Another" }).waitFor();
      expect([await differs.locator("del").count(), await violations(page)]).toEqual([1, []]);
      await inForce.getByText("Withdraw the policy").click();
      await inForce.getByLabel("Why").fill("not yet");
      await inForce.getByRole("button", { name: "Withdraw it" }).click();
      await page.getByText("No policy is in force").waitFor();
      await page.getByRole("link", { name: "Records" }).click();
      const log = page.getByRole("region", { name: "The deployment’s own log" });
      await log.locator("b", { hasText: "Policy withdrawn" }).waitFor();
      await log.getByText(/The chain holds/).waitFor();
      await page.context().close();
    },
    PATIENCE_MS,
  );
});

describe("the plan page", () => {
  it(
    "runs the deployment's own simulation when it is asked, and says which it was",
    async () => {
      const page = await stage.as("release-manager", "#/plans");
      await page.getByLabel("Plan in YAML").fill(smallPlan());
      const part = page.getByRole("region", { name: "What if" });
      await part.getByText(/By the rules alone/).waitFor();
      await part.getByRole("button", { name: /own simulation/ }).click();
      await part.getByText(/With the deployment’s own machines/).waitFor({ timeout: 120_000 });
      await part.getByRole("status").filter({ hasText: "Completed" }).waitFor();
      await page.context().close();
    },
    PATIENCE_MS,
  );

  it(
    "makes a plan of a runbook and a release plan in Markdown that are dropped on it, and shows what it does when it looks bad",
    async () => {
      const page = await stage.as("release-manager", "#/plans");
      const zone = page.getByRole("region", { name: "Plans" });
      const markdown = (name: string): Given => {
        const text = readFileSync(new URL(`../../examples/checkout/${name}`, import.meta.url));
        return { name, type: "text/markdown", bytes: [...text] };
      };
      await give(zone, "drop", markdown("runbook.md"), markdown("release-plan.md"));
      await answers(page).getByText("A plan was made of the documents.").waitFor();
      const yaml = await page.getByLabel("Plan in YAML").inputValue();
      expect(yaml).toContain("gonogo: 1");
      await page.getByText("valid, digest").waitFor();
      const matrix = page.getByRole("region", { name: "Decision matrix", exact: true });
      await matrix.getByRole("rowheader", { name: "rollback" }).first().waitFor();
      expect(await violations(page)).toEqual([]);
      await page.context().close();
    },
    PATIENCE_MS,
  );
});

describe("the calendar page", () => {
  const rule = (page: Page) => page.getByRole("region", { name: "Recurring rules" });

  it(
    "tells when a rule falls before it is saved, refuses at the field, and changes and removes it",
    async () => {
      const page = await stage.as("release-manager", "#/calendar");
      const form = rule(page);
      await form.getByText("Add a rule").click();
      await form.getByLabel("Name").fill("Monthly maintenance");
      await form.getByLabel("Days").fill("now and then");
      await form.getByText(/^expected day, weekday/).waitFor();
      expect(await form.getByLabel("Days").getAttribute("aria-invalid")).toBe("true");
      expect(await form.getByRole("button", { name: "Save the rule" }).isDisabled()).toBe(true);
      expect(await violations(page)).toEqual([]);
      await form.getByLabel("Days").fill("first Tuesday");
      await form.getByLabel("From").fill("02:00");
      await form.getByLabel("To").fill("04:00");
      await form.getByLabel("Environments").fill("staging");
      const next = form.getByRole("region", { name: "When it falls next" });
      await next
        .getByText(/02:00 UTC to .*04:00 UTC/)
        .first()
        .waitFor();
      expect(await next.getByRole("listitem").count()).toBe(5);
      await form.getByLabel("Why the rules change").fill("as agreed");
      await form.getByRole("button", { name: "Save the rule" }).click();
      await answers(page).getByText("Saved: Monthly maintenance").waitFor();
      const coming = page.getByRole("region", { name: "Coming" });
      await coming.getByText("Monthly maintenance").first().waitFor();

      // What is looked for stays in the address.
      await page.getByLabel("Environment", { exact: true }).fill("production");
      await page.getByLabel("Environment", { exact: true }).blur();
      await coming.getByText("Nothing.").waitFor();
      expect(page.url()).toContain("#/calendar?environment=production");
      await page.reload();
      await coming.getByText("Nothing.").waitFor();
      await page.getByRole("button", { name: "Show all" }).click();
      await coming.getByText("Monthly maintenance").first().waitFor();

      await form.getByRole("button", { name: "Edit Monthly maintenance" }).click();
      await form.getByLabel("Why the rules change").fill("no more");
      await form.getByRole("button", { name: "Remove the rule" }).click();
      await answers(page).getByText("Removed: Monthly maintenance").waitFor();
      await coming.getByText("Nothing.").waitFor();
      await page.context().close();
    },
    PATIENCE_MS,
  );

  it(
    "says what a freeze means, refuses it at the field, and lifts it again",
    async () => {
      const page = await stage.as("release-manager", "#/calendar");
      const form = page.getByRole("region", { name: "Freeze now, or once" });
      await form.getByLabel("Name").fill("Trade fair");
      await form.getByLabel("Reason").fill("the busiest days");
      await form.getByText("Later, or for a part only").click();
      await form.getByLabel("From, in UTC").fill("2020-01-01 08:00");
      await form.getByRole("button", { name: "Freeze" }).click();
      await form.getByText(/it would be over already/).waitFor();
      expect(await form.getByLabel("For").getAttribute("aria-invalid")).toBe("true");
      await form.getByLabel("From, in UTC").fill("");
      await form.getByLabel("Environments").fill("staging");
      await form.getByText(/Nothing shifts in staging from now until/).waitFor();
      await form.getByRole("button", { name: "Freeze" }).click();
      await answers(page).getByText("Frozen: Trade fair").waitFor();
      const now = page.getByRole("region", { name: "Now" });
      await now.getByText("Lift Trade fair").click();
      await now.getByLabel("Why").fill("it is over");
      await now.getByRole("button", { name: "Lift it" }).click();
      await answers(page).getByText("Lifted: Trade fair").waitFor();
      await now.getByText("Nothing.").waitFor();
      await page.context().close();
    },
    PATIENCE_MS,
  );
});

describe("integrations", () => {
  it(
    "are tested by a button, which tells every station, and move no release",
    async () => {
      const page = await stage.as("release-manager", "#/system", { width: 320, height: 700 });
      const before = await stage.server.runtime.store.load(stage.release);
      const names = ["cloudwatch", "sentry", "Slack #ops"];
      for (const name of names) {
        await page.getByRole("button", { name: `Test ${name}`, exact: true }).click();
      }
      for (const name of names) {
        const row = page
          .getByRole("region", { name: "Integrations" })
          .getByRole("listitem")
          .filter({
            has: page.getByText(name, { exact: true }),
          });
        await row.getByText("passed").waitFor();
        await row.getByText(/recorded \+\d/).waitFor();
      }
      expect([await overflow(page), await violations(page)]).toEqual([0, []]);
      const after = await stage.server.runtime.store.load(stage.release);
      expect(after?.state.signals).toEqual(before?.state.signals);
      expect(after?.state.rollback).toBeUndefined();
      await page.context().close();
    },
    PATIENCE_MS,
  );
});

/** A port, and the next, that are free, and that no outgoing connection is given while nobody listens there. */
async function quietPort(): Promise<number> {
  const isFree = (port: number) =>
    new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
  for (let port = 20_000 + (process.pid % 5_000) * 2; port < 32_000; port += 2) {
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
  throw new Error("no port is free");
}

it(
  "an engine that is away and comes back is told of at once, and the page catches up without a reload",
  async () => {
    const directory = mkdtempSync(join(tmpdir(), "gonogo-away-"));
    const open = (port: number) => startServer({ directory, port, sample: true, speed: 10, write: () => {} });
    const port = await quietPort();
    let server = await open(port);
    try {
      const { address } = server;
      const release = server.sample?.state().release ?? "";
      const page = await stage.elsewhere();
      await page.addInitScript(() =>
        sessionStorage.setItem("gonogo.session", JSON.stringify({ kind: "demo", id: "release-manager" })),
      );
      await page.goto(`${address}/#/releases/${release}`);
      await until(page, "Waiting for its gates");
      await page.evaluate("globalThis.sameWindow = true");
      await page.locator(".live-mark.on").waitFor({ state: "attached" });
      await server.stop();
      await page.getByText(/Connection lost since/).waitFor();
      server = await open(port);
      await page.getByText(/Connection lost since/).waitFor({ state: "detached", timeout: 60_000 });
      await press(page, "Abort", "another day");
      await until(page, "Aborted");
      await page.locator(".live-mark.on").waitFor({ state: "attached", timeout: 60_000 });
      expect(await page.evaluate("globalThis.sameWindow")).toBe(true);
      await page.context().close();
    } finally {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    }
  },
  PATIENCE_MS,
);
