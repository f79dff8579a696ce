import type { Digest } from "../kit/digest.ts";
import type { Instant } from "../kit/instant.ts";
import type { ReleaseState } from "../release/state.ts";
import { spokenChange } from "./differs.ts";
import { voidedBy } from "./standing.ts";

/** One change of the plan as people see it. */
export interface RevisionView {
  readonly n: number;
  readonly plan: Digest;
  readonly by: string;
  readonly at: Instant;
  readonly reason?: string;
  /** Whether everybody who is asked had approved the one before. */
  readonly wasApproved: boolean;
  /** What differs from the one before, a sentence each; `more` are left out. */
  readonly changes: readonly string[];
  readonly more?: number;
  /** What was given on the one before and counts no more, and why. */
  readonly voided: readonly VoidedView[];
}

export interface VoidedView {
  readonly kind: "approval" | "check" | "probe" | "step" | "vote";
  /** A role, a line of the checklist, or a step. */
  readonly what: string;
  readonly by?: string;
  readonly at?: Instant;
  readonly why: string;
}

/** The changes of a release's plan, the newest first. */
export function revisionViews(state: ReleaseState): RevisionView[] {
  return (state.revisions ?? []).toReversed().map((revision) => {
    const { n, plan, by, at, reason, approved, changes, more, voided } = revision;
    const why = voidedBy(revision);
    return {
      n,
      plan,
      by,
      at,
      ...(reason === undefined ? {} : { reason }),
      wasApproved: approved,
      changes: changes.map(spokenChange),
      ...(more === undefined ? {} : { more }),
      voided: [
        ...voided.approvals.map((one): VoidedView => {
          return { kind: "approval", what: one.role, by: one.by, at: one.at, why };
        }),
        ...voided.votes.map(
          ({ role, by: voter }): VoidedView => ({ kind: "vote", what: role, by: voter, why }),
        ),
        ...voided.steps.map(({ step, by: one }): VoidedView => ({ kind: "step", what: step, by: one, why })),
        ...voided.checks.map((check): VoidedView => ({ kind: "check", what: check, why })),
        ...voided.probes.map((probe): VoidedView => ({ kind: "probe", what: probe, why })),
      ],
    };
  });
}
