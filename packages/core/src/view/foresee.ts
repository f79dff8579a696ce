import { spoken } from "../kit/duration.ts";
import { findStep } from "../plan/graph.ts";
import type { Plan } from "../plan/schema.ts";
import type { Command } from "../release/commands.ts";
import { decide } from "../release/decide.ts";
import type { ReleaseEvent } from "../release/events.ts";
import { evolve, metaOf } from "../release/evolve.ts";
import { needsReason, type PersonCommand } from "../release/person-commands.ts";
import type { ReleaseState, Status } from "../release/state.ts";
import { spokenChange } from "../revision/differs.ts";
import type { Revise } from "../revision/schema.ts";
import { upNext, waitsOf } from "./waits.ts";

/** What a command would bring about if it were given now. */
export type Foreseen =
  | {
      readonly ok: true;
      /** What would be recorded at once, a sentence each. */
      readonly does: readonly string[];
      readonly from: Status;
      readonly to: Status;
      /** Who or what it would wait for then. */
      readonly waits: readonly string[];
      readonly next?: { readonly what: string; readonly at: string };
      /** The names of the events, as they would stand in the log. */
      readonly events: readonly string[];
    }
  | { readonly ok: false; readonly code: string; readonly message: string };

/**
 * Decides a command without recording anything: the same `decide` and `evolve` that would run if it were
 * given. A reason that is still to be typed is taken as given.
 */
export function foresee(
  plan: Plan,
  state: ReleaseState,
  command: Command & { readonly body: PersonCommand | Revise },
): Foreseen {
  const { body } = command;
  const isRevision = body.type === "Revise";
  const isUnsaid = command.reason === undefined && (isRevision || needsReason(body));
  const asked = isUnsaid ? { ...command, reason: "(your reason)" } : command;
  const decision = decide(plan, state, asked);
  if (!decision.ok) return { ok: false, code: decision.rejection.code, message: decision.rejection.message };
  const meta = metaOf(asked);
  const then = isRevision ? body.plan : plan;
  const after = decision.events.reduce((now, event) => evolve(then, now, event, meta), state);
  const next = upNext(then, after, command.at);
  return {
    ok: true,
    does: decision.events.flatMap((event) => sentencesOf(then, state, event)),
    from: state.status,
    to: after.status,
    waits: waitsOf(then, after, command.at).map(({ what, who }) =>
      who.length === 0 ? what : `${who.join(" or ")}: ${what}`,
    ),
    ...(next === undefined ? {} : { next }),
    events: decision.events.map(({ type }) => type),
  };
}

function sentencesOf(plan: Plan, state: ReleaseState, event: ReleaseEvent): string[] {
  const step = (id: string) => findStep(plan, id)?.do ?? id;
  switch (event.type) {
    case "RollbackStarted":
      return event.items.length === 0
        ? ["Nothing was shifted, so nothing has to be put back."]
        : event.items.map((item) =>
            item.kind === "target"
              ? `Puts ${nameOf(plan, item.component)} back on version ${item.call.previous}, by itself.`
              : `Asks ${item.owner} to put back by hand: ${item.what}.`,
          );
    case "ReleasePaused":
      return ["Stops every further shift at once.", ...live(plan, state)];
    case "ReleaseResumed":
      return ["Shifts go on; a watch goes on where it stood."];
    case "PhasePassed": {
      const open = event.judged.filter(({ verdict }) => verdict !== "pass");
      const over = open.map(({ metric, verdict, why }) => `Steps over ${metric} (${verdict}): ${why}.`);
      return [`Passes now: ${step(event.step)}.`, ...over];
    }
    case "StepSkipped":
      return [`Goes on without: ${step(event.step)}.`];
    case "StepRetried":
      return [`Does again: ${step(event.step)}.`];
    case "StepDone":
      return [`Records as done: ${step(event.step)}.`];
    case "StepFailed":
      return [`Records as failed: ${step(event.step)}.`];
    case "ApprovalGiven":
      return [`Approves plan ${event.plan.slice(7, 19)} as ${event.role}.`];
    case "ApprovalDeclined":
      return [`Declines plan ${event.plan.slice(7, 19)} as ${event.role}; its gates stay closed.`];
    case "ApprovalWithdrawn":
      return [`Takes back the approval of ${event.role}.`];
    case "PlanRevised": {
      const { approvals, checks, probes } = event.voided;
      return [
        `Puts revision ${event.revision} in the place of ${event.before.slice(7, 19)}.`,
        ...event.changes.map((change) => `Changes ${spokenChange(change)}.`),
        ...(event.more === undefined ? [] : [`Changes ${event.more} more fields.`]),
        ...approvals.map(({ role }) => `Makes the approval of ${role} void.`),
        ...checks.map((id) => `Asks again: ${plan.checklist.find((one) => one.id === id)?.check ?? id}.`),
        ...(probes.length === 0 ? [] : [`Looks again: ${probes.join(", ")}.`]),
      ];
    }
    case "CheckAnswered":
      return [
        `Answers ${event.answer === "yes" ? "Yes" : "No"}: ${plan.checklist.find(({ id }) => id === event.check)?.check ?? event.check}.`,
      ];
    case "GatesOpened":
      return [
        `All gates are open: T is ${event.t}${event.slippedBy === undefined ? "" : `, ${spoken(event.slippedBy)} later than planned`}.`,
      ];
    case "GatesClosed":
      return [`The gates close: ${event.why}.`];
    case "RoleDelegated":
      return [
        `Somebody else signs and votes as ${event.role} in your place, in this release, until ${event.until}.`,
        "The two of you count once, and it is not passed on.",
      ];
    case "DelegationEnded":
      return [`Nobody signs or votes as ${event.role} by this delegation any more; what was signed stands.`];
    case "VoteCast":
      return [`Votes ${event.vote === "go" ? "GO" : "NO-GO"} as ${event.role}.`];
    case "PollClosed":
      return [
        event.result === "go" ? "The poll ends with GO." : "The poll ends with NO-GO: the release stops.",
      ];
    case "DecisionAsked":
      return [`Asks: ${event.question}${event.onSilence === "rollback" ? " Silence means rollback." : ""}`];
    case "DecisionTaken":
      return ["Answers the question that is open."];
    case "MessageDue":
      return [`Tells ${event.audience} by ${event.channel}: ${event.text}`];
    case "IncidentOpened":
      return [`Opens the incident ${event.incident}.`];
    case "ValidationRecorded":
      return [`Records the validation as ${event.verdict}.`];
    case "ReadingGiven":
      return [`Records the reading ${event.value}.`];
    case "BakeStarted":
      return [`The bake begins, until ${event.until}.`];
    case "ReviewSigned":
      return [`Signs the review as ${event.role}; it can no longer be changed.`];
    case "ReleaseCompleted":
      return ["The release is completed."];
    case "ReleaseAborted":
      return ["The release ends here."];
    default:
      return [];
  }
}

function nameOf(plan: Plan, component: string): string {
  return plan.components.find(({ id }) => id === component)?.name ?? component;
}

/** What stays as it is while a release stands still. */
function live(plan: Plan, state: ReleaseState): string[] {
  return plan.components.flatMap(({ id, name }) => {
    const share = state.components[id]?.observed.share ?? 0;
    return share === 0 ? [] : [`${name} stays at ${share} %.`];
  });
}
