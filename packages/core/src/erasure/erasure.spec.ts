import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Actor, CLOCK } from "../actor/schema.ts";
import { genesis, seal, verifyChain } from "../audit/chain.ts";
import type { AuditRecord } from "../audit/schema.ts";
import { digestOf } from "../kit/digest.ts";
import type { Instant } from "../kit/instant.ts";
import { nextVisit } from "../release/tick.ts";
import { Drive, person } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";
import { unaccounted } from "./accounted.ts";
import { commitmentTo, isCommitment, withTexts } from "./commitment.ts";
import type { ErasureEvent } from "./events.ts";
import {
  type AnyRecord,
  type Erasable,
  erasableIn,
  erased,
  erasedIn,
  placeOf,
  repeating,
  repeats,
} from "./find.ts";
import { foldRelease } from "./fold.ts";
import { readable } from "./readable.ts";
import { isErasing } from "./state.ts";
import { OLD_LOG } from "./testing-old-log.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const LATER = "2025-07-01T09:00:00.000Z" as Instant;

let salts = 0;
const newSalt = () => digestOf(++salts).slice(7, 39);

/** A whole release up to its review, with people who say why. */
function logOf(): readonly AnyRecord[] {
  const drive = new Drive(samplePlan(), EVE);
  drive.openGates();
  drive.person({ type: "Pause" }, "Ada Lovelace is on leave until noon");
  drive.person({ type: "Resume" }, "she is back");
  drive.runUntil(({ status }) => status === "reviewing", LATER);
  const actions = [{ id: "a-1", what: "Thank Ada", role: "Ops", due: LATER, blocks: false }];
  const answers = { feedback: "Mr Smith of Acme was glad", lessons: ["Ada/Bob ~ ask first"], actions };
  const save = { type: "SaveReview", entries: { outcome: "as said by Ada" }, answers } as const;
  drive.person(save, "the review");
  return drive.log;
}

const LOG = logOf();
const ID = LOG[0]?.release ?? "";
const TEXTS = LOG.flatMap(erasableIn);

function added(log: readonly AnyRecord[], ...events: readonly ErasureEvent[]): readonly AnyRecord[] {
  const last = log.at(-1);
  const head = { release: ID, seq: last?.seq ?? 0, digest: last?.digest ?? genesis(ID) };
  return [...log, ...seal(head, { id: "e", at: LATER, actor: { kind: "clock" } }, events, newSalt)];
}

function asking(texts: readonly Erasable[], erasure = 1): ErasureEvent {
  return {
    type: "ErasureAsked",
    erasure,
    texts: texts.map(({ seq, pointer, digest }) => ({ seq, pointer, digest })),
  };
}

function without(log: readonly AnyRecord[], texts: readonly Erasable[]): readonly AnyRecord[] {
  return log.map((record) => {
    const here = texts.filter(({ seq }) => seq === record.seq).map(({ pointer }) => pointer);
    return here.length === 0 ? record : erased(record, here);
  });
}

const some = fc.subarray(TEXTS, { minLength: 1, maxLength: 8 });
const known = { seq: LOG.length, digest: LOG.at(-1)?.digest ?? genesis(ID) };

