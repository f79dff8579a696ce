import type { Actor } from "../actor/schema.ts";
import { signersOf } from "../approval/schema.ts";
import { delegationsTo, isUsed, signaturesOf } from "../approval/standing.ts";
import { archiveView } from "../archive/view.ts";
import { isWornOut } from "../check/standing.ts";
import { openQuestions } from "../decision/decide.ts";
import type { Answer } from "../decision/events.ts";
import { openChecks } from "../hypercare/decide.ts";
import type { Instant } from "../kit/instant.ts";
import { openIn } from "../obligation/state.ts";
import { findStep } from "../plan/graph.ts";
import type { Plan } from "../plan/schema.ts";
import { decide } from "../release/decide.ts";
import { needsReason, type PersonCommand } from "../release/person-commands.ts";
import { hasEnded, type ReleaseState } from "../release/state.ts";
import { isReviewOpen, openValidations } from "../review/decide.ts";
import { rollbackItems } from "../rollback/decide.ts";
import { pointsOfNoReturn, spokenPoint } from "../rollback/reachable.ts";
import { quarantineViews } from "./decisions.ts";
import type { Action } from "./schema.ts";

/**
 * What an actor may do now. Asked of `decide` itself, so that the page never offers what would be refused,
 * nor keeps back what would be allowed.
 */
export function actionsFor(plan: Plan, state: ReleaseState, actor: Actor, now: Instant): Action[] {
  if (actor.kind !== "person" && actor.kind !== "tool") return [];
  const lent = delegationsTo(state, actor, now).map(({ role }) => role);
  const who = { id: actor.id, roles: [...actor.roles, ...lent] };
  return candidates(plan, state, who, now)
    .filter(({ command }) => {
      const body = given(command);
      const asked = { id: "would-it", at: now, actor, reason: "asked what is possible", body };
      return decide(plan, state, asked).ok;
    })
    .map((candidate) => ({ ...candidate, needsReason: needsReason(candidate.command) }));
}

/** As it may be once what a person has to type is there. */
function given(command: PersonCommand): PersonCommand {
  return command.type === "CompleteObligation" ? { ...command, evidence: "typed" } : command;
}

type Candidate = Omit<Action, "needsReason">;

interface Who {
  readonly id: string;
  readonly roles: readonly string[];
}

function candidates(plan: Plan, state: ReleaseState, who: Who, now: Instant): Candidate[] {
  return [
    ...gateCandidates(plan, state, who, now),
    ...stepCandidates(plan, state),
    ...tailCandidates(plan, state, who.roles),
    ...oneWayCandidates(plan, state, who.roles),
    ...decisionCandidates(plan, state),
    ...steering(plan, state),
  ];
}

function gateCandidates(plan: Plan, state: ReleaseState, { id: me, roles }: Who, now: Instant): Candidate[] {
  const mine = (role: string) => roles.includes(role);
  const open = state.status === "gates" || state.status === "ready";
  const checks = plan.checklist
    .filter((check) => {
      const isAgain = check.probe !== undefined || isWornOut(check, state, now);
      return mine(check.role) && (isAgain || (open && state.checks[check.id] === undefined));
    })
    .flatMap(({ id, check }): Candidate[] => [
      answer(`Yes: ${check}`, "Records that this holds.", { type: "AnswerCheck", check: id, answer: "yes" }),
      answer(`No: ${check}`, "Records that this does not hold; the gates stay closed.", {
        type: "AnswerCheck",
        check: id,
        answer: "no",
      }),
    ]);
  const overrides = plan.checklist
    .filter(({ override }) => override !== undefined)
    .map(({ id, check }) =>
      advance(
        `Step over: ${check}`,
        "With a second person the release may go on against what the probe says.",
        {
          type: "OverrideCheck",
          check: id,
        },
      ),
    );
  const approvals = plan.approvals
    .filter((rule) => !isUsed(state) && signersOf(rule).some(mine))
    .flatMap((rule): Candidate[] => {
      const { role } = rule;
      const signed = signaturesOf(state, role).find(({ by, verdict }) => by === me && verdict !== "expired");
      const back = `Withdraw ${signed?.verdict === "declined" ? "your No" : "approval"} as ${role}`;
      const after = signed?.verdict === "declined" ? "The role can approve again." : "The gates close again.";
      return [
        ...(signed === undefined ? [] : [stop(back, after, { type: "WithdrawApproval" as const, role })]),
        ...(signed?.verdict === "given"
          ? []
          : [
              advance(`Approve as ${role}`, "Signs off this plan, by its digest.", {
                type: "Approve",
                role,
                plan: state.plan,
              }),
            ]),
        ...(signed === undefined
          ? [
              stop(`Decline as ${role}`, "The gates stay closed.", {
                type: "Decline" as const,
                role,
                plan: state.plan,
              }),
            ]
          : []),
      ];
    });
  const votes = (state.poll?.roles ?? [])
    .filter((role) => mine(role) && state.poll?.result === undefined)
    .flatMap((role): Candidate[] => [
      advance(`GO as ${role}`, "Votes to go.", { type: "Vote", role, vote: "go" }),
      stop(`NO-GO as ${role}`, "One NO-GO stops the release before it shifts.", {
        type: "Vote",
        role,
        vote: "no-go",
      }),
      ...(plan.poll?.abstain === true
        ? [
            answer(`Abstain as ${role}`, "Answers without a vote.", {
              type: "Vote" as const,
              role,
              vote: "abstain" as const,
            }),
          ]
        : []),
    ]);
  return [...votes, ...checks, ...overrides, ...approvals];
}

