import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { overflow, press, Stage, TITLE, until, violations } from "./stage.ts";

const PLAN = readFileSync(new URL("../../examples/checkout/plan.yaml", import.meta.url), "utf8");
/** On a machine that does much else besides. */
const PATIENCE_MS = 240_000;
const TABS = ["", "/steps", "/gates", "/alarms", "/messages", "/review", "/documents", "/follow-ups", "/log"];
const SCHEMES = [
  ["light", undefined],
  ["dark", ["color-contrast"]],
] as const;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open(60);
  await stage.server.sample?.turn({ standIns: true });
});
afterAll(() => stage?.close());

describe("the page", () => {
  it(
    "shows every view without a violation that axe finds, light and dark, and nothing sticks out at 320 px",
    async () => {
      const page = await stage.as("release-manager", "#/", { width: 320, height: 700 });
      const found: string[] = [];
      const look = async (view: string) => {
        // What is on the page is the same in the dark; what can be told apart is not.
        for (const [colorScheme, rules] of SCHEMES) {
          await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
          for (const one of await violations(page, rules)) found.push(`${view} ${colorScheme}: ${one}`);
        }
        const wide = await overflow(page);
        if (wide > 0) found.push(`${view}: ${wide} px too wide`);
      };
      for (const part of TABS) {
        await page.goto(`${stage.server.address}/#/releases/${stage.release}${part}`);
        await page.getByRole("heading", { name: TITLE }).waitFor();
        if (part === "/log") await page.getByText(/The chain holds/).waitFor();
        if (part === "/documents") await page.getByRole("article").waitFor();
        await look(`release${part}`);
      }
      await page.getByRole("button", { name: "Roll back" }).click();
      await page.getByRole("dialog").getByText("What will happen").waitFor();
      await look("dialog");
      await page.keyboard.press("Escape");
      for (const hash of [
        "#/",
        "#/releases",
        "#/calendar",
        "#/measures",
        "#/follow-ups",
        "#/governance",
        "#/governance?part=policy",
        "#/governance?part=keys",
        "#/governance?part=refusals",
        "#/governance?part=records",
        "#/system",
        "#/nowhere",
        "#/releases/NOT-THERE",
      ]) {
        await page.goto(`${stage.server.address}/${hash}`);
        await page.getByRole("heading", { level: 1 }).waitFor({ state: "attached" });
        await page.waitForLoadState("domcontentloaded");
        await look(hash);
      }
      expect(found).toEqual([]);
      await page.context().close();
    },
    PATIENCE_MS,
  );

  it(
    "tries a plan against an alarm at any minute, on a slider",
    async () => {
      const page = await stage.as("release-manager", "#/plans");
      await page.getByLabel("Plan in YAML").fill(PLAN.replace("id: ", "id: TRIED-"));
      await page.getByText("valid, digest").waitFor();
      const part = page.getByRole("region", { name: "What if" });
      const outcome = part.getByRole("status").filter({ hasText: / after / });
      await outcome.filter({ hasText: "Completed" }).waitFor();
      await part.getByLabel("Alarm").selectOption({ index: 1 });
      await outcome.filter({ hasText: "Rolled back" }).waitFor();
      const slider = part.getByRole("slider");
      const before = await slider.getAttribute("aria-valuetext");
      await slider.press("ArrowRight");
      expect(await slider.getAttribute("aria-valuetext")).not.toBe(before);
      await part.getByLabel("Alarm").selectOption({ index: 0 });
      await outcome.filter({ hasText: "Completed" }).waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByLabel("Plan in YAML").fill(PLAN.replace("title:", "titel:"));
      await page
        .getByRole("button", { name: /^Line \d+/ })
        .first()
        .click();
      expect(await page.evaluate("document.activeElement?.id")).toBe("plan-text");
      await page.context().close();
    },
    PATIENCE_MS,
  );

  it(
    "says at once that the connection is lost, and catches up by itself",
    async () => {
      const page = await stage.atRelease("release-manager");
      await until(page, "Running");
      await page.context().setOffline(true);
      await page.getByText(/Connection lost since/).waitFor({ timeout: 10_000 });
      // Somebody else pauses it meanwhile.
      const other = await stage.atRelease("on-call-engineer");
      await press(other, "Pause", "wait for the other team");
      await other.context().close();
      expect(await page.getByRole("status", { name: "Status" }).textContent()).toContain("Running");
      await page.context().setOffline(false);
      await until(page, "Paused", 30);
      await page.getByText(/Connection lost since/).waitFor({ state: "detached" });
      await page.context().close();
    },
    PATIENCE_MS,
  );

  it(
    "asks to sign in again when the session has ended, without a violation that axe finds",
    async () => {
      const page = await stage.atRelease("release-manager", "/steps");
      const problem = { type: "about:blank", title: "Who are you?", status: 401, code: "session.ended" };
      // Where to sign in is told to everybody.
      const asks = ({ pathname }: URL) => pathname.startsWith("/v1/") && pathname !== "/v1/sign-in";
      await page.route(asks, (route) =>
        route.fulfill({
          status: 401,
          contentType: "application/problem+json",
          body: JSON.stringify({ ...problem, detail: "the token has expired" }),
        }),
      );
      await page.getByLabel("Access token").waitFor();
      expect(await violations(page)).toEqual([]);
      await page.unroute(asks);
      await page.context().close();
    },
    PATIENCE_MS,
  );

  it(
    "is told of changes at once, and works under its own policy",
    async () => {
      const page = await stage.atRelease("release-manager", "", { withPolicy: true });
      const other = await stage.atRelease("on-call-engineer", "", { withPolicy: true });
      await press(page, "Resume", "the other team is done");
      await until(other, "Running", 20);
      await page.locator(".plot svg").first().hover();
      await page
        .locator(".under")
        .filter({ hasText: /^T.*: \S+ \d/ })
        .first()
        .waitFor();
      await page.getByRole("button", { name: /^Colours/ }).click();
      await other.locator(".live-mark.on").waitFor({ state: "attached" });
      await other.context().close();
      await page.context().close();
      expect(stage.faults).toEqual([]);
    },
    PATIENCE_MS,
  );
});
