import { describe, expect, it } from "vitest";
import { ROLLOUT } from "../actor/schema.ts";
import { digestOfBytes } from "../kit/digest.ts";
import { hours, minutes, toMs } from "../kit/duration.ts";
import { fromMillis, type Instant, plus, toMillis } from "../kit/instant.ts";
import { effectsOf } from "../release/effects.ts";
import { nextVisit } from "../release/tick.ts";
import { Drive, person } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";
import { releaseView } from "../view/release.ts";
import { archiveDue, archiveKey, closedAt, copiesToMake, MOST_COPY_TRIES } from "./state.ts";

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

describe("copies of the archive", () => {
  const MANAGER = person("manager", "Release Manager");
  const links = [{ name: "REL-1.json", url: "https://github.com/example/releases/blob/main/REL-1.json" }];

  function archived(...copyTo: ("github" | "confluence")[]): Drive {
    const drive = aborted();
    drive.ask(ROLLOUT, { type: "RecordArchive", files: [file], seq: drive.log.length, copyTo });
    return drive;
  }
  const tell = (
    drive: Drive,
    outcome: "copied" | "away" | "wrong",
    place: "github" | "confluence" = "github",
  ) =>
    drive.ask(ROLLOUT, {
      type: "RecordArchiveCopy",
      place,
      outcome:
        outcome === "copied"
          ? { kind: "copied", links }
          : { kind: "failed", why: "it answered 503", retryable: outcome === "away" },
    });
  const eventsOf = (drive: Drive) =>
    drive.log.flatMap(({ event }) => (/^ArchiveCop/.test(event.type) ? [event.type] : []));
  const viewOf = (drive: Drive) => releaseView(drive.plan, drive.state, MANAGER, drive.now);

  it("are made where the deployment is set up for them, and nowhere without that", () => {
    expect(effectsOf({ type: "ReleaseArchived" } as never)).toEqual([{ kind: "copy-archive" }]);
    expect(effectsOf({ type: "ArchiveCopyAsked" } as never)).toEqual([{ kind: "copy-archive" }]);
    expect(copiesToMake(archived().state)).toEqual([]);
    expect(archived().log.at(-1)?.event).not.toHaveProperty("copyTo");
    expect(copiesToMake(archived("github", "confluence").state)).toEqual(["github", "confluence"]);
  });

  it("are recorded once, with where they are, and each by itself", () => {
    const drive = archived("github", "confluence");
    for (let n = 0; n < 2; n++) expect(tell(drive, "copied").ok).toBe(true);
    expect(eventsOf(drive)).toEqual(["ArchiveCopied"]);
    expect(copiesToMake(drive.state)).toEqual(["confluence"]);
    expect(viewOf(drive).archive?.copies).toMatchObject([
      { place: "github", name: "GitHub", status: "copied", links, says: "copied 2025-06-04 01:00:00 UTC" },
      { place: "confluence", status: "due", says: "being copied" },
    ]);
    tell(drive, "copied", "confluence");
    const { messages } = drive.state;
    expect(Object.keys(messages).filter((id) => id.includes("archive"))).toEqual([]);
    expect(drive.state.status).toBe("aborted");
  });

  it("that fail are tried ever more rarely, then given up and told of, and the release stays closed", () => {
    const drive = archived("github");
    const closed = closedAt(drive.state);
    for (let tries = 0; tries <= MOST_COPY_TRIES; tries++) {
      tell(drive, "away");
      expect(copiesToMake(drive.state)).toEqual([]);
      const next = viewOf(drive).archive?.copies[0]?.nextAt;
      if (next === undefined) throw new Error("it is not tried again");
      expect((nextVisit(drive.plan, drive.state, drive.now) ?? LATER) <= next).toBe(true);
      drive.now = next;
      drive.visit();
    }
    expect(eventsOf(drive).filter((type) => type === "ArchiveCopyAsked")).toHaveLength(MOST_COPY_TRIES);
    expect(drive.state.archive?.copies?.github).toMatchObject({ status: "given-up", why: "it answered 503" });
    expect(Object.values(drive.state.messages).map(({ text }) => text)).toContainEqual(
      expect.stringMatching(
        /copy of its archive for GitHub is given up: it answered 503.*gonogo release copy REL-1 github/s,
      ),
    );
    expect(closedAt(drive.state)).toBe(closed);
    expect(toMillis(drive.now) - toMillis(closed ?? EVE)).toBeGreaterThan(toMs(hours(36)));
  });

  it("that were asked for and never heard of are asked for again", () => {
    const drive = archived("github");
    drive.now = plus(drive.now, minutes(5));
    drive.visit();
    expect(copiesToMake(drive.state)).toEqual(["github"]);
    expect(eventsOf(drive)).toEqual(["ArchiveCopyAsked"]);
  });

  it("that cannot be made are given up at once, and made when somebody asks who may", () => {
    const drive = archived("github");
    tell(drive, "wrong");
    expect(drive.state.archive?.copies?.github?.status).toBe("given-up");
    tell(drive, "wrong");
    expect(eventsOf(drive)).toEqual(["ArchiveCopyFailed"]);
    const wish = { type: "CopyArchive", place: "github" } as const;
    expect(viewOf(drive).actions.map(({ command }) => command)).toContainEqual(wish);
    expect(drive.ask(person("guest", "QA"), wish)).toMatchObject({
      ok: false,
      rejection: { kind: "forbidden" },
    });
    expect(drive.ask(MANAGER, wish).ok).toBe(true);
    expect(copiesToMake(drive.state)).toEqual(["github"]);
    tell(drive, "copied");
    expect(drive.state.archive?.copies?.github).toMatchObject({ status: "copied", links });
    expect(drive.state.archive?.copies?.github).not.toHaveProperty("why");
  });

  it("are not made of what is not archived", () => {
    expect(aborted().ask(MANAGER, { type: "CopyArchive", place: "github" })).toMatchObject({
      ok: false,
      rejection: { code: "archive.not-there" },
    });
  });
});