function stepCandidates(plan: Plan, state: ReleaseState): Candidate[] {
  return Object.entries(state.steps).flatMap(([id, step]): Candidate[] => {
    const what = findStep(plan, id)?.do ?? id;
    switch (step.status) {
      case "running":
      case "shifting":
        return [
          answer(`Done: ${what}`, "Records that it was done, and the release goes on.", {
            type: "CompleteStep",
            step: id,
            ok: true,
          }),
          answer(`Failed: ${what}`, "Records that it failed, and asks what to do.", {
            type: "CompleteStep",
            step: id,
            ok: false,
          }),
        ];
      case "watching":
      case "held":
        return [
          advance(`Promote: ${what}`, "Lets the phase pass now, whatever its metrics say.", {
            type: "Promote",
            step: id,
          }),
        ];
      case "failed":
        return [
          advance(`Retry: ${what}`, "Does the step again.", { type: "Retry", step: id }),
          advance(`Skip: ${what}`, "Goes on without it.", { type: "Skip", step: id }),
        ];
      default:
        return [];
    }
  });
}

function tailCandidates(plan: Plan, state: ReleaseState, roles: readonly string[]): Candidate[] {
  const byHand = (state.rollback?.items ?? [])
    .filter((item) => item.kind === "manual" && item.status === "waiting")
    .map((item) =>
      answer(
        `Undone: ${item.kind === "manual" ? item.what : item.id}`,
        "Records that it was put back by hand.",
        {
          type: "CompletePutBack",
          item: item.id,
          ok: true,
        },
      ),
    );
  const validations =
    state.status === "validating"
      ? openValidations(plan, state)
          .filter(({ person, owner }) => person && (owner === undefined || roles.includes(owner)))
          .flatMap(({ id, check, threshold }): Candidate[] => [
            answer(`Passes: ${check}`, `Records that it is ${threshold}.`, {
              type: "RecordValidation",
              validation: id,
              pass: true,
              result: "passes",
            }),
            answer(`Fails: ${check}`, "Records that it does not pass, and asks what to do.", {
              type: "RecordValidation",
              validation: id,
              pass: false,
              result: "fails",
            }),
          ])
      : [];
  const validateAll =
    state.status === "validating"
      ? [advance("Accept the validation as it is", "Goes on to the bake.", { type: "Promote" })]
      : [];
  const review =
    isReviewOpen(state) && roles.includes(plan.review.role)
      ? [
          advance("Sign the review", "Closes the release with its review.", {
            type: "SignReview",
            role: plan.review.role,
            entries: {},
          }),
        ]
      : [];
  const owed = openIn(state)
    .filter(({ closedBy }) => closedBy === "person")
    .map(({ id, what, act }) => ({
      ...answer(
        `Done: ${what}`,
        "Records that what was owed is done; say what was done, or where to see it.",
        {
          type: "CompleteObligation",
          obligation: id,
          note: "done",
        },
      ),
      ...(act === undefined ? {} : { needsEvidence: true as const }),
    }));
  const resolve =
    state.incident !== undefined && state.incident.resolvedAt === undefined
      ? [
          answer("The incident is resolved", "Records that service is as it should be again.", {
            type: "ResolveIncident",
            how: "resolved",
          }),
        ]
      : [];
  const cared = openChecks(plan, state)
    .filter(({ owner }) => roles.includes(owner))
    .flatMap(({ id, check }): Candidate[] => [
      answer(`Well: ${check}`, "Records that it is as it should be.", {
        type: "AnswerHypercare",
        check: id,
        pass: true,
        result: "well",
      }),
      answer(`Not well: ${check}`, "Records that it is not, and pages for it.", {
        type: "AnswerHypercare",
        check: id,
        pass: false,
        result: "not well",
      }),
    ]);
  const copies = (archiveView(state)?.copies ?? [])
    .filter(({ status, why }) => status !== "copied" && why !== undefined)
    .map(({ place, name }) =>
      answer(`Copy the archive again: ${name}`, "Takes the archive there once more, as it was closed.", {
        type: "CopyArchive",
        place,
      }),
    );
  return [...copies, ...byHand, ...validations, ...validateAll, ...review, ...resolve, ...cared, ...owed];
}