describe("a log with texts that can be erased", () => {
  it("has a salt of its own for each, and is whole", () => {
    expect(verifyChain(ID, LOG, known)).toMatchObject({ ok: true });
    const said = TEXTS.map(({ text }) => text);
    expect(said).toContain("Ada Lovelace is on leave until noon");
    expect(said).toContain("Mr Smith of Acme was glad");
    expect(said).toContain("Ada/Bob ~ ask first");
    expect(said).toContain("Thank Ada");
    const all = LOG.flatMap(({ salts: of = {} }) => Object.values(of));
    expect(new Set(all).size).toBe(all.length);
  });

  it("is whole without any of them, once a record says that they are erased", () => {
    fc.assert(
      fc.property(some, (texts) => {
        const log = without(added(LOG, asking(texts)), texts);
        expect(verifyChain(ID, log, known)).toMatchObject({ ok: true, records: LOG.length + 1 });
        const places = texts.map(placeOf);
        expect(log.flatMap(erasedIn).map(placeOf)).toEqual(places);
        expect(log.flatMap(erasableIn)).toEqual(TEXTS.filter((one) => !places.includes(placeOf(one))));
      }),
      { numRuns: 60 },
    );
  });

  it("is found edited where one is missing and no record says so", () => {
    fc.assert(
      fc.property(some, fc.nat(), (texts, which) => {
        const left = texts[which % texts.length] as Erasable;
        const named = texts.filter((one) => one !== left);
        const log = without(named.length === 0 ? LOG : added(LOG, asking(named)), texts);
        expect(verifyChain(ID, log)).toMatchObject({
          ok: false,
          found: {
            class: "edited",
            seq: left.seq,
            detail: expect.stringContaining("no record says that it was erased"),
          },
        });
        expect(unaccounted(log)).toMatchObject({ seq: left.seq, pointer: left.pointer });
      }),
      { numRuns: 60 },
    );
  });

  it("is found edited where a text, a salt or a commitment is another", () => {
    const text = fc.constantFrom(...TEXTS);
    const how = fc.constantFrom("text", "salt", "no-salt", "more-salt", "no-text", "commitment", "salt-kept");
    fc.assert(
      fc.property(text, how, (one, which) => {
        const log = added(LOG, asking([one]));
        const damaged = log.map((record) => (record.seq === one.seq ? damage(record, one, which) : record));
        expect(verifyChain(ID, damaged)).toMatchObject({
          ok: false,
          found: { class: "edited", seq: one.seq },
        });
      }),
      { numRuns: 150 },
    );
  });

  it("takes no record's word for what lies behind it, nor for another text", () => {
    const [first] = TEXTS as [Erasable];
    const asked = added(LOG, asking([first]));
    const last = asked.at(-1) as AnyRecord;
    const other = { ...first, digest: digestOf("another") };
    expect(verifyChain(ID, without(added(LOG, asking([other])), [first])).ok).toBe(false);
    // One that names itself, and one before the text that it names.
    const more = added(asked, asking([{ ...first, seq: last.seq + 1 }], 2));
    expect(verifyChain(ID, more).ok).toBe(true);
    const early = added([], asking([{ ...first, seq: 2 }]));
    expect(unaccounted([...early, ...without(LOG, [first])])).toMatchObject({ seq: first.seq });
  });
});

function damage(record: AnyRecord, { pointer, text }: Erasable, how: string): AnyRecord {
  const { salts: before = {}, ...rest } = record;
  const salt = before[pointer] ?? "";
  const { [pointer]: _, ...others } = before;
  const put = (value: string) => withTexts(rest, (said, at) => (at === pointer ? value : said));
  switch (how) {
    case "text":
      return { ...put(`${text}.`), salts: before } as AnyRecord;
    case "salt":
      return { ...rest, salts: { ...before, [pointer]: newSalt() } } as AnyRecord;
    case "no-salt":
      return { ...rest, salts: others } as AnyRecord;
    case "more-salt":
      return { ...rest, salts: { ...before, "/event/nowhere": newSalt() } } as AnyRecord;
    case "no-text":
      return { ...put(""), salts: others } as AnyRecord;
    case "commitment":
      return { ...put(commitmentTo(`${text}.`, salt)), salts: others } as AnyRecord;
    default:
      return { ...put(commitmentTo(text, salt)), salts: before } as AnyRecord;
  }
}

describe("a log from before there were salts", () => {
  it("verifies, goes on with records that have some, and is found edited as ever", () => {
    expect(OLD_LOG.some(({ salts: of }) => of !== undefined)).toBe(false);
    const last = OLD_LOG.at(-1) as AnyRecord;
    const head = { release: last.release, seq: last.seq, digest: last.digest };
    const command = { id: "n", at: LATER, actor: { kind: "clock" }, reason: "Ada again" } as const;
    const more = seal(head, command, [{ type: "ReleaseResumed" }], newSalt);
    const both = [...OLD_LOG, ...more];
    expect(verifyChain(last.release, both)).toMatchObject({ ok: true, records: both.length });
    expect(both.flatMap(erasableIn).map(({ text }) => text)).toEqual(["Ada again"]);
    const edited = OLD_LOG.with(-1, { ...last, reason: "Bob is on leave" });
    expect(verifyChain(last.release, edited)).toMatchObject({ found: { class: "edited", seq: last.seq } });
    const blanked = OLD_LOG.with(-1, { ...last, reason: commitmentTo("Ada is on leave", newSalt()) });
    expect(verifyChain(last.release, blanked)).toMatchObject({ found: { class: "edited", seq: last.seq } });
  });
});

