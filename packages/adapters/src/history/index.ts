import { lookAtAge } from "@gonogo/core/check/age";
import {
  type Artefact,
  artefactOf,
  fullSince,
  isSamePlace,
  movedAwayAt,
  type Past,
  releasedBy,
  soakOf,
} from "@gonogo/core/check/history";
import { no, unknown, yes } from "@gonogo/core/check/look";
import type { CheckProbe, Look, LookRequest } from "@gonogo/core/check/port";
import type { ProbeOf } from "@gonogo/core/check/schema";
import { type Duration, roundedUp, spoken, toMs } from "@gonogo/core/kit/duration";
import { type Instant, since } from "@gonogo/core/kit/instant";
import type { ReleaseStore } from "@gonogo/core/release/ports";
import type { Target } from "@gonogo/core/target/schema";

export interface HistoryConfig {
  readonly store: Pick<ReleaseStore, "list" | "load">;
  /** The digest of a version's code, where two places number their versions apart. */
  readonly codeOf?: (target: Target, version: string) => Promise<string | undefined>;
}

/** Releases looked back at, the newest first. */
const FARTHEST = 300;
const PAGE = 100;

/** The releases of an environment, or of all, out of gonogo's own log: those that ended and those under way. */
export async function releasesIn(
  { store }: Pick<HistoryConfig, "store">,
  environment?: string,
): Promise<Past[]> {
  const found: Past[] = [];
  for (const which of ["active", "ended"] as const) {
    let after: string | undefined;
    for (let seen = 0; seen < FARTHEST; ) {
      const page = await store.list(which, { limit: PAGE, ...(after === undefined ? {} : { after }) });
      seen += page.items.length;
      const here = page.items.filter(
        (one) => environment === undefined || isSame(one.environment, environment),
      );
      for (const { id } of here) {
        const loaded = await store.load(id);
        if (loaded !== undefined) found.push(loaded);
      }
      after = page.next;
      if (after === undefined || page.items.length === 0) break;
    }
  }
  return found;
}

