import type { EvidenceFile } from "../evidence/schema.ts";
import type { Check } from "../gate/schema.ts";
import { type Duration, roundedUp, spoken } from "../kit/duration.ts";
import { type Instant, since } from "../kit/instant.ts";
import type { Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";
import { describeProbe } from "./describe.ts";
import { isAsked, nextLook, type ProbedCheck } from "./due.ts";
import type { Answered, Saw } from "./port.ts";
import type { ProbeKind } from "./schema.ts";
import { standingOf } from "./standing.ts";

/** A line of the checklist as people see it. */
export interface CheckView {
  readonly id: string;
  readonly check: string;
  readonly role: string;
  readonly notes?: string;
  /** Whether it holds now, whoever answers it. */
  readonly holds: boolean;
  /** Why it does not. */
  readonly why?: string;
  /** When the answer no longer counts. */
  readonly expires?: Instant;
  /** A person's answer. Beside a probe only a No counts. */
  readonly answer?: "yes" | "no";
  readonly by?: string;
  readonly at?: Instant;
  readonly note?: string;
  readonly evidence?: string;
  /** Where it is a file: fetched by its digest. */
  readonly file?: EvidenceFile;
  readonly probe?: ProbeView;
}

export interface ProbeView {
  readonly kind: ProbeKind;
  /** What it looks at, in words. */
  readonly looksAt: string;
  readonly answer?: Answered;
  readonly saw?: Saw;
  /** When it was last written down; a No is written down again only when it says something else. */
  readonly askedAt?: Instant;
  /** How old that answer is now. */
  readonly age?: Duration;
  /** Since when it has said the same. */
  readonly since?: Instant;
  readonly nextLook?: Instant;
  readonly override?: {
    readonly by: string;
    readonly reason?: string;
    readonly at: Instant;
    /** Without a second person it does not count yet. */
    readonly second?: { readonly by: string; readonly at: Instant };
  };
}

export function checkViews(plan: Plan, state: ReleaseState, now: Instant): CheckView[] {
  return plan.checklist.map((check): CheckView => {
    const { id, role, notes, probe } = check;
    const standing = standingOf(check, state, now);
    const given = state.checks[id];
    return {
      id,
      check: check.check,
      role,
      ...(notes === undefined ? {} : { notes }),
      holds: standing.holds,
      ...(standing.holds ? {} : { why: standing.why }),
      ...(standing.holds && standing.expires !== undefined ? { expires: standing.expires } : {}),
      ...given,
      ...(probe === undefined ? {} : { probe: probeView({ ...check, probe }, state, now) }),
    };
  });
}

function probeView({ id, probe }: ProbedCheck, state: ReleaseState, now: Instant): ProbeView {
  const known = state.probes?.[id];
  const override = state.overrides?.[id];
  const base = {
    kind: probe.kind,
    looksAt: describeProbe(probe),
    ...(override === undefined ? {} : { override }),
  };
  if (known === undefined) return isAsked(state) ? { ...base, nextLook: now } : base;
  const { answer, saw, askedAt } = known;
  return {
    ...base,
    answer,
    saw,
    askedAt,
    age: since(askedAt, now),
    since: known.since,
    ...(isAsked(state) ? { nextLook: nextLook(known, now) } : {}),
  };
}

/** What answered, for a document: `Yes, by its probe`, with what it saw and how old that was. */
export function answeredByProbe(
  check: Check,
  state: ReleaseState,
): { answer: Answered; text: string } | undefined {
  const known = state.probes?.[check.id];
  if (check.probe === undefined || known === undefined) return undefined;
  const { answer, saw } = known;
  const digest = saw.digest === undefined ? "" : `; ${saw.digest}`;
  const age = saw.age === undefined ? "" : `; ${spoken(roundedUp(saw.age))} old`;
  return { answer, text: `${saw.source}: ${saw.detail}${age}${digest}` };
}
