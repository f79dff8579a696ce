import { oneOf } from "@gonogo/core/kit/text";
import type { Observation, RevertCall, ShiftResult, TrafficTarget, Versions } from "@gonogo/core/target/port";
import { OutsideError } from "../http/call.ts";
import { AppStoreClient, type AppStoreConfig, type Version } from "./client.ts";
import { type AppStore, revertCommand } from "./command.ts";
import { IN_REVIEW, LIVE, ON_ITS_WAY, observe, type Place, WAITING } from "./observe.ts";

export type { AppStore };

export interface AppStoreTargetConfig extends AppStoreConfig {
  /**
   * What a phase of 100 % does: wait for Apple's seventh day, or end the phased release there and then.
   * The latter cannot be taken back.
   */
  readonly atFull?: "wait" | "complete";
}

type Pinned = { ok: true; target: AppStore; versions: Versions } | { ok: false; message: string };

/**
 * A phased release on the App Store. It is started once and goes its own way (1, 2, 5, 10, 20, 50, 100 % in
 * seven days); it can be paused and resumed, and nothing brings back the version before. Apple has no
 * revision to write against: each write is preceded by a reading, and repeated it finds its work done.
 */
export class AppStoreTarget implements TrafficTarget<AppStore> {
  readonly #client: AppStoreClient;
  readonly #atFull: "wait" | "complete";
  readonly #appIds = new Map<string, string>();

  constructor(config: AppStoreTargetConfig) {
    this.#client = new AppStoreClient(config);
    this.#atFull = config.atFull ?? "wait";
  }

  async pin(target: AppStore): Promise<Pinned> {
    try {
      return await this.#pin(target);
    } catch (error) {
      if (error instanceof OutsideError && !error.retryable) return { ok: false, message: error.message };
      throw error;
    }
  }

