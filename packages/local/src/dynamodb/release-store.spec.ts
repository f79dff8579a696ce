import { DynamoReleaseStore } from "@gonogo/adapters/dynamodb/store";
import { verifyChain } from "@gonogo/core/audit/chain";
import type { Digest } from "@gonogo/core/kit/digest";
import { digestOf } from "@gonogo/core/kit/digest";
import type { Instant } from "@gonogo/core/kit/instant";
import type { Batch } from "@gonogo/core/release/ports";
import { Drive } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTables } from "./tables.ts";
import { type Place, places, productTable } from "./testing.ts";
import { batchesOf } from "./testing-batches.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-07-01T00:00:00.000Z" as Instant;

/** A release of two components from its submission to its end, as the writes it takes. */
function completed(id: string, change = {}): { drive: Drive; batches: Batch[] } {
  const drive = new Drive(samplePlan({ id, ...change }), EVE);
  drive.openGates();
  drive.runUntil((state) => state.status === "reviewing", END);
  drive.person({ type: "SignReview", role: "Release Manager", entries: { Lessons: "none" } });
  return { drive, batches: batchesOf(drive.plan, drive.log) };
}

function rolledBack(id: string): { drive: Drive; batches: Batch[] } {
  const drive = new Drive(samplePlan({ id }), EVE);
  drive.openGates();
  drive.runUntil(() => drive.now >= drive.at(16), drive.at(17));
  drive.now = drive.at(17);
  drive.signal({ name: "Api5xx" });
  drive.runUntil((state) => state.status === "rolled-back", END);
  return { drive, batches: batchesOf(drive.plan, drive.log) };
}

function indexOf(batches: readonly Batch[], type: string): number {
  return batches.findIndex(({ records }) => records.some(({ event }) => event.type === type));
}

