import { generateKeyPairSync } from "node:crypto";
import { AppStoreTarget } from "@gonogo/adapters/app-store/index";
import { GooglePlayTarget } from "@gonogo/adapters/google-play/index";
import type { TargetAdapters } from "@gonogo/adapters/targets";
import type { Instant } from "@gonogo/core/kit/instant";
import type { Plan } from "@gonogo/core/plan/schema";
import type { EngineStore } from "../kernel/store.ts";
import { type Fake, fetchOf } from "./fakes/answers.ts";
import { type FakeAppStoreState, fakeAppStore } from "./fakes/app-store.ts";
import { type FakeGooglePlayState, fakeGooglePlay } from "./fakes/google-play.ts";

/** Requests that a fake remembers. */
const MOST_LOGGED = 200;

export interface Stores {
  readonly targets: TargetAdapters;
  /** The fakes by the host that they stand for. */
  readonly fakes: Readonly<Record<string, Fake>>;
  /** A new version of each app waits for its release, and the one before is live. */
  stock(plan: Plan): void;
}

/**
 * Apple's and Google's stores as the sample world has them: real adapters, in front of fakes of the two APIs
 * that keep their state with the engine's.
 */
export function createStores(store: EngineStore, now: () => Instant): Stores {
  const table = store.table<unknown>("sample/stores");
  const appStore = (table.get("app-store") as FakeAppStoreState | undefined) ?? emptyAppStore();
  const googlePlay = (table.get("google-play") as FakeGooglePlayState | undefined) ?? emptyGooglePlay();
  const kept = (name: string, state: { log: unknown[] }, fake: Fake): Fake => {
    return async (request) => {
      const answer = await fake(request);
      state.log.splice(0, Math.max(0, state.log.length - MOST_LOGGED));
      table.set(name, state);
      return answer;
    };
  };
  const fakes = {
    "api.appstoreconnect.apple.com": kept("app-store", appStore, fakeAppStore(appStore, now)),
    "androidpublisher.googleapis.com": kept("google-play", googlePlay, fakeGooglePlay(googlePlay, now)),
    "oauth2.googleapis.com": kept("google-play", googlePlay, fakeGooglePlay(googlePlay, now)),
  };
  const outside = { fetch: fetchOf(fakes), now };
  const packages = Object.keys(googlePlay.apps);
  return {
    fakes,
    targets: {
      "app-store": new AppStoreTarget({
        ...outside,
        key: { issuerId: "sample", keyId: "SAMPLE", privateKey: keys().ec },
      }),
      "google-play": new GooglePlayTarget({
        ...outside,
        packages,
        account: { clientEmail: "release@sample.iam.gserviceaccount.com", privateKey: keys().rsa },
      }),
    },
    stock(plan) {
      for (const { target } of plan.components) {
        if (target.kind === "app-store") stockAppStore(appStore, target, now());
        if (target.kind === "google-play") stockGooglePlay(googlePlay, target);
      }
      packages.splice(0, packages.length, ...Object.keys(googlePlay.apps));
      table.set("app-store", appStore);
      table.set("google-play", googlePlay);
    },
  };
}

function emptyAppStore(): FakeAppStoreState {
  return { apps: [], processingMs: 0, log: [] };
}

function emptyGooglePlay(): FakeGooglePlayState {
  return { apps: {}, edits: {}, tokens: [], count: 0, log: [] };
}

function stockAppStore(
  state: FakeAppStoreState,
  target: { app?: string | undefined; version: string },
  createdAt: Instant,
): void {
  const bundleId = target.app ?? "com.example.shop";
  let app = state.apps.find((one) => one.bundleId === bundleId);
  if (app === undefined) {
    app = { id: String(1_000_000_001 + state.apps.length), bundleId, versions: [] };
    state.apps.push(app);
  }
  const versions = app.versions;
  if (versions.some(({ state: standing }) => standing === "PENDING_DEVELOPER_RELEASE")) return;
  const wanted = target.version === "newest" ? `3.${versions.length + 2}.0` : target.version;
  const add = (version: string, standing: string) =>
    versions.push({
      id: `v${versions.length + 1}-${app.id}`,
      version,
      state: standing,
      releaseType: "MANUAL",
      createdAt,
    });
  if (versions.length === 0) add("3.1.0", "READY_FOR_DISTRIBUTION");
  // What was being phased in before is over, as when its developer releases it to everyone.
  for (const version of versions) if (version.phased !== undefined) version.phased.state = "COMPLETE";
  add(wanted, "PENDING_DEVELOPER_RELEASE");
}

function stockGooglePlay(
  state: FakeGooglePlayState,
  target: { package?: string | undefined; track: string; version: string },
): void {
  const name = target.package ?? "com.example.shop";
  const app = state.apps[name];
  const newest = Math.max(100, ...(app?.bundles ?? []));
  const wanted = target.version === "newest" ? newest + 1 : Number(target.version);
  const live = { versionCodes: [String(Math.min(newest, wanted - 1))], status: "completed" as const };
  state.apps[name] = {
    tracks: { ...app?.tracks, [target.track]: [live] },
    before: app?.before ?? {},
    bundles: [...new Set([...(app?.bundles ?? []), ...live.versionCodes.map(Number), wanted])],
    generation: (app?.generation ?? 0) + 1,
  };
}

let made: { ec: string; rsa: string } | undefined;

/** Keys that open nothing but the fakes. */
function keys(): { ec: string; rsa: string } {
  const pem = { type: "pkcs8", format: "pem" } as const;
  made ??= {
    ec: generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export(pem).toString(),
    rsa: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export(pem).toString(),
  };
  return made;
}
