import { hasRole, principal } from "../actor/schema.ts";
import { approvalBlockers, signaturesOf } from "../approval/standing.ts";
import { RELEASE_MANAGER } from "../authority/authority.ts";
import { settleGates } from "../gate/decide.ts";
import { shortDigest } from "../kit/digest.ts";
import { oneOf } from "../kit/text.ts";
import { tell } from "../message/auto.ts";
import { planDigest } from "../plan/digest.ts";
import type { Plan } from "../plan/schema.ts";
import type { Command } from "../release/commands.ts";
import { type Decision, Draft, reject } from "../release/draft.ts";
import type { ReleaseState } from "../release/state.ts";
import { isPhase } from "../step/schema.ts";
import { recordedChanges } from "./differs.ts";
import type { PlanRevised, Voided } from "./events.ts";
import { MOST_REVISIONS, type Revise } from "./schema.ts";
import { boundChecks } from "./standing.ts";

/**
 * Puts another plan in the place of the one that was submitted, as long as the release has not started.
 * What was approved, voted and answered of the one before falls, and whoever changes it approves nothing of
 * it (S7). Whether the new plan is a good one has been looked at before: by lint and policy.
 */
export function revise(plan: Plan, state: ReleaseState, command: Command, wish: Revise): Decision {
  const refusal = whyNot(plan, state, command, wish);
  if (refusal !== undefined) return refusal;
  // From here on it is the new plan that everything is decided by.
  const draft = new Draft(wish.plan, state, command);
  const event = revised(plan, state, command, wish);
  draft.emit(event);
  settleGates(draft);
  const fallen = event.voided.approvals.length;
  const void_ = fallen === 0 ? "" : `; ${fallen} ${fallen === 1 ? "approval is" : "approvals are"} void`;
  tell(
    draft,
    `revised-${event.revision}`,
    "status",
    `its plan was revised (revision ${event.revision})${void_}`,
  );
  return draft.decided();
}

function whyNot(plan: Plan, state: ReleaseState, command: Command, wish: Revise): Decision | undefined {
  const { actor } = command;
  const who = principal(actor);
  if ((actor.kind !== "person" && actor.kind !== "tool") || who === undefined) {
    return reject("forbidden", "revise.not-a-person", "only a person or a tool can revise a plan");
  }
  if (command.reason === undefined || command.reason.trim() === "") {
    return reject("invalid", "command.no-reason", "Revise has to say why: give a reason");
  }
  const may = revisers(plan);
  if (who !== state.requester && !may.some((role) => hasRole(actor, role))) {
    const message = `the plan is revised by whoever submitted it, or by ${oneOf(may)}; you are neither`;
    return reject("forbidden", "revise.not-your-role", message);
  }
  if (state.status !== "gates" && state.status !== "ready") {
    return reject("conflict", "revise.started", whyTooLate(state));
  }
  if (wish.from !== state.plan) {
    const last = state.revisions?.at(-1);
    const since = last === undefined ? "" : `, since ${last.at} that of revision ${last.n}`;
    const message = `you read another plan: this release's is ${shortDigest(state.plan)}${since}; read it again and revise that`;
    return reject("conflict", "revise.other-plan", message);
  }
  if (wish.plan.id !== plan.id) {
    const message = `a revision keeps the release's id, ${plan.id}; submit ${wish.plan.id} as a release of its own`;
    return reject("invalid", "revise.other-id", message);
  }
  if (wish.plan.environment !== plan.environment) {
    const message = `a revision stays in ${plan.environment}; abort this release and submit one for ${wish.plan.environment}`;
    return reject("invalid", "revise.other-environment", message);
  }
  if (plan.rehearsalOf !== undefined || wish.plan.rehearsalOf !== undefined) {
    const message = "a rehearsal is of the plan that it tries; rehearse the revised plan instead";
    return reject("invalid", "revise.rehearsal", message);
  }
  if (planDigest(wish.plan) === state.plan) {
    return reject(
      "conflict",
      "revise.same",
      "that is the plan that this release has already; nothing differs",
    );
  }
  if (state.revision >= MOST_REVISIONS) {
    const message = `it has been revised ${MOST_REVISIONS - 1} times; abort it and submit what it has become`;
    return reject("conflict", "revise.too-often", message);
  }
  return undefined;
}

/** Who may revise besides whoever submitted it. */
function revisers(plan: Plan): string[] {
  return [RELEASE_MANAGER, ...new Set(plan.steps.filter(isPhase).map(({ owner }) => owner))].filter(
    (role, at, all) => all.indexOf(role) === at,
  );
}

function whyTooLate(state: ReleaseState): string {
  switch (state.status) {
    case "running":
    case "validating":
    case "baking": {
      const since = state.startedAt === undefined ? "" : ` since ${state.startedAt}`;
      return `it is under way${since}, on the plan that was approved: pause it, or roll it back and submit another`;
    }
    case "rolling-back":
      return "it is being rolled back; submit another release afterwards";
    default:
      return `it is over (${state.status}); submit another release`;
  }
}

function revised(plan: Plan, state: ReleaseState, command: Command, wish: Revise): PlanRevised {
  const { plan: after } = wish;
  const gone = (plan.authors ?? []).filter((author) => after.authors?.includes(author) !== true);
  return {
    type: "PlanRevised",
    revision: state.revision + 1,
    plan: planDigest(after),
    before: state.plan,
    approved: plan.approvals.length > 0 && approvalBlockers(plan, state, command.at).length === 0,
    title: after.title,
    plannedT: after.start,
    ...(wish.policy === undefined ? {} : { policy: wish.policy }),
    ...recordedChanges(plan, after),
    voided: voidedIn(plan, state, after),
    ...(gone.length === 0 ? {} : { authors: gone }),
  };
}

function voidedIn(plan: Plan, state: ReleaseState, after: Plan): Voided {
  return {
    approvals: Object.keys(state.approvals).flatMap((role) =>
      signaturesOf(state, role).map(({ by }) => ({ role, by })),
    ),
    checks: boundChecks(plan, after).filter((id) => state.checks[id] !== undefined),
    probes: [...new Set([...Object.keys(state.probes ?? {}), ...Object.keys(state.overrides ?? {})])].sort(),
    steps: Object.entries(state.oneWay ?? {}).flatMap(([step, given]) =>
      Object.entries(given).map(([role, { by }]) => ({ step, role, by })),
    ),
    votes: Object.entries(state.poll?.votes ?? {}).map(([role, { by }]) => ({ role, by })),
  };
}
