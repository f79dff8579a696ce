import { describe, expect, test } from "vitest";
import type { Instant } from "../kit/instant.ts";
import type { PersonCommand } from "../release/person-commands.ts";
import { Drive, person } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";
import { foresee } from "./foresee.ts";

function watching(): Drive {
  const drive = new Drive(samplePlan(), "2025-06-03T22:00:00.000Z" as Instant);
  drive.openGates();
  drive.runUntil(() => false, drive.at(9));
  return drive;
}

function seen(drive: Drive, body: PersonCommand, reason?: string) {
  const actor = person("everyone", "Release Manager", ...drive.plan.roles.map(({ name }) => name));
  return foresee(drive.plan, drive.state, { id: "x", at: drive.now, actor, reason, body });
}

describe("foresee", () => {
  test.each([
    [{ type: "Rollback" }, /Puts .* back on version 7/, "rolling-back"],
    [{ type: "Pause" }, /stays at \d+ %/, "running"],
    [{ type: "Promote" }, /Passes now/, "running"],
  ] as const)("%j says what it would do", (command, sentence, to) => {
    const found = seen(watching(), command);
    expect(found).toMatchObject({ ok: true, from: "running", to });
    expect(found.ok && found.does.join(" ")).toMatch(sentence);
  });

  test("what it says is what then happens, and saying it changes nothing", () => {
    const drive = watching();
    const before = drive.log.length;
    const found = seen(drive, { type: "Rollback" });
    expect(drive.log.length).toBe(before);
    drive.person({ type: "Rollback" });
    const happened = drive.log.slice(before).map(({ event }) => event.type);
    expect(found.ok && found.events).toEqual(happened);
    expect(found.ok && found.to).toBe(drive.state.status);
  });

  test("what would be refused is refused in the same words", () => {
    const drive = watching();
    const found = seen(drive, { type: "Resume" });
    const asked = drive.person({ type: "Resume" });
    expect(found).toEqual({
      ok: false,
      code: asked.ok ? "" : asked.rejection.code,
      message: asked.ok ? "" : asked.rejection.message,
    });
  });
});
