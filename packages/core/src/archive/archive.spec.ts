import { describe, expect, it } from "vitest";
import { ROLLOUT } from "../actor/schema.ts";
import { digestOfBytes } from "../kit/digest.ts";
import { hours, minutes, toMs } from "../kit/duration.ts";
import { fromMillis, type Instant, plus, toMillis } from "../kit/instant.ts";
import { effectsOf } from "../release/effects.ts";
import { nextVisit } from "../release/tick.ts";
import { Drive } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";
import { archiveDue, archiveKey, closedAt } from "./state.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const LATER = "2025-08-01T00:00:00.000Z" as Instant;
const name = "REL-1.json";
const file = {
  name,
  digest: digestOfBytes(new Uint8Array(3)),
  size: 3,
  contentType: "application/json",
  key: archiveKey("REL-1", name),
};

function aborted(): Drive {
  const drive = new Drive(samplePlan({ id: "REL-1" }), EVE);
  drive.person({ type: "Abort" });
  return drive;
}

describe("the archive", () => {
  it("is for what is closed: not while a release runs, nor between a rollback and its review", () => {
    const drive = new Drive(samplePlan({ id: "REL-1" }), EVE);
    expect(closedAt(drive.state)).toBeUndefined();
    drive.openGates();
    drive.runUntil(({ steps }) => Object.values(steps).some(({ status }) => status === "watching"), LATER);
    drive.person({ type: "Rollback" });
    drive.runUntil(({ status }) => status === "rolled-back", LATER);
    expect(closedAt(drive.state)).toBeUndefined();
    const early = drive.ask(ROLLOUT, { type: "RecordArchive", files: [file], seq: 1 });
    expect(early).toMatchObject({ ok: false, rejection: { code: "archive.not-closed" } });
    drive.person({ type: "SignReview", role: drive.plan.review.role, entries: {} });
    expect(closedAt(drive.state)).toBe(drive.now);
    expect(archiveDue(drive.state)).toBe(plus(drive.now, minutes(5)));
  });

  it("is asked for by each event that closes a release", () => {
    for (const type of ["ReleaseCompleted", "ReleaseAborted", "ReviewSigned", "ArchiveAsked"] as const) {
      expect(effectsOf({ type } as never), type).toContainEqual({ kind: "archive" });
    }
  });

  it("is recorded once, and then nobody asks any more", () => {
    const drive = aborted();
    expect(nextVisit(drive.plan, drive.state, drive.now)).toBeDefined();
    for (let n = 0; n < 2; n++) {
      expect(drive.ask(ROLLOUT, { type: "RecordArchive", files: [file], seq: drive.log.length }).ok).toBe(
        true,
      );
    }
    expect(drive.log.filter(({ event }) => event.type === "ReleaseArchived")).toHaveLength(1);
    expect(drive.state.archive).toMatchObject({ archivedAt: drive.now, files: [file] });
    expect(archiveDue(drive.state)).toBeUndefined();
  });

  it("is asked for again until it is there, ever more rarely and at least every six hours", () => {
    const drive = aborted();
    const asked: number[] = [];
    for (let turn = 0; turn < 12; turn++) {
      const due = archiveDue(drive.state);
      if (due === undefined) throw new Error("nothing is due");
      const early = fromMillis(toMillis(due) - 1);
      for (const now of [early, due]) {
        drive.now = now;
        drive.visit();
      }
      asked.push(toMillis(due));
    }
    expect(drive.log.filter(({ event }) => event.type === "ArchiveAsked")).toHaveLength(12);
    const pauses = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
    expect(pauses[0]).toBe(2 * toMs(minutes(5)));
    expect(pauses.at(-1)).toBe(toMs(hours(6)));
  });
});