function isSame(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

/** Whether both are the same code: the same version of one place, or the same digest in two. */
export async function isSameArtefact(
  { codeOf }: HistoryConfig,
  ours: Artefact,
  theirs: Artefact,
): Promise<boolean> {
  if (isSamePlace(ours.target, theirs.target)) return ours.version === theirs.version;
  const [a, b] = await Promise.all([
    codeOf?.(ours.target, ours.version),
    codeOf?.(theirs.target, theirs.version),
  ]);
  return a !== undefined && a === b;
}

/** Whether the version of each component has had all traffic in staging for long enough. */
export class StagingCheck implements CheckProbe<ProbeOf<"staging">> {
  readonly #config: HistoryConfig;

  constructor(config: HistoryConfig) {
    this.#config = config;
  }

  async look({ probe, plan, state, now }: LookRequest<ProbeOf<"staging">>): Promise<Look> {
    const source = `gonogo's log, ${probe.environment}`;
    const past = (await releasesIn(this.#config, probe.environment)).filter(
      (one) => one.state.id !== state.id,
    );
    const components =
      probe.component === undefined ? plan.components.map(({ id }) => id) : [probe.component];
    const looks: Look[] = [];
    for (const component of components) {
      const ours = artefactOf(plan, component);
      if (ours === undefined) {
        looks.push(unknown(source, `nobody knows which version of ${component} this is`));
      } else {
        looks.push(await this.#lookAt(source, { component, ours, past, soak: soakOf(plan, probe), now }));
      }
    }
    return allOf(source, looks);
  }

  async #lookAt(source: string, { component, ours, past, soak, now }: Soaking): Promise<Look> {
    const what = `${component} ${ours.version}`;
    let best:
      | { readonly ran: ReturnType<typeof since>; readonly release: string; readonly at: Instant }
      | undefined;
    for (const one of past) {
      const theirs = releasedBy(one, component);
      const from = fullSince(one, component);
      if (theirs === undefined || from === undefined) continue;
      if (!(await isSameArtefact(this.#config, ours, theirs))) continue;
      const ran = since(from, movedAwayAt(one, past, component, from) ?? now);
      if (best === undefined || toMs(ran) > toMs(best.ran)) best = { ran, release: one.state.id, at: from };
    }
    if (best === undefined) return no(source, `no release brought ${what} to all traffic and left it there`);
    const { ran, release, at } = best;
    const value = `${release}: ${component} ${ours.version}`;
    const long = spoken(roundedUp(ran));
    return toMs(ran) >= toMs(soak)
      ? yes(source, `${what} had all traffic for ${long} by ${release}`, { value, at, age: ran })
      : no(source, `${what} has had all traffic for ${long} by ${release}, not for ${spoken(soak)}`, {
          value,
          at,
          age: ran,
        });
  }
}

/** Whether the way back of this version was rehearsed, from start to end, and not long ago. */
export class RehearsalCheck implements CheckProbe<ProbeOf<"rehearsal">> {
  readonly #config: HistoryConfig;

  constructor(config: HistoryConfig) {
    this.#config = config;
  }

  async look({ probe, plan, now }: LookRequest<ProbeOf<"rehearsal">>): Promise<Look> {
    const { environment, within } = probe;
    const source = `gonogo's log, ${environment}`;
    const past = await releasesIn(this.#config, environment);
    const components =
      probe.component === undefined ? Object.keys(plan.rehearse?.targets ?? {}) : [probe.component];
    if (components.length === 0) {
      return unknown(source, "the plan has no rehearse.targets, so nobody knows what is to be rehearsed");
    }
    const looks: Look[] = [];
    for (const component of components) {
      const ours = artefactOf(plan, component);
      looks.push(
        ours === undefined
          ? unknown(source, `nobody knows which version of ${component} this is`)
          : await this.#lookAt(source, { component, ours, past, within, now }),
      );
    }
    return allOf(source, looks);
  }

  async #lookAt(source: string, { component, ours, past, within, now }: Rehearsing): Promise<Look> {
    const what = `${component} ${ours.version}`;
    const tried: Past[] = [];
    for (const one of past) {
      const theirs = releasedBy(one, component);
      const isTried = one.state.rehearsal?.components.some((each) => each.component === component);
      if (theirs === undefined || isTried !== true) continue;
      if (await isSameArtefact(this.#config, ours, theirs)) tried.push(one);
    }
    const byAge = tried.toSorted((a, b) => atOf(b).localeCompare(atOf(a)));
    const newest = byAge.find(({ state }) => state.rehearsal?.outcome === "confirmed") ?? byAge[0];
    const rehearsal = newest?.state.rehearsal;
    if (newest === undefined || rehearsal === undefined) {
      return no(source, `the way back of ${what} was not rehearsed`);
    }
    const release = newest.state.id;
    if (rehearsal.outcome !== "confirmed") {
      const left = rehearsal.left.length === 0 ? "" : `: ${rehearsal.left.join("; ")}`;
      return no(source, `the rehearsal ${release} ended ${rehearsal.outcome}${left}`, {
        value: `${release} ${rehearsal.outcome}`,
      });
    }
    const took = spoken(roundedUp(rehearsal.took));
    const look = lookAtAge(source, `the rehearsal ${release} of ${what}, put back in ${took},`, {
      at: rehearsal.at,
      within,
      now,
    });
    return { ...look, saw: { ...look.saw, value: `${release}: ${what}` } };
  }
}

function atOf({ state }: Past): string {
  return state.rehearsal?.at ?? "";
}

interface Rehearsing {
  readonly component: string;
  readonly ours: Artefact;
  readonly past: readonly Past[];
  readonly within: Duration;
  readonly now: Instant;
}

interface Soaking {
  readonly component: string;
  readonly ours: Artefact;
  readonly past: readonly Past[];
  readonly soak: Duration;
  readonly now: Instant;
}

/** One answer of several: the first that is no yes, or all of them together. */
export function allOf(source: string, looks: readonly Look[]): Look {
  const bad = looks.find(({ answer }) => answer === "no") ?? looks.find(({ answer }) => answer === "unknown");
  if (bad !== undefined) return bad;
  const [first] = looks;
  if (first === undefined) return unknown(source, "there is no component to look at");
  if (looks.length === 1) return first;
  const { age: _, ...saw } = first.saw;
  const untils = looks.flatMap((look) => look.saw.until ?? []).sort();
  const [until] = untils;
  return {
    answer: "yes",
    saw: {
      ...saw,
      detail: looks.map((look) => look.saw.detail).join("; "),
      value: looks.map((look) => look.saw.value ?? "").join("; "),
      ...(until === undefined ? {} : { until }),
    },
  };
}
