import type { Observation, RevertCall, ShiftResult, TrafficTarget, Versions } from "@gonogo/core/target/port";
import { isBack } from "@gonogo/core/target/port";
import { OutsideError } from "../http/call.ts";
import { EditLost, GooglePlayClient, type GooglePlayConfig, type OpenEdit, type Track } from "./client.ts";
import { type GooglePlay, revertCommand } from "./command.ts";
import { codeOf, observe, releaseOf, trackAt, trackWith } from "./track.ts";

export type { GooglePlay };

export interface GooglePlayTargetConfig extends GooglePlayConfig {
  /** The apps that this deployment releases: Google's API has no list of an account's. */
  readonly packages: readonly string[];
}

type Pinned = { ok: true; target: GooglePlay; versions: Versions } | { ok: false; message: string };

/** How often a change is made anew when another came between. */
const MOST_TRIES = 3;

/**
 * A staged rollout on Google Play. Every change is one edit: the track is read in it, compared with what was
 * expected, changed, and committed; Google refuses the commit if anything else was committed since (S1).
 */
export class GooglePlayTarget implements TrafficTarget<GooglePlay> {
  readonly #client: GooglePlayClient;
  readonly #packages: readonly string[];

  constructor(config: GooglePlayTargetConfig) {
    this.#client = new GooglePlayClient(config);
    this.#packages = config.packages;
  }

  async pin(target: GooglePlay): Promise<Pinned> {
    const app = target.package ?? (this.#packages.length === 1 ? this.#packages[0] : undefined);
    if (app === undefined) {
      const known = this.#packages.join(", ") || "none";
      return { ok: false, message: `write package: the deployment's apps are ${known}` };
    }
    try {
      return await this.#client.withEdit(app, (edit) => pinned({ ...target, package: app }, edit));
    } catch (error) {
      if (error instanceof OutsideError && !error.retryable) return { ok: false, message: error.message };
      throw error;
    }
  }

  async read(target: GooglePlay, versions: Versions): Promise<Observation> {
    return await this.#edit(target, async (edit) => observe(await edit.track(target.track), versions));
  }

  async shift(
    target: GooglePlay,
    versions: Versions,
    percent: number,
    expected: Observation,
    _note: string,
  ): Promise<ShiftResult> {
    try {
      return await this.#edit(target, async (edit) => {
        const track = await edit.track(target.track);
        const observed = observe(track, versions);
        if (isAt(observed, versions, percent)) return { kind: "shifted", observed };
        if (!isExpected(observed, expected)) return { kind: "fenced", observed };
        return await change(edit, target, versions, trackAt(track, versions, percent), "wait");
      });
    } catch (error) {
      if (error instanceof EditLost) return await this.#settle(target, versions, percent);
      return await this.#refusal(error, target, versions);
    }
  }

  /** The commit was overtaken, or its answer was lost: what stands there decides (S5). */
  async #settle(target: GooglePlay, versions: Versions, percent: number): Promise<ShiftResult> {
    const observed = await this.read(target, versions);
    return isAt(observed, versions, percent) ? { kind: "shifted", observed } : { kind: "fenced", observed };
  }

  /** Halts: nobody else gets the new version. Who has it keeps it until a newer one is rolled out. */
  async revert(call: RevertCall, _note: string): Promise<ShiftResult> {
    const target = call.target as GooglePlay;
    try {
      return await this.#again(async () =>
        this.#edit(target, async (edit) => {
          const track = await edit.track(target.track);
          const observed = observe(track, call);
          if (isBack(observed, call)) return { kind: "shifted", observed };
          const status = releaseOf(track, call.next)?.status;
          if (status !== "inProgress" && status !== "completed") {
            const there = observed.secondary ?? observed.primary;
            const detail = `${there} is on the track, which is neither ${call.previous} nor ${call.next}: it is left`;
            return { kind: "refused", detail, observed };
          }
          return await change(edit, target, call, trackWith(track, call.next, "halted"), "override");
        }),
      );
    } catch (error) {
      return await this.#refusal(error, target, call);
    }
  }

  async hold(target: GooglePlay, versions: Versions): Promise<Observation> {
    return await this.#set(target, versions, "inProgress", "halted");
  }

  async free(target: GooglePlay, versions: Versions): Promise<Observation> {
    return await this.#set(target, versions, "halted", "inProgress");
  }

  revertCommand(target: GooglePlay, versions: Versions): string {
    return revertCommand(target, versions);
  }

  async #set(
    target: GooglePlay,
    versions: Versions,
    from: "inProgress" | "halted",
    to: "inProgress" | "halted",
  ): Promise<Observation> {
    return await this.#again(async () =>
      this.#edit(target, async (edit) => {
        const track = await edit.track(target.track);
        const next = releaseOf(track, versions.next);
        if (next?.status !== from || next.userFraction === undefined) return observe(track, versions);
        const { observed } = await change(
          edit,
          target,
          versions,
          trackWith(track, versions.next, to),
          "override",
        );
        return observed;
      }),
    );
  }

  async #edit<T>(target: GooglePlay, work: (edit: OpenEdit) => Promise<T>): Promise<T> {
    if (target.package === undefined) {
      throw new OutsideError(
        "Google Play: the target has no package; it is settled when a plan is submitted",
        {
          retryable: false,
        },
      );
    }
    return await this.#client.withEdit(target.package, work);
  }

  async #again<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof EditLost) || attempt === MOST_TRIES) throw error;
      }
    }
  }

  async #refusal(error: unknown, target: GooglePlay, versions: Versions): Promise<ShiftResult> {
    if (!(error instanceof OutsideError) || error.retryable) throw error;
    const observed = await this.read(target, versions);
    return { kind: "refused", detail: error.message, observed };
  }
}

