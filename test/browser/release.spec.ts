import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answers, overflow, press, Stage, until } from "./stage.ts";

/** On a machine that does much else besides. */
const PATIENCE_MS = 240_000;
/** Three minutes of the release in a second. */
const SPEED = 180;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open(SPEED);
});
afterAll(() => stage?.close());

describe("a release in the browser", () => {
  it(
    "one of two who approve at once is told why not",
    async () => {
      const both = await Promise.all([stage.atRelease("cto", "/gates"), stage.atRelease("cto", "/gates")]);
      for (const page of both) {
        await page.getByRole("button", { name: "Approve as CTO" }).click();
        await page.getByRole("dialog").getByText("What will happen").waitFor();
      }
      await Promise.all(
        both.map((page) => page.getByRole("dialog").getByRole("button", { name: "Approve as CTO" }).click()),
      );
      const outcomes = await Promise.all(
        both.map((page) =>
          Promise.race([
            answers(page)
              .getByText("Accepted")
              .waitFor()
              .then(() => "accepted"),
            page
              .getByRole("dialog")
              .getByText(/Refused: .*(already|once)/)
              .waitFor()
              .then(() => "refused"),
          ]),
        ),
      );
      expect(outcomes.toSorted()).toEqual(["accepted", "refused"]);
      for (const page of both) await page.context().close();
      const loaded = await stage.server.runtime.store.load(stage.release);
      expect(loaded?.state.approvals.CTO?.map(({ verdict }) => verdict)).toEqual(["given"]);
    },
    PATIENCE_MS,
  );

  it(
    "is approved by keyboard alone, from the board on",
    async () => {
      const page = await stage.as("security-officer", "#/");
      const tabTo = async (name: RegExp) => {
        for (let turn = 0; turn < 80; turn++) {
          await page.keyboard.press("Tab");
          const focused = "document.activeElement";
          const said = String(
            await page.evaluate(`${focused}?.getAttribute("aria-label") ?? ${focused}?.textContent ?? ""`),
          );
          if (name.test(said)) return;
        }
        throw new Error(`${name} is not reached by Tab`);
      };
      await page.getByText("Needs you").waitFor();
      await page.getByRole("link", { name: /Approval as Security Officer/ }).waitFor();
      await tabTo(/Approval as Security Officer/);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Approvals" }).waitFor();
      await tabTo(/^Approve as Security Officer/);
      await page.keyboard.press("Enter");
      await page.getByRole("dialog").getByText("What will happen").waitFor();
      await tabTo(/^Approve as Security Officer/);
      await page.keyboard.press("Enter");
      await answers(page).getByText("Accepted").waitFor();
      await page.context().close();
    },
    PATIENCE_MS,
  );

  it(
    "is approved, broken by a dial, and goes back by itself while the page looks on",
    async () => {
      const product = await stage.atRelease("product-manager");
      await press(product, "Approve as Product Manager");
      await product.context().close();
      const manager = await stage.atRelease("release-manager");
      await until(manager, "Waiting for its gates");
      await press(manager, "Approve as Release Manager");
      // What is live stays well; the new version is broken before anybody meets it.
      await manager.getByRole("button", { name: "Dials" }).click();
      const dial = manager.getByLabel("Errors of version 42");
      await dial.fill("60");
      await dial.press("Enter");
      // The rest of the gates is answered by stand-ins.
      await stage.server.sample?.turn({ standIns: true });
      await until(manager, "Running");
      await until(manager, "Rolled back", 120);

      const loaded = await stage.server.runtime.store.load(stage.release);
      expect(loaded?.state.components["orders-api"]?.observed).toMatchObject({ primary: "41", share: 0 });
      expect(loaded?.state.components["shop-app"]?.touched).toBe(false);

      await manager.getByRole("link", { name: "Audit log" }).click();
      await manager.getByRole("button", { name: "Verify" }).click();
      await manager
        .getByRole("status", { name: "Verification" })
        .filter({ hasText: "The chain holds" })
        .waitFor();
      await manager.getByLabel("What happened").selectOption("Rollback started");
      await manager.getByText(/^1 of \d+ records$/).waitFor();
      await manager.context().close();
    },
    PATIENCE_MS,
  );

  it(
    "is rolled back from a phone, with the reason that was typed",
    async () => {
      await stage.server.sample?.turn({ restart: true });
      const phone = await stage.atRelease("on-call-engineer", "", { width: 320, height: 640 });
      await until(phone, "Running");
      const told = await press(phone, "Roll back", "the shop is slow");
      expect(told).toContain("“Running” to “Rolling back”");
      await until(phone, "Rolled back", 90);
      // From here on people answer for themselves.
      await stage.server.sample?.turn({ standIns: false });
      expect(await overflow(phone)).toBe(0);
      const loaded = await stage.server.runtime.store.load(stage.release);
      expect(loaded?.state.rollback?.cause).toContain("the shop is slow");
    },
    PATIENCE_MS,
  );

  it(
    "its review is saved while it is typed, and signed",
    async () => {
      const manager = await stage.atRelease("release-manager", "/review");
      const lessons = manager.getByLabel("Lessons Learned");
      expect(await lessons.inputValue()).toContain("Rolled back");
      await lessons.fill("Try it with more traffic first.");
      await manager.getByText("Saved", { exact: true }).waitFor();
      await manager.reload();
      await manager.getByLabel("Lessons Learned").waitFor();
      expect(await manager.getByLabel("Lessons Learned").inputValue()).toBe(
        "Try it with more traffic first.",
      );
      await press(manager, "Sign the review");
      await manager.getByText(/^Signed .* by/).waitFor();
      await manager.getByRole("link", { name: "Documents" }).click();
      await manager.getByRole("article").getByText("Try it with more traffic first.").first().waitFor();

      // What somebody typed is taken out of the log, once it was shown which texts that is.
      await manager.getByRole("link", { name: "Audit log" }).click();
      await manager.getByLabel("What happened").selectOption("Rollback started");
      await manager.getByText(/^Record \d+/).click();
      await manager.getByText("Erase what was typed").click();
      await manager
        .getByText(/“the shop is slow”/)
        .last()
        .waitFor();
      await manager.getByLabel("Reason").fill("request 4711");
      await manager.getByRole("button", { name: /^Erase (the text|\d+ texts)$/ }).click();
      await manager.getByText(/^It was asked for|^It is erased/).waitFor();
      await manager.context().close();
    },
    PATIENCE_MS,
  );

  it("and nothing was asked of another host, nor did a script fail", () => {
    expect(stage.faults).toEqual([]);
  });
});
