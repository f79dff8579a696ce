import { generateKeyPairSync } from "node:crypto";
import { GooglePlayTarget, type GooglePlayTargetConfig } from "@gonogo/adapters/google-play/index";
import { fromMillis, type Instant, toMillis } from "@gonogo/core/kit/instant";
import { isBack, type RevertCall } from "@gonogo/core/target/port";
import { describe, expect, it } from "vitest";
import { type Fake, fetchOf } from "./answers.ts";
import {
  changeInConsole,
  type FakeGooglePlayState,
  type FakePlayApp,
  type FakeRelease,
  fakeGooglePlay,
} from "./google-play.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const account = {
  clientEmail: "gonogo@example.iam.gserviceaccount.com",
  privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
};
const completed = (code: string): FakeRelease => ({ versionCodes: [code], status: "completed" });
const draft = (code: string): FakeRelease => ({
  versionCodes: [code],
  status: "draft",
  name: `${code} (2.4)`,
});

function world(
  change: {
    releases?: FakeRelease[];
    config?: Partial<GooglePlayTargetConfig>;
    between?: (request: Request, app: FakePlayApp) => void;
  } = {},
) {
  let now = toMillis("2026-03-01T09:00:00.000Z" as Instant);
  const clock = () => fromMillis(now);
  const app: FakePlayApp = {
    tracks: { production: change.releases ?? [draft("99"), completed("88")] },
    before: {},
    bundles: [77, 88, 99],
    generation: 1,
  };
  const state: FakeGooglePlayState = {
    apps: { "com.example.app": app },
    edits: {},
    account: {
      clientEmail: account.clientEmail,
      publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
    },
    tokens: [],
    count: 0,
    log: [],
  };
  const fake = fakeGooglePlay(state, clock);
  const watched: Fake = async (request) => {
    change.between?.(request, app);
    return await fake(request);
  };
  const adapter = new GooglePlayTarget({
    fetch: fetchOf({ "androidpublisher.googleapis.com": watched, "oauth2.googleapis.com": fake }),
    now: clock,
    account,
    packages: ["com.example.app"],
    ...change.config,
  });
  const commits = () => state.log.filter(({ path }) => path.endsWith(":commit")).length;
  return { adapter, state, app, commits, pass: (ms: number) => (now += ms) };
}

const target = {
  kind: "google-play",
  package: "com.example.app",
  track: "production",
  version: "99",
} as const;
const versions = { previous: "88", next: "99" };
const revert: RevertCall = { component: "android", target, ...versions, command: "" };

describe("pinning a version of Google Play", () => {
  it("settles the package, the draft's code and what is live, and leaves no edit open", async () => {
    const { adapter, state, commits } = world();
    const wanted = { kind: "google-play", track: "production", version: "newest" } as const;
    expect(await adapter.pin(wanted)).toEqual({ ok: true, target, versions });
    expect(state.edits).toEqual({});
    expect(commits()).toBe(0);
  });

  it("takes the newest bundle where there is no draft", async () => {
    const { adapter } = world({ releases: [completed("88")] });
    expect(await adapter.pin({ ...target, version: "newest" })).toMatchObject({ ok: true, versions });
  });

  it.each([
    ["a track with nothing completed", [draft("99")], "newest", /no completed release/],
    [
      "a rollout that is under way",
      [{ versionCodes: ["99"], status: "inProgress", userFraction: 0.1 }, completed("88")],
      "newest",
      /still being rolled out/,
    ],
    [
      "a version that was halted, as the newest",
      [{ versionCodes: ["99"], status: "halted", userFraction: 0.1 }, completed("88")],
      "newest",
      /was halted/,
    ],
    ["a code that was not uploaded", [completed("88")], "123", /no bundle with the version code 123/],
    ["an older code", [completed("88")], "77", /nothing newer/],
  ] as [string, FakeRelease[], string, RegExp][])("refuses %s", async (_what, releases, version, message) => {
    const { adapter } = world({ releases });
    const pinned = await adapter.pin({ ...target, version });
    expect(pinned).toMatchObject({ ok: false, message: expect.stringMatching(message) });
  });

  it("wants the package named where there are several or none", async () => {
    const { adapter } = world({ config: { packages: ["a.b", "c.d"] } });
    const wanted = { kind: "google-play", track: "production", version: "newest" } as const;
    expect(await adapter.pin(wanted)).toMatchObject({
      ok: false,
      message: expect.stringMatching(/a\.b, c\.d/),
    });
  });
});