/** Commits a track, and says how it stands by that. */
async function change(
  edit: OpenEdit,
  target: GooglePlay,
  versions: Versions,
  track: Track,
  review: "wait" | "override",
): Promise<{ kind: "shifted"; observed: Observation }> {
  await edit.update(target.track, track);
  const written = await edit.track(target.track);
  await edit.commit(review);
  return { kind: "shifted", observed: observe(written, versions) };
}

async function pinned(target: GooglePlay, edit: OpenEdit): Promise<Pinned> {
  const track = await edit.track(target.track);
  const where = `${target.package} on ${target.track}`;
  const staged = track.releases.find(({ status }) => status === "inProgress");
  if (staged !== undefined) {
    return {
      ok: false,
      message: `${codeOf(staged)} of ${where} is still being rolled out: complete or halt it`,
    };
  }
  const previous = codeOf(track.releases.find(({ status }) => status === "completed"));
  if (previous === undefined) {
    return {
      ok: false,
      message: `${where} has no completed release: the first one cannot be rolled out in stages`,
    };
  }
  const draft = codeOf(track.releases.find(({ status }) => status === "draft"));
  const uploaded = target.version === "newest" && draft !== undefined ? [draft] : await edit.versionCodes();
  const next = target.version === "newest" ? highest(uploaded) : target.version;
  if (next === undefined || Number(next) <= Number(previous)) {
    return {
      ok: false,
      message: `${where} serves ${previous} and nothing newer is uploaded: upload a bundle`,
    };
  }
  if (target.version === "newest" && releaseOf(track, next)?.status === "halted") {
    return {
      ok: false,
      message: `${next} of ${where} was halted: upload a newer bundle, or name ${next} itself`,
    };
  }
  if (!uploaded.includes(next) && releaseOf(track, next) === undefined) {
    return {
      ok: false,
      message: `${target.package} has no bundle with the version code ${next}: upload it first`,
    };
  }
  return { ok: true, target: { ...target, version: next }, versions: { previous, next } };
}

function highest(codes: readonly string[]): string | undefined {
  return codes.toSorted((a, b) => Number(b) - Number(a))[0];
}

/** By the revision where both have one, and by what it means otherwise. */
function isExpected(observed: Observation, expected: Observation): boolean {
  if (expected.revision !== undefined) return observed.revision === expected.revision;
  return (
    observed.primary === expected.primary &&
    observed.secondary === expected.secondary &&
    observed.share === expected.share &&
    observed.halted === expected.halted
  );
}

function isAt(observed: Observation, versions: Versions, percent: number): boolean {
  if (observed.halted === true || Math.abs(observed.share - percent) > 1e-6) return false;
  return percent >= 100 ? observed.primary === versions.next : observed.secondary === versions.next;
}