describe("what people type", () => {
  it("does not look erased where it has the form of a commitment, in whatever field", () => {
    const typed = commitmentTo("a", newSalt());
    const head = { release: "REL-1", seq: 0, digest: genesis("REL-1") };
    const command = { id: "c", at: EVE, actor: { kind: "clock" }, reason: typed } as const;
    const log = seal(head, command, [{ type: "ReleaseSubmitted", title: typed }], newSalt);
    expect(isCommitment(typed)).toBe(true);
    expect(verifyChain("REL-1", log)).toMatchObject({ ok: true });
    expect(log.flatMap(erasedIn)).toEqual([]);
    expect(readable(log)).toEqual(log);
  });

  it("is found again where it is repeated, whole or in another text, and not for a word as short as ok", () => {
    const pause = TEXTS.filter(({ text }) => text === "Ada Lovelace is on leave until noon");
    expect(pause.map(({ pointer }) => pointer)).toEqual(["/reason", "/event/cause"]);
    expect(repeating(LOG, pause.slice(0, 1)).map(({ pointer }) => pointer)).toContain("/event/cause");
    expect(repeating(LOG, TEXTS)).toEqual([]);
    expect(repeats("ok", "ok")).toBe(true);
    expect(repeats("looks ok", "ok")).toBe(false);
    expect(repeats(`Fix: ${"long ".repeat(60)}`, "long ".repeat(80))).toBe(true);
  });

  it("is shown as erased, with the day on which that was asked for", () => {
    const [one] = TEXTS.filter(({ pointer }) => pointer === "/event/cause") as [Erasable];
    const log = without(added(LOG, asking([one])), [one]);
    const shown = readable(log)[one.seq - 1] as AuditRecord;
    expect(shown.event).toMatchObject({ type: "ReleasePaused", cause: "(erased on 2025-07-01)" });
    expect(readable(without(LOG, [one]))[one.seq - 1]?.event).toMatchObject({ cause: "(erased)" });
    expect(readable(LOG)[4]).toBe(LOG[4]);
  });
});

describe("the state that a log leads to", () => {
  it("is that of the release, with its plan's revisions, and has words where texts are erased", async () => {
    const drive = new Drive(samplePlan(), EVE);
    const first = drive.plan;
    drive.openGates();
    drive.person({ type: "Pause" }, "Ada Lovelace is on leave until noon");
    const plan = { ...first, ...samplePlan({ start: "2025-06-04T03:00:00Z" }), id: first.id };
    const reviser = person("rita", "Release Manager", "CTO", "Security");
    drive.ask(reviser, { type: "Revise", plan, from: drive.state.plan }, "Ada comes later");
    drive.openGates();
    const planOf = async (revision: number) => (revision === 1 ? first : plan);
    expect(drive.state.revision).toBe(2);
    expect(JSON.parse(JSON.stringify(await foldRelease(drive.log, planOf)))).toEqual(
      JSON.parse(JSON.stringify(drive.state)),
    );
    const texts = drive.log.flatMap(erasableIn).filter(({ text }) => text.includes("Ada"));
    const gone = without(added(drive.log, asking(texts)), texts) as readonly AuditRecord[];
    const state = await foldRelease(gone, planOf);
    expect(JSON.stringify(state)).not.toContain("Ada");
    expect(state).toMatchObject({ revision: 2, paused: { cause: "(erased on 2025-07-01)" } });
    await expect(foldRelease(gone.slice(1), planOf)).rejects.toThrow("begins with its submission");
  });

  it("knows of an erasure as long as it waits", () => {
    const drive = new Drive(samplePlan(), EVE);
    drive.person({ type: "Pause" }, "Ada Lovelace is on leave until noon");
    const texts = drive.log.flatMap(erasableIn);
    const ask = (actor: Actor, reason?: string) => drive.ask(actor, { type: "EraseTexts", texts }, reason);
    const officer = person("olga", "Data Protection Officer");
    expect(ask(person("ed", "Ops"), "x")).toMatchObject({ rejection: { code: "erasure.not-your-role" } });
    expect(ask(officer)).toMatchObject({ rejection: { code: "erasure.no-reason" } });
    expect(drive.ask(officer, { type: "EraseTexts", texts: [] }, "x")).toMatchObject({
      rejection: { code: "erasure.nothing" },
    });
    expect(ask(officer, "request 1")).toMatchObject({ events: [{ type: "ErasureAsked", erasure: 1 }] });
    expect(isErasing(drive.state)).toBe(true);
    expect(nextVisit(drive.plan, drive.state, drive.now)).toBe("2025-06-04T01:05:00.000Z");
    const done = () => drive.ask(CLOCK, { type: "RecordErasure", erasure: 1 });
    expect(done()).toMatchObject({ events: [{ type: "TextsErased" }] });
    expect(done()).toMatchObject({ events: [] });
    expect(isErasing(drive.state)).toBe(false);
    expect(ask(officer, "request 2")).toMatchObject({ events: [{ erasure: 2 }] });
  });
});
