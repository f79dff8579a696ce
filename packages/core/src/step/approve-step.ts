import { principal } from "../actor/schema.ts";
import { isPartial } from "../approval/standing.ts";
import { shortDigest } from "../kit/digest.ts";
import { oneOf } from "../kit/text.ts";
import { findStep } from "../plan/graph.ts";
import { type Decision, type Draft, reject } from "../release/draft.ts";
import type { PersonCommand } from "../release/person-commands.ts";
import { spokenStatus } from "../release/spoken.ts";
import { canStop } from "../release/state.ts";
import { hasBegun, oneWayRoles } from "./one-way.ts";

/** A person approves a step from which there is no way back. Each person counts once for it, and never the requester. */
export function approveStep(draft: Draft, wish: Extract<PersonCommand, { type: "ApproveStep" }>): Decision {
  const { plan, state, command } = draft;
  const step = findStep(plan, wish.step);
  const roles = step === undefined ? [] : oneWayRoles(step);
  if (step === undefined || roles.length === 0) {
    const known = plan.steps.filter((one) => oneWayRoles(one).length > 0).map(({ id }) => id);
    const message = `"${wish.step}" asks for no approval of its own; these do: ${oneOf(known) || "none"}`;
    return reject("not-found", "one-way.unknown-step", message);
  }
  const who = principal(command.actor);
  if (command.actor.kind !== "person" || who === undefined)
    return reject("forbidden", "one-way.not-a-person", "only a person can approve this");
  if (!roles.includes(wish.role)) {
    const message = `"${step.do}" is approved by ${oneOf(roles, "and")}, not by ${wish.role}`;
    return reject("invalid", "one-way.unknown-role", message);
  }
  if (!command.actor.roles.includes(wish.role)) {
    return reject("forbidden", "one-way.not-your-role", `you do not hold the role ${wish.role}`);
  }
  const part = isPartial(plan, state, who);
  if (part === "requester" || part === "reviser") {
    const did = part === "requester" ? "submitted this release" : "revised this plan";
    const message = `you ${did}; somebody else has to approve what cannot be undone`;
    return reject("forbidden", "one-way.own-release", message);
  }
  if (wish.plan !== state.plan) {
    const message = `that is the approval of another plan; this release's is ${shortDigest(state.plan)}`;
    return reject("conflict", "one-way.other-plan", message);
  }
  if (!canStop(state.status) || hasBegun(state, step)) {
    const message = `"${step.do}" waits for no approval any more; the release is ${spokenStatus(state.status)}`;
    return reject("conflict", "one-way.closed", message);
  }
  const given = state.oneWay?.[step.id] ?? {};
  const before = Object.entries(given).find(([, one]) => one.by === who);
  if (given[wish.role] !== undefined)
    return reject("conflict", "one-way.already-given", `${wish.role} has approved "${step.do}" already`);
  if (before !== undefined) {
    const message = `you have approved "${step.do}" as ${before[0]}; one person counts once`;
    return reject("forbidden", "one-way.counted-twice", message);
  }
  draft.emit({ type: "OneWayApproved", step: step.id, role: wish.role, plan: state.plan });
  return draft.decided();
}
