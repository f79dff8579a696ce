import { generateKeyPairSync } from "node:crypto";
import { AppStoreTarget, type AppStoreTargetConfig } from "@gonogo/adapters/app-store/index";
import { fromMillis, type Instant, toMillis } from "@gonogo/core/kit/instant";
import { isBack, type RevertCall } from "@gonogo/core/target/port";
import { describe, expect, it } from "vitest";
import { fetchOf } from "./answers.ts";
import { type FakeAppStoreState, type FakeVersion, fakeAppStore } from "./app-store.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;
const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const key = { issuerId: "57246542-96fe-1a63-e053-0824d011072a", keyId: "2X9R4HXF34" };

function version(id: string, number: string, state: string, more: Partial<FakeVersion> = {}): FakeVersion {
  const createdAt = `2026-02-0${id}T00:00:00.000Z` as Instant;
  return { id, version: number, state, releaseType: "MANUAL", createdAt, ...more };
}

function world(
  change: { versions?: FakeVersion[]; config?: Partial<AppStoreTargetConfig>; processingMs?: number } = {},
) {
  let now = toMillis("2026-03-01T09:00:00.000Z" as Instant);
  const clock = () => fromMillis(now);
  const state: FakeAppStoreState = {
    apps: [
      {
        id: "1611050397",
        bundleId: "com.example.app",
        versions: change.versions ?? [
          version("1", "2.3.0", "READY_FOR_DISTRIBUTION"),
          version("2", "2.4.0", "PENDING_DEVELOPER_RELEASE"),
        ],
      },
    ],
    key: { ...key, publicKey: publicKey.export({ type: "spki", format: "pem" }).toString() },
    processingMs: change.processingMs ?? 0,
    log: [],
  };
  const adapter = new AppStoreTarget({
    fetch: fetchOf({ "api.appstoreconnect.apple.com": fakeAppStore(state, clock) }),
    now: clock,
    key: { ...key, privateKey: pem },
    ...change.config,
  });
  const writes = () =>
    state.log.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`);
  return { state, adapter, writes, pass: (ms: number) => (now += ms) };
}

const target = { kind: "app-store", app: "com.example.app", version: "2.4.0" } as const;
const versions = { previous: "2.3.0", next: "2.4.0" };
const revert: RevertCall = { component: "ios", target, ...versions, command: "" };
const before = { primary: "2.3.0", share: 0 };

describe("pinning a version of the App Store", () => {
  it("settles the app, the version that waits, and the one that is live", async () => {
    const { adapter } = world();
    expect(await adapter.pin({ kind: "app-store", version: "newest" })).toEqual({
      ok: true,
      target,
      versions,
    });
  });

  it.each([
    ["another app", { app: "com.example.other", version: "newest" }, undefined, /no app com\.example\.other/],
    ["a version that is not there", { version: "9.9" }, undefined, /no version 9\.9/],
    ["the live version", { version: "2.3.0" }, undefined, /live already/],
    [
      "an app's first version",
      { version: "newest" },
      [version("1", "1.0", "PENDING_DEVELOPER_RELEASE")],
      /first version/,
    ],
    [
      "nothing that waits",
      { version: "newest" },
      [version("1", "2.3.0", "READY_FOR_DISTRIBUTION")],
      /no version that waits/,
    ],
    [
      "a version that goes out by itself",
      { version: "newest" },
      [
        version("1", "2.3.0", "READY_FOR_DISTRIBUTION"),
        version("2", "2.4.0", "IN_REVIEW", { releaseType: "AFTER_APPROVAL" }),
      ],
      /choose manual release/,
    ],
    [
      "a version before which another is still being phased in",
      { version: "newest" },
      [
        version("1", "2.3.0", "READY_FOR_DISTRIBUTION", {
          phased: { id: "p", state: "ACTIVE", startedAt: "2026-03-01T00:00:00.000Z" as Instant, pausedMs: 0 },
        }),
        version("2", "2.4.0", "PENDING_DEVELOPER_RELEASE"),
      ],
      /still being phased in/,
    ],
  ])("refuses %s, and says why", async (_what, wanted, all, message) => {
    const { adapter } = world(all === undefined ? {} : { versions: all });
    const pinned = await adapter.pin({ kind: "app-store", ...wanted });
    expect(pinned).toMatchObject({ ok: false, message: expect.stringMatching(message) });
  });

  it("wants the app named where there are several", async () => {
    const { adapter, state } = world();
    state.apps.push({ id: "2", bundleId: "com.example.second", versions: [] });
    const pinned = await adapter.pin({ kind: "app-store", version: "newest" });
    expect(pinned).toMatchObject({
      ok: false,
      message: expect.stringMatching(/com\.example\.app and com\.example\.second/),
    });
  });
});

describe("a phased release", () => {
  it("is set up before the version is released, once, and follows Apple's curve", async () => {
    const { adapter, writes, pass } = world();
    const first = await adapter.shift(target, versions, 1, before, "phase 1");
    expect(first).toMatchObject({
      kind: "shifted",
      observed: { primary: "2.3.0", secondary: "2.4.0", share: 1 },
    });
    expect(writes()).toEqual([
      "POST /v1/appStoreVersionPhasedReleases",
      "POST /v1/appStoreVersionReleaseRequests",
    ]);
    const shares: number[] = [];
    for (let day = 1; day <= 8; day++) {
      const result = await adapter.shift(
        target,
        versions,
        100,
        await adapter.read(target, versions),
        "again",
      );
      shares.push(result.observed?.share ?? -1);
      pass(DAY);
    }
    expect(shares).toEqual([1, 2, 5, 10, 20, 50, 100, 100]);
    expect(writes()).toHaveLength(2);
    expect(await adapter.read(target, versions)).toEqual({ primary: "2.4.0", share: 100 });
  });

  it("does not count days of pause", async () => {
    const { adapter, pass } = world();
    await adapter.shift(target, versions, 1, before, "");
    pass(2 * DAY + HOUR);
    expect(await adapter.hold(target, versions)).toMatchObject({ share: 5, halted: true });
    pass(10 * DAY);
    expect(await adapter.read(target, versions)).toMatchObject({ share: 5, halted: true });
    expect(await adapter.free(target, versions)).toMatchObject({
      share: 5,
      note: expect.stringMatching(/10 of at most 30/),
    });
    pass(DAY);
    const after = await adapter.read(target, versions);
    expect(after).toMatchObject({ share: 10 });
    expect(after.halted).toBeUndefined();
  });

  it("goes on by itself after thirty days of pause, and is seen to", async () => {
    const { adapter, pass } = world();
    await adapter.shift(target, versions, 1, before, "");
    await adapter.hold(target, versions);
    pass(30 * DAY + HOUR);
    expect((await adapter.read(target, versions)).halted).toBeUndefined();
  });

  it("is held and let go on twice without harm", async () => {
    const { adapter, writes } = world();
    await adapter.shift(target, versions, 1, before, "");
    await adapter.hold(target, versions);
    await adapter.hold(target, versions);
    await adapter.free(target, versions);
    await adapter.free(target, versions);
    expect(writes().filter((one) => one.startsWith("PATCH"))).toHaveLength(2);
  });

  it("that was paused by somebody else is not let go on", async () => {
    const { adapter, state } = world();
    await adapter.shift(target, versions, 1, before, "");
    const seen = await adapter.read(target, versions);
    const phased = state.apps[0]?.versions[1]?.phased;
    if (phased === undefined) throw new Error("no phased release");
    Object.assign(phased, { state: "PAUSED", pausedAt: "2026-03-01T09:00:00.000Z" });
    expect(await adapter.shift(target, versions, 2, seen, "")).toMatchObject({
      kind: "fenced",
      observed: { halted: true },
    });
    expect(phased.state).toBe("PAUSED");
    const known = await adapter.read(target, versions);
    expect(await adapter.shift(target, versions, 2, known, "")).toMatchObject({ kind: "shifted" });
    expect(phased.state).toBe("ACTIVE");
  });

  it("is completed at 100 % only where the deployment says so", async () => {
    const { adapter, writes } = world({ config: { atFull: "complete" } });
    await adapter.shift(target, versions, 1, before, "");
    const seen = await adapter.read(target, versions);
    expect(await adapter.shift(target, versions, 100, seen, "")).toMatchObject({
      observed: { primary: "2.4.0", share: 100 },
    });
    expect(writes().at(-1)).toMatch(/^PATCH/);
  });

  it("of a version in review is refused in words", async () => {
    const all = [version("1", "2.3.0", "READY_FOR_DISTRIBUTION"), version("2", "2.4.0", "IN_REVIEW")];
    const { adapter, writes } = world({ versions: all });
    const result = await adapter.shift(target, versions, 1, before, "");
    expect(result).toMatchObject({
      kind: "refused",
      detail: expect.stringMatching(/IN_REVIEW: Apple has to accept/),
    });
    expect(writes()).toEqual([]);
  });

  it("is not begun while another version is live than was expected", async () => {
    const all = [
      version("1", "2.3.1", "READY_FOR_DISTRIBUTION"),
      version("2", "2.4.0", "PENDING_DEVELOPER_RELEASE"),
    ];
    const { adapter, writes } = world({ versions: all });
    expect(await adapter.shift(target, versions, 1, before, "")).toMatchObject({
      kind: "fenced",
      observed: { primary: "2.3.1" },
    });
    expect(writes()).toEqual([]);
  });
});

describe("putting it back", () => {
  it("pauses, and is back by that", async () => {
    const { adapter, pass, writes } = world();
    await adapter.shift(target, versions, 1, before, "");
    pass(3 * DAY);
    const result = await adapter.revert(revert, "alarm");
    expect(result).toMatchObject({ kind: "shifted", observed: { share: 10, halted: true } });
    expect(result.observed !== undefined && isBack(result.observed, versions)).toBe(true);
    const count = writes().length;
    expect(await adapter.revert(revert, "again")).toMatchObject({ kind: "shifted" });
    expect(writes()).toHaveLength(count);
  });

  it("does nothing before the version is released", async () => {
    const { adapter, writes } = world();
    const result = await adapter.revert(revert, "early");
    expect(result).toMatchObject({ kind: "shifted", observed: { primary: "2.3.0", share: 0 } });
    expect(writes()).toEqual([]);
  });

  it("is not done while Apple is still about it, for it will go live; afterwards it is", async () => {
    const { adapter, pass } = world({ processingMs: 4 * HOUR });
    const shifted = await adapter.shift(target, versions, 1, before, "");
    expect(shifted).toMatchObject({ kind: "shifted", observed: { secondary: "2.4.0", share: 0 } });
    expect(shifted.observed !== undefined && isBack(shifted.observed, versions)).toBe(false);
    await expect(adapter.revert(revert, "")).rejects.toMatchObject({ retryable: true });
    pass(5 * HOUR);
    expect(await adapter.revert(revert, "")).toMatchObject({ kind: "shifted", observed: { halted: true } });
  });

  it("is refused once everyone can have it, with what to do instead", async () => {
    const { adapter, pass } = world();
    await adapter.shift(target, versions, 1, before, "");
    pass(8 * DAY);
    const result = await adapter.revert(revert, "late");
    expect(result).toMatchObject({ kind: "refused", detail: expect.stringMatching(/expedited review/) });
    expect(result.observed !== undefined && isBack(result.observed, versions)).toBe(false);
  });

  it("leaves a version alone that another has taken the place of, and is not back by that", async () => {
    const { adapter, state } = world();
    await adapter.shift(target, versions, 1, before, "");
    const all = state.apps[0]?.versions ?? [];
    for (const one of all) one.state = "REPLACED_WITH_NEW_VERSION";
    all.push(version("3", "2.4.1", "READY_FOR_DISTRIBUTION"));
    const result = await adapter.revert(revert, "");
    expect(result).toMatchObject({ kind: "refused", detail: expect.stringMatching(/2\.4\.1 is live/) });
    expect(result.observed !== undefined && isBack(result.observed, versions)).toBe(false);
  });

  it("says what a person does", () => {
    expect(world().adapter.revertCommand(target, versions)).toMatch(/com\.example\.app > 2\.4\.0 > .*Pause/);
  });
});

describe("the App Store Connect API", () => {
  it("is given tokens that it takes, and new ones before they run out", async () => {
    const { adapter, pass } = world();
    for (const wait of [0, 14 * 60_000 + 30_000, 30 * DAY]) {
      pass(wait);
      expect(await adapter.read(target, versions)).toMatchObject({ primary: "2.3.0" });
    }
  });

  it("refuses another key, which says nothing of the key", async () => {
    const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    const privateKey = other.export({ type: "pkcs8", format: "pem" }).toString();
    const { adapter } = world({ config: { key: { ...key, privateKey } } });
    const failure = await adapter.read(target, versions).catch((error: Error) => error);
    expect(failure).toMatchObject({ retryable: false, status: 401 });
    expect(String(failure)).not.toContain(privateKey.slice(40, 80));
    const broken = world({ config: { key: { ...key, privateKey: "not a key" } } });
    await expect(broken.adapter.read(target, versions)).rejects.toThrow(/not the text of a \.p8 file/);
  });

  it.each([
    ["is down", () => new Response("oops", { status: 503 }), { retryable: true, status: 503 }],
    [
      "is busy",
      () => new Response("", { status: 429, headers: { "retry-after": "30" } }),
      { retryable: true, retryAfterMs: 30_000 },
    ],
    ["answers something else", () => new Response("<html>", { status: 200 }), { retryable: false }],
    ["answers too much", () => new Response("x".repeat(2_000_000)), { retryable: false }],
  ])("that %s is an error that says whether to try again", async (_what, answer, error) => {
    const { adapter } = world({ config: { fetch: async () => answer() } });
    await expect(adapter.read(target, versions)).rejects.toMatchObject(error);
  });

  it("that never answers is given up on", async () => {
    const silent: typeof fetch = (_input, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
      });
    const { adapter } = world({ config: { fetch: silent, timeoutMs: 20 } });
    await expect(adapter.read(target, versions)).rejects.toThrow(/no answer within 0\.02 s/);
  });
});
