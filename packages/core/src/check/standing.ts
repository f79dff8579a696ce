import type { Check } from "../gate/schema.ts";
import { spoken, toMs } from "../kit/duration.ts";
import { type Instant, plus, toMillis } from "../kit/instant.ts";
import type { Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";

/** Whether a line of the checklist holds now, and if not, why. */
export type Standing =
  | { readonly holds: true; readonly expires?: Instant; readonly overridden?: true }
  | { readonly holds: false; readonly why: string; readonly waitsFor: "person" | "probe" };

/**
 * From here on the checklist stands as it was: something was shifted on the strength of it, and evidence that
 * grows old in mid-release is no reason to stop half-way. Triggers and watches look after what comes then.
 */
export function isUsed(state: ReleaseState): boolean {
  return Object.values(state.components).some(({ touched }) => touched);
}

export function standingOf(check: Check, state: ReleaseState, now: Instant): Standing {
  const given = state.checks[check.id];
  if (given?.answer === "no") {
    return { holds: false, why: `${check.role} answered No to "${check.check}"`, waitsFor: "person" };
  }
  if (check.probe !== undefined) return standingOfProbe(check, state, now);
  if (given === undefined) {
    return { holds: false, why: `${check.role} has not answered "${check.check}"`, waitsFor: "person" };
  }
  if (check.within === undefined) return { holds: true };
  const expires = plus(given.at, check.within);
  if (now < expires || isUsed(state)) return { holds: true, expires };
  const why = `${check.role}'s answer to "${check.check}" is older than ${spoken(check.within)}: it has to be given again`;
  return { holds: false, why, waitsFor: "person" };
}

/**
 * Whether a person's answer that holds for a time only is to be given again: three quarters of its time are over.
 * Earlier it may be, and nobody is asked to.
 */
export function isWornOut({ id, within }: Check, state: ReleaseState, now: Instant): boolean {
  const given = state.checks[id];
  if (given === undefined || within === undefined) return false;
  return toMillis(now) - toMillis(given.at) >= 0.75 * toMs(within);
}

function standingOfProbe(check: Check, state: ReleaseState, now: Instant): Standing {
  const override = state.overrides?.[check.id];
  if (override?.second !== undefined) return { holds: true, overridden: true };
  const known = state.probes?.[check.id];
  const no = (why: string): Standing => ({ holds: false, why, waitsFor: "probe" });
  if (known === undefined) return no(`"${check.check}" has not been looked at yet`);
  const { answer, saw, expires } = known;
  switch (answer) {
    case "no":
      return no(`"${check.check}" does not hold: ${saw.detail}`);
    case "unknown":
      return no(`"${check.check}" could not be looked at: ${saw.detail}`);
    case "yes":
      if (now < expires || isUsed(state)) return { holds: true, expires };
      return no(`what was seen for "${check.check}" counted until ${expires}: it is looked at again`);
  }
}

/** What keeps the gates closed on the side of the checklist, a sentence each. */
export function checkBlockers(plan: Plan, state: ReleaseState, now: Instant): string[] {
  return plan.checklist.flatMap((check) => {
    const standing = standingOf(check, state, now);
    return standing.holds ? [] : [standing.why];
  });
}