function oneWayCandidates(plan: Plan, state: ReleaseState, roles: readonly string[]): Candidate[] {
  return pointsOfNoReturn(plan).flatMap((point) =>
    point.approvals
      .filter((role) => roles.includes(role) && state.oneWay?.[point.step]?.[role] === undefined)
      .map((role) =>
        advance(`Approve as ${role}, with no way back: ${point.what}`, `${spokenPoint(plan, point)}.`, {
          type: "ApproveStep",
          step: point.step,
          role,
          plan: state.plan,
        }),
      ),
  );
}

/** Answers to what those with rollback authority are asked, and quarantines that could be lifted. */
function decisionCandidates(plan: Plan, state: ReleaseState): Candidate[] {
  const answers = openQuestions(state).flatMap(([decision, { causes = [] }]): Candidate[] => {
    const about = causes[0]?.text ?? decision;
    const command = (answer: Answer) => ({ type: "Decide", decision, answer }) as const;
    return [
      stop(
        `Decide to roll back: ${about}`,
        "Answers the question; everything goes back.",
        command("rollback"),
      ),
      advance(`Decide to go on: ${about}`, "Answers the question; shifts go on.", command("go-on")),
      advance(
        `Decide to fix forward: ${about}`,
        "Shifts go on, and the repair is owed by the owner.",
        command("fix-forward"),
      ),
    ];
  });
  const lifts = quarantineViews(plan, state).map(({ alarm }) =>
    advance(`Believe ${alarm} again`, "Lifts the quarantine; where it is red, it counts.", {
      type: "LiftQuarantine",
      alarm,
    }),
  );
  return [...answers, ...lifts];
}

function steering(plan: Plan, state: ReleaseState): Candidate[] {
  if (hasEnded(state.status) && state.status !== "rollback-unconfirmed") return [];
  const all = plan.components.map(({ id }) => id);
  const items = rollbackItems(plan, state, all);
  const back = items.map((item) =>
    item.kind === "target"
      ? `${item.component} back on ${item.call.previous}`
      : `${item.what} (${item.owner})`,
  );
  const effect =
    back.length === 0 ? "Nothing was shifted; the release ends here." : `Puts back: ${back.join("; ")}.`;
  return [
    advance("Resume", "Shifts go on; a watch goes on where it stood.", { type: "Resume" }),
    stop("Pause", "Stops the next shift at once. What is live stays live.", { type: "Pause" }),
    stop("Roll back", effect, { type: "Rollback" }),
    stop("Abort", effect, { type: "Abort" }),
  ];
}

function advance(label: string, effect: string, command: PersonCommand): Candidate {
  return { label, effect, command, tone: "advance" };
}

function answer(label: string, effect: string, command: PersonCommand): Candidate {
  return { label, effect, command, tone: "answer" };
}

function stop(label: string, effect: string, command: PersonCommand): Candidate {
  return { label, effect, command, tone: "stop" };
}