describe("a staged rollout", () => {
  it("goes from share to share to everyone, with the rest still served", async () => {
    const { adapter, app } = world();
    const seen: unknown[] = [];
    for (const percent of [5, 12.5, 50, 100]) {
      const expected = await adapter.read(target, versions);
      const result = await adapter.shift(target, versions, percent, expected, "");
      expect(result.kind).toBe("shifted");
      seen.push(app.tracks.production?.[0]?.userFraction ?? app.tracks.production?.[0]?.status);
    }
    expect(seen).toEqual([0.05, 0.125, 0.5, "completed"]);
    expect(app.tracks.production?.[0]?.name).toBe("99 (2.4)");
    expect(await adapter.read(target, versions)).toMatchObject({ primary: "99", share: 100 });
  });

  it("that was asked for twice is changed once", async () => {
    const { adapter, commits } = world();
    const expected = await adapter.read(target, versions);
    await adapter.shift(target, versions, 10, expected, "");
    const again = await adapter.shift(target, versions, 10, expected, "");
    expect(again).toMatchObject({ kind: "shifted", observed: { primary: "88", secondary: "99", share: 10 } });
    expect(commits()).toBe(1);
  });

  it("that another hand has changed is left alone", async () => {
    const { adapter, app, commits } = world();
    const expected = await adapter.read(target, versions);
    changeInConsole(app, "production", [
      { versionCodes: ["99"], status: "inProgress", userFraction: 0.3 },
      completed("88"),
    ]);
    expect(await adapter.shift(target, versions, 10, expected, "")).toMatchObject({
      kind: "fenced",
      observed: { share: 30 },
    });
    expect(commits()).toBe(0);
  });

  it("is fenced by Google itself when the other hand comes between reading and writing", async () => {
    let armed = true;
    const { adapter, app } = world({
      between: (request, there) => {
        if (!armed || !request.url.includes(":commit")) return;
        armed = false;
        changeInConsole(there, "production", [completed("88"), draft("99"), draft("77")]);
      },
    });
    const expected = await adapter.read(target, versions);
    expect(await adapter.shift(target, versions, 10, expected, "")).toMatchObject({
      kind: "fenced",
      observed: { share: 0 },
    });
    expect(app.tracks.production).toHaveLength(3);
  });

  it("waits for what is in review, in words; a halt does not", async () => {
    const { adapter, app } = world();
    await adapter.shift(target, versions, 10, await adapter.read(target, versions), "");
    app.inReview = true;
    const result = await adapter.shift(target, versions, 50, await adapter.read(target, versions), "");
    expect(result).toMatchObject({ kind: "refused", detail: expect.stringMatching(/still in review/) });
    expect(await adapter.revert(revert, "")).toMatchObject({
      kind: "shifted",
      observed: { halted: true, share: 10 },
    });
  });

  it("is halted and resumed at its share", async () => {
    const { adapter, app, commits } = world();
    await adapter.shift(target, versions, 10, await adapter.read(target, versions), "");
    expect(await adapter.hold(target, versions)).toMatchObject({ share: 10, halted: true });
    expect(await adapter.hold(target, versions)).toMatchObject({ share: 10, halted: true });
    expect((await adapter.free(target, versions)).halted).toBeUndefined();
    expect(app.tracks.production?.[0]).toMatchObject({ status: "inProgress", userFraction: 0.1 });
    expect(commits()).toBe(3);
  });
});

describe("putting it back", () => {
  it("halts, and is back by that, however often it is asked", async () => {
    const { adapter, commits } = world();
    await adapter.shift(target, versions, 10, await adapter.read(target, versions), "");
    for (let again = 0; again < 2; again++) {
      const result = await adapter.revert(revert, "alarm");
      expect(result).toMatchObject({
        kind: "shifted",
        observed: { primary: "88", secondary: "99", halted: true },
      });
      expect(result.observed !== undefined && isBack(result.observed, versions)).toBe(true);
    }
    expect(commits()).toBe(2);
  });

  it("halts a completed release where an earlier one was", async () => {
    const { adapter, app } = world();
    await adapter.shift(target, versions, 100, await adapter.read(target, versions), "");
    expect(await adapter.revert(revert, "")).toMatchObject({
      kind: "shifted",
      observed: { primary: "88", halted: true },
    });
    expect(app.tracks.production).toMatchObject([
      { status: "halted" },
      { versionCodes: ["88"], status: "completed" },
    ]);
  });

  it("is refused in Google's words where it cannot be", async () => {
    const { adapter, app } = world();
    await adapter.shift(target, versions, 100, await adapter.read(target, versions), "");
    app.before = {};
    expect(await adapter.revert(revert, "")).toMatchObject({
      kind: "refused",
      detail: expect.stringMatching(/earlier completed release/),
      observed: { primary: "99", share: 100 },
    });
  });

  it("does nothing before anything was rolled out, and leaves what is somebody else's", async () => {
    const { adapter, app, commits } = world();
    expect(await adapter.revert(revert, "")).toMatchObject({
      kind: "shifted",
      observed: { primary: "88", share: 0 },
    });
    changeInConsole(app, "production", [completed("77")]);
    expect(await adapter.revert(revert, "")).toMatchObject({
      kind: "refused",
      detail: expect.stringMatching(/77 is on the track/),
    });
    expect(commits()).toBe(0);
  });

  it("begins anew when its edit was overtaken", async () => {
    let left = 2;
    const { adapter, commits } = world({
      between: (request, there) => {
        if (left > 0 && request.url.includes(":commit?changesInReviewBehavior=CANCEL")) {
          left -= 1;
          there.generation += 1;
        }
      },
    });
    await adapter.shift(target, versions, 10, await adapter.read(target, versions), "");
    expect(await adapter.revert(revert, "")).toMatchObject({ kind: "shifted", observed: { halted: true } });
    expect(commits()).toBe(4);
  });
});

describe("Google's token", () => {
  it("is asked for once an hour", async () => {
    const { adapter, state, pass } = world();
    await adapter.read(target, versions);
    await adapter.read(target, versions);
    expect(state.tokens).toHaveLength(1);
    pass(3_600_000);
    await adapter.read(target, versions);
    expect(state.tokens).toHaveLength(2);
  });

  it("is refused to another key, in words without a key in them", async () => {
    const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    const stolen = { ...account, privateKey: other.export({ type: "pkcs8", format: "pem" }).toString() };
    const { adapter } = world({ config: { account: stolen } });
    const failure = await adapter.read(target, versions).catch((error: Error) => error);
    expect(failure).toMatchObject({ retryable: false, message: expect.stringMatching(/invalid_grant/) });
    expect(String(failure)).not.toMatch(/PRIVATE|eyJ/);
  });
});
