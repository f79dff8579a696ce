import { hasRole, principal } from "../actor/schema.ts";
import { isPartial } from "../approval/standing.ts";
import { RELEASE_MANAGER } from "../authority/authority.ts";
import { settleGates } from "../gate/decide.ts";
import { spoken } from "../kit/duration.ts";
import { minus } from "../kit/instant.ts";
import { oneOf } from "../kit/text.ts";
import { tell } from "../message/auto.ts";
import type { Plan } from "../plan/schema.ts";
import { type Decision, type Draft, reject } from "../release/draft.ts";
import type { ReleaseState } from "../release/state.ts";
import { AT_START, expiryOf, isAsked, probedChecks } from "./due.ts";
import type { Look, ProbeAnswer } from "./port.ts";
import { checkBlockers } from "./standing.ts";

/** The longest sentence of a probe that is kept. */
const LONGEST = 500;

/** What probes said just now. The gates open and close by it. */
export function recordChecks(draft: Draft, answers: readonly ProbeAnswer[]): Decision {
  const { plan, now } = draft;
  if (!isAsked(draft.state)) return draft.decided();
  for (const { check: id, answer, saw } of answers) {
    const check = probedChecks(plan).find((one) => one.id === id);
    if (check === undefined || !isNews(draft.state, id, { answer, saw }, now)) continue;
    const expires = expiryOf(plan, draft.state, check, now, saw.until);
    // A yes whose evidence is too old at this moment is none.
    const really = answer === "yes" && expires <= now ? "no" : answer;
    const said = { ...saw, detail: saw.detail.slice(0, LONGEST) };
    draft.emit({
      type: "CheckProbed",
      check: id,
      probe: check.probe.kind,
      answer: really,
      saw: said,
      expires,
    });
  }
  const { status: before } = draft.state;
  settleGates(draft);
  const { status: after } = draft.state;
  if (before === "ready" && after === "gates") {
    const why = checkBlockers(plan, draft.state, now).join("; ");
    tell(draft, `checks-${now}`, "status", `the gates closed again: ${why}`);
  }
  return draft.decided();
}

/** A yes is written down anew each time, for it proves something; a no only when it says something else. */
function isNews(state: ReleaseState, id: string, { answer, saw }: Look, now: string): boolean {
  const before = state.probes?.[id];
  if (before === undefined || answer === "yes" || before.answer !== answer) return true;
  return before.saw.value !== saw.value || before.saw.digest !== saw.digest || before.expires <= now;
}

/** At the start no answer may be older than a few minutes, whatever it counts for otherwise. */
export function notLookedAt({ plan, state, now }: Pick<Draft, "plan" | "state" | "now">): string[] {
  const since = minus(now, AT_START);
  return probedChecks(plan).flatMap(({ id, check }) => {
    if (state.overrides?.[id]?.second !== undefined) return [];
    const asked = state.probes?.[id]?.askedAt;
    if (asked !== undefined && asked >= since) return [];
    return [`"${check}" has to be looked at within ${spoken(AT_START)} of the start`];
  });
}

/** Steps over what a probe says. It takes two people, neither of them whoever submitted the release. */
export function overrideCheck(draft: Draft, id: string): Decision {
  const { plan, state, command } = draft;
  const check = probedChecks(plan).find((one) => one.id === id);
  if (check === undefined) {
    const known = oneOf(probedChecks(plan).map((one) => one.id));
    const message = `"${id}" is not answered by a probe; those that are: ${known || "none"}`;
    return reject("not-found", "check.no-probe", message);
  }
  if (check.override !== "two-people") {
    const message = `the plan lets nobody step over "${check.check}"; override: two-people in its check would`;
    return reject("forbidden", "check.no-override", message);
  }
  if (!isAsked(state)) {
    return reject("conflict", "check.closed", "the release is under way; its checklist stands as it was");
  }
  const refusal = whyNotTheirs(draft, plan, check.role);
  if (refusal !== undefined) return refusal;
  const known = state.probes?.[id];
  if (known === undefined || known.answer === "yes") {
    const said = known === undefined ? "has not been looked at yet" : "holds";
    return reject(
      "conflict",
      "check.nothing-to-override",
      `"${check.check}" ${said}; there is nothing to step over`,
    );
  }
  const asked = state.overrides?.[id];
  const who = principal(command.actor) ?? "";
  if (asked?.second !== undefined) {
    return reject("conflict", "check.overridden", `"${check.check}" has been stepped over already`);
  }
  if (asked === undefined) {
    draft.emit({ type: "CheckOverrideAsked", check: id });
    return draft.decided();
  }
  if (asked.by === who) {
    const message = "you asked for it; a second person has to agree";
    return reject("forbidden", "check.counted-twice", message);
  }
  const over = { answer: known.answer, detail: known.saw.detail };
  draft.emit({ type: "CheckOverridden", check: id, people: [asked.by, who], over });
  settleGates(draft);
  return draft.decided();
}

function whyNotTheirs(draft: Draft, plan: Plan, role: string): Decision | undefined {
  const { actor } = draft.command;
  if (actor.kind !== "person") {
    return reject("forbidden", "check.not-a-person", "only people can step over a probe");
  }
  const part = isPartial(plan, draft.state, principal(actor) ?? "");
  if (part === "requester" || part === "reviser") {
    const did = part === "requester" ? "submitted this release" : "revised this plan";
    return reject("forbidden", "check.own-release", `you ${did}; two others have to step over it`);
  }
  const may = [role, RELEASE_MANAGER, ...plan.approvals.map((one) => one.role)];
  if (may.some((one) => hasRole(actor, one))) return undefined;
  const message = `stepping over it is for ${oneOf([...new Set(may)])}`;
  return reject("forbidden", "check.not-your-role", message);
}