describe.each(places)("the release store on $name", ({ open }) => {
  let place: Place;
  let store: DynamoReleaseStore;
  let count = 0;
  const write = async (batches: readonly Batch[]) => {
    for (const batch of batches) expect(await store.append(batch)).toEqual({ kind: "written" });
  };

  beforeAll(async () => {
    place = await open();
  });
  afterAll(async () => place?.close());
  beforeEach(async () => {
    const name = `releases-${count++}`;
    await createTables(place.client, [productTable(name)]);
    store = new DynamoReleaseStore(place.config, name);
  });

  it("gives a whole release back as it was written, with a chain that verifies", async () => {
    const { drive, batches } = completed("REL-1");
    await write(batches);
    const loaded = await store.load("REL-1");
    const head = drive.log.at(-1);
    expect(loaded).toEqual({
      plan: drive.plan,
      state: JSON.parse(JSON.stringify(drive.state)),
      seq: head?.seq,
      head: head?.digest,
    });
    const records = await store.records("REL-1", 1, 10_000);
    expect(records).toEqual(JSON.parse(JSON.stringify(drive.log)));
    expect(
      verifyChain("REL-1", records, { seq: loaded?.seq ?? 0, digest: loaded?.head as Digest }),
    ).toMatchObject({
      ok: true,
    });
    expect(await store.load("REL-2")).toBeUndefined();
  });

  it("reads a part of the log", async () => {
    await write(completed("REL-1").batches);
    const part = await store.records("REL-1", 3, 4);
    expect(part.map(({ seq }) => seq)).toEqual([3, 4, 5, 6]);
    expect(await store.records("REL-1", 100_000, 4)).toEqual([]);
  });

  it("says overtaken where another was faster, and writes nothing of it", async () => {
    const { batches } = completed("REL-1");
    await write(batches.slice(0, 2));
    const [, second] = batches as [Batch, Batch];
    const rival: Batch = {
      ...second,
      records: second.records.map((record) => ({ ...record, digest: digestOf("another") })),
      answer: { command: "rival", fingerprint: digestOf("rival") },
    };
    expect(await store.append(rival)).toEqual({ kind: "overtaken" });
    expect(await store.answer("REL-1", "rival")).toBeUndefined();
    expect(await store.records("REL-1", 1, 100)).toEqual(
      JSON.parse(JSON.stringify(batches.slice(0, 2).flatMap(({ records }) => records))),
    );
  });

  it("lets exactly one of many racers through", async () => {
    const { batches } = completed("REL-1");
    await write(batches.slice(0, 1));
    const second = batches[1] as Batch;
    const racers = Array.from({ length: 20 }, (_, n) =>
      store.append({
        ...second,
        records: second.records.map((record) => ({ ...record, digest: digestOf(n) })),
        answer: { command: `racer-${n}`, fingerprint: digestOf(n) },
      }),
    );
    const kinds = (await Promise.all(racers)).map(({ kind }) => kind).sort();
    expect(kinds).toEqual([...Array.from({ length: 19 }, () => "overtaken"), "written"]);
  });

  it("takes its own first write for written when it is sent again after a lost answer", async () => {
    const { batches } = completed("REL-1");
    await write(batches.slice(0, 3));
    expect(await store.append(batches[2] as Batch)).toEqual({ kind: "written" });
    expect(await store.append(batches[0] as Batch)).toEqual({ kind: "written" });
  });

  it("remembers what a command was answered", async () => {
    const { batches } = completed("REL-1");
    await write(batches.slice(0, 2));
    const [first, second, third] = batches as [Batch, Batch, Batch];
    expect(await store.answer("REL-1", second.answer?.command ?? "")).toEqual({
      fingerprint: second.answer?.fingerprint,
      seq: second.records.at(-1)?.seq,
    });
    expect(await store.append({ ...third, answer: first.answer! })).toEqual({ kind: "answered" });
    expect((await store.load("REL-1"))?.seq).toBe(second.records.at(-1)?.seq);
  });

  it("remembers a refusal without touching the release", async () => {
    const { batches } = completed("REL-1");
    await write(batches.slice(0, 2));
    const second = batches[1] as Batch;
    const before = await store.load("REL-1");
    const rejection = { code: "release.exists", kind: "conflict", message: "exists" } as const;
    const refusal: Batch = {
      ...second,
      before: second.records.at(-1)?.seq ?? 0,
      records: [],
      claims: { acquire: [], release: [], bind: [], unbind: [] },
      answer: { command: "refused", fingerprint: digestOf("refused"), rejection },
    };
    expect(await store.append(refusal)).toEqual({ kind: "written" });
    expect(await store.load("REL-1")).toEqual(before);
    expect(await store.answer("REL-1", "refused")).toMatchObject({ rejection });
    expect(
      await store.append({ ...refusal, before: 1, answer: { ...refusal.answer!, command: "late" } }),
    ).toEqual({
      kind: "overtaken",
    });
    expect(await store.append({ ...refusal, release: "REL-9", before: 0 })).toEqual({ kind: "written" });
    expect(await store.answer("REL-9", "refused")).toMatchObject({ rejection, seq: 0 });
  });

  it("holds a target's lock from the start to the end, and counts its fence", async () => {
    const first = completed("REL-1");
    const started = indexOf(first.batches, "ReleaseStarted");
    await write(first.batches.slice(0, started));
    expect(await store.lock("api")).toEqual({ fence: 0 });
    await write(first.batches.slice(started, started + 1));
    expect(await store.lock("api")).toEqual({ fence: 1, holder: "REL-1" });

    const second = completed("REL-2");
    await write(second.batches.slice(0, started));
    expect(await store.append(second.batches[started] as Batch)).toMatchObject({
      kind: "locked",
      holder: "REL-1",
    });
    expect((await store.load("REL-2"))?.state.status).not.toBe("rolling-out");

    await write(first.batches.slice(started + 1));
    expect(await store.lock("api")).toEqual({ fence: 1 });
    // The fence has moved: a start that was decided on the old one is refused.
    expect(await store.append(second.batches[started] as Batch)).toMatchObject({ kind: "locked" });
    const start = second.batches[started] as Batch;
    const fenced = {
      ...start,
      claims: { ...start.claims, acquire: start.claims.acquire.map((one) => ({ ...one, fence: 2 })) },
    };
    expect(await store.append(fenced)).toEqual({ kind: "written" });
    expect(await store.lock("api")).toEqual({ fence: 2, holder: "REL-2" });
  });

  it("does not take a second start of one release for a lock held by another", async () => {
    const { batches } = completed("REL-1");
    const started = indexOf(batches, "ReleaseStarted");
    await write(batches.slice(0, started + 1));
    const start = batches[started] as Batch;
    const again: Batch = {
      ...start,
      records: start.records.map((record) => ({ ...record, digest: digestOf("again") })),
      answer: { command: "again", fingerprint: digestOf("again") },
    };
    expect(await store.append(again)).toEqual({ kind: "overtaken" });
  });

  it("gives back what it holds and passes over what it holds no longer", async () => {
    const { batches } = completed("REL-1");
    const opened = indexOf(batches, "ReviewOpened");
    await write(batches.slice(0, opened + 1));
    const next = batches[opened + 1] as Batch;
    const claims = (batches[opened] as Batch).claims;
    expect(claims.release).not.toEqual([]);
    expect(await store.append({ ...next, claims })).toEqual({ kind: "written" });
    expect(await store.lock("api")).toEqual({ fence: 1 });
    expect((await store.load("REL-1"))?.seq).toBe(next.records.at(-1)?.seq);
  });

  it("names the releases that listen to a signal, and after them the one that did last", async () => {
    const first = completed("REL-1");
    const second = rolledBack("REL-2");
    const binding = first.batches[0]?.claims.bind[0] ?? "";
    expect(await store.listeners(binding)).toEqual([]);
    await write(first.batches.slice(0, 1));
    expect(await store.listeners(binding)).toEqual(["REL-1"]);
    await write(second.batches.slice(0, 1));
    expect(await store.listeners(binding)).toEqual(["REL-1", "REL-2"]);
    await write(first.batches.slice(1));
    expect(await store.listeners(binding)).toEqual(["REL-2"]);
    const later = second.batches.slice(1).map((batch) => ({
      ...batch,
      claims: { ...batch.claims, acquire: batch.claims.acquire.map((one) => ({ ...one, fence: 2 })) },
    }));
    await write(later);
    expect(await store.listeners(binding)).toEqual(["REL-2"]);
  });

  it("takes more alarms than fit into one transaction", async () => {
    const signals = (from: number) =>
      Array.from({ length: 80 }, (_, n) => ({ from: "cloudwatch" as const, name: `Alarm${from + n}` }));
    const trigger = (id: string, from: number) => ({
      id,
      says: "an alarm is red",
      signals: signals(from),
      respond: "pause" as const,
      owner: "Ops",
    });
    const { batches } = completed("REL-1", {
      triggers: [trigger("a", 0), trigger("b", 80), trigger("c", 160)],
    });
    expect(batches[0]?.claims.bind.length).toBeGreaterThanOrEqual(240);
    await write(batches.slice(0, 1));
    for (const name of batches[0]?.claims.bind ?? []) expect(await store.listeners(name)).toEqual(["REL-1"]);
    await write(batches.slice(1));
    expect((await store.load("REL-1"))?.state.status).toBe("completed");
  });

  it("refuses a state that does not fit, by its bytes", async () => {
    const first = completed("REL-1").batches[0] as Batch;
    const title = "ü".repeat(180_000);
    await expect(store.append({ ...first, state: { ...first.state, title } })).rejects.toThrow(
      /REL-1: its state has \d+ bytes, at most 350000 fit/,
    );
    expect(await store.load("REL-1")).toBeUndefined();
  });

  it("lists releases, newest first, page by page", async () => {
    for (let n = 1; n <= 5; n++) {
      const drive = new Drive(samplePlan({ id: `REL-${n}` }), `2025-06-04T01:0${n}:00.000Z` as Instant);
      await write(batchesOf(drive.plan, drive.log));
    }
    await write(completed("REL-0").batches);
    const first = await store.list("active", { limit: 2 });
    expect(first.items.map(({ id }) => id)).toEqual(["REL-5", "REL-4"]);
    const second = await store.list("active", { limit: 2, after: first.next! });
    expect(second.items.map(({ id }) => id)).toEqual(["REL-3", "REL-2"]);
    const third = await store.list("active", { limit: 2, after: second.next! });
    expect(third.items.map(({ id }) => id)).toEqual(["REL-1"]);
    expect(third.next).toBeUndefined();
    const ended = await store.list("ended", { limit: 10 });
    expect(ended.items).toMatchObject([{ id: "REL-0", status: "completed", paused: false }]);
  });

  it("parks a machine's token until it is taken away", async () => {
    const wait = (id: string) => ({
      id,
      release: "REL-1",
      token: `token-${id}`,
      asker: "opening" as const,
      for: "gates" as const,
      at: EVE,
    });
    await store.park(wait("a"));
    await store.park(wait("b"));
    await store.park({ ...wait("b"), token: "newer" });
    expect((await store.parked("REL-1")).map(({ token }) => token)).toEqual(["token-a", "newer"]);
    await store.unpark("REL-1", "a");
    await store.unpark("REL-1", "a");
    expect((await store.parked("REL-1")).map(({ id }) => id)).toEqual(["b"]);
    expect(await store.parked("REL-2")).toEqual([]);
  });

  it("knows people's names, as many as are asked for", async () => {
    const ids = Array.from({ length: 230 }, (_, n) => `test:${n}`);
    for (const id of ids) await store.rememberName(id, `Name ${id}`);
    await store.rememberName("test:7", "Seven");
    const names = await store.names([...ids, "test:7", "nobody"]);
    expect(Object.keys(names).length).toBe(230);
    expect(names).toMatchObject({ "test:0": "Name test:0", "test:7": "Seven" });
    expect(await store.names([])).toEqual({});
  });
});