  async #pin(target: AppStore): Promise<Pinned> {
    const apps = await this.#client.apps(target.app);
    const [app, ...others] = apps;
    if (app === undefined) {
      const which = target.app === undefined ? "no app at all" : `no app ${target.app}`;
      return no(`the App Store Connect key sees ${which}: check the bundle id and the key's access`);
    }
    if (others.length > 0) {
      return no(
        `write app: the account has ${oneOf(apps.map(({ bundleId }) => bundleId).slice(0, 10), "and")}`,
      );
    }
    const all = await this.#client.versions(app.id);
    const live = all.find(({ state }) => state === LIVE);
    if (live === undefined) {
      return no(`${app.bundleId} has no live version: an app's first version cannot be phased in`);
    }
    const next =
      target.version === "newest" ? newest(all) : all.find(({ version }) => version === target.version);
    const refusal = whyNotReleasable(app.bundleId, target.version, next, live);
    if (next === undefined || refusal !== undefined)
      return no(refusal ?? `${app.bundleId} has no new version`);
    const phased = await this.#client.phasedRelease(live.id);
    if (phased?.state === "ACTIVE" || phased?.state === "PAUSED") {
      return no(`${live.version} is still being phased in (${phased.state}): complete that first`);
    }
    return {
      ok: true,
      target: { ...target, app: app.bundleId, version: next.version },
      versions: { previous: live.version, next: next.version },
    };
  }

  async read(target: AppStore, versions: Versions): Promise<Observation> {
    return observe(await this.#place(target, versions), versions);
  }

  async shift(
    target: AppStore,
    versions: Versions,
    percent: number,
    expected: Observation,
    _note: string,
  ): Promise<ShiftResult> {
    const place = await this.#place(target, versions);
    const observed = observe(place, versions);
    if (isStranger(observed, versions)) return { kind: "fenced", observed };
    // Paused by somebody since it was read: letting it go on is not ours to decide.
    if (observed.halted === true && expected.halted !== true) return { kind: "fenced", observed };
    try {
      const refusal = await this.#advance(place, percent);
      if (refusal !== undefined) return { kind: "refused", detail: refusal, observed };
    } catch (error) {
      return await this.#refusal(error, target, versions);
    }
    return { kind: "shifted", observed: await this.read(target, versions) };
  }

  /** Takes the release one way further, from wherever it stands. Says why not, where Apple would not. */
  async #advance({ next, phased }: Place, percent: number): Promise<string | undefined> {
    if (next === undefined) return "App Store Connect no longer has the new version";
    if (next.state === LIVE && (phased === undefined || phased.state === "COMPLETE")) return undefined;
    if (next.state === LIVE && phased !== undefined) {
      const isFull = percent >= 100 && this.#atFull === "complete";
      if (isFull) await this.#client.setPhasedRelease(phased.id, "COMPLETE");
      else if (phased.state !== "ACTIVE") await this.#client.setPhasedRelease(phased.id, "ACTIVE");
      return undefined;
    }
    if (ON_ITS_WAY.includes(next.state)) return undefined;
    if (next.state !== WAITING) return `${next.version} is ${next.state}: Apple has to accept it first`;
    // Before the release, for afterwards it would go to everyone at once.
    if (phased === undefined) await this.#client.createPhasedRelease(next.id);
    await this.#client.release(next.id);
    return undefined;
  }

  /** Pauses: all that Apple offers. Who has the new version keeps it. */
  async revert(call: RevertCall, _note: string): Promise<ShiftResult> {
    const target = call.target as AppStore;
    const place = await this.#place(target, call);
    const before = observe(place, call);
    if (before.halted === true) return { kind: "shifted", observed: before };
    if (isStranger(before, call)) {
      const detail = `${before.primary} is live, which is neither ${call.previous} nor ${call.next}: it is left`;
      return { kind: "refused", detail, observed: before };
    }
    if (before.share >= 100) {
      const detail = `everyone can have ${call.next}, and Apple has no way back: submit a fixed version and ask for an expedited review (https://developer.apple.com/contact/app-store/?topic=expedite)`;
      return { kind: "refused", detail, observed: before };
    }
    if (before.secondary === undefined) return { kind: "shifted", observed: before };
    if (place.phased?.state !== "ACTIVE") {
      throw new OutsideError(
        `App Store: ${call.next} has been released and Apple has not begun to phase it in; it can be paused once that is so`,
        { retryable: true },
      );
    }
    try {
      await this.#client.setPhasedRelease(place.phased.id, "PAUSED");
    } catch (error) {
      return await this.#refusal(error, target, call);
    }
    return { kind: "shifted", observed: await this.read(target, call) };
  }

  async hold(target: AppStore, versions: Versions): Promise<Observation> {
    const { phased } = await this.#place(target, versions);
    if (phased?.state === "ACTIVE") await this.#client.setPhasedRelease(phased.id, "PAUSED");
    return await this.read(target, versions);
  }

  async free(target: AppStore, versions: Versions): Promise<Observation> {
    const { phased } = await this.#place(target, versions);
    if (phased?.state === "PAUSED") await this.#client.setPhasedRelease(phased.id, "ACTIVE");
    return await this.read(target, versions);
  }

  revertCommand(target: AppStore, versions: Versions): string {
    return revertCommand(target, versions);
  }

  async #place(target: AppStore, versions: Versions): Promise<Place> {
    const all = await this.#client.versions(await this.#appId(target));
    const next = all.find(({ version }) => version === versions.next);
    const live = all.find(({ state }) => state === LIVE);
    return { next, live, phased: next === undefined ? undefined : await this.#client.phasedRelease(next.id) };
  }

  async #appId(target: AppStore): Promise<string> {
    const bundleId = target.app;
    const known = this.#appIds.get(bundleId ?? "");
    if (known !== undefined) return known;
    const [app, ...others] = await this.#client.apps(bundleId);
    if (app === undefined || others.length > 0) {
      const found = app === undefined ? "no" : "more than one";
      throw new OutsideError(`App Store Connect has ${found} app ${bundleId ?? ""}`.trim(), {
        retryable: false,
      });
    }
    this.#appIds.set(bundleId ?? "", app.id);
    return app.id;
  }

  /** What Apple will not do, with how things stand now; what may be tried again stays thrown. */
  async #refusal(error: unknown, target: AppStore, versions: Versions): Promise<ShiftResult> {
    if (!(error instanceof OutsideError) || error.retryable) throw error;
    return { kind: "refused", detail: error.message, observed: await this.read(target, versions) };
  }
}

function newest(all: readonly Version[]): Version | undefined {
  const candidates = all.filter(({ state }) => state === WAITING || IN_REVIEW.includes(state));
  const waiting = candidates.filter(({ state }) => state === WAITING);
  const pool = waiting.length > 0 ? waiting : candidates;
  return pool.toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt))[0];
}

function whyNotReleasable(
  app: string,
  wanted: string,
  next: Version | undefined,
  live: Version,
): string | undefined {
  if (next === undefined) {
    return wanted === "newest"
      ? `${app} has no version that waits for release: submit one, with manual release`
      : `${app} has no version ${wanted} in App Store Connect`;
  }
  if (next.id === live.id) return `${next.version} of ${app} is live already: name the version to release`;
  if (next.state === WAITING) return undefined;
  if (!IN_REVIEW.includes(next.state))
    return `${next.version} of ${app} is ${next.state}: it cannot be released`;
  if (next.releaseType === "MANUAL" || next.releaseType === undefined) return undefined;
  return `${next.version} of ${app} would go live by itself (${next.releaseType}): choose manual release for it`;
}

function isStranger({ primary }: Observation, versions: Versions): boolean {
  return primary !== versions.previous && primary !== versions.next;
}

function no(message: string): Pinned {
  return { ok: false, message };
}
