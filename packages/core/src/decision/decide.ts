import { principal } from "../actor/schema.ts";
import { oneOf } from "../kit/text.ts";
import type { Draft } from "../release/draft.ts";
import { type Decision, reject } from "../release/draft.ts";
import type { PersonCommand } from "../release/person-commands.ts";
import { spokenStatus } from "../release/spoken.ts";
import { canStop, type DecisionState, type ReleaseState } from "../release/state.ts";
import { startRollback } from "../rollback/decide.ts";
import type { Answer } from "./events.ts";
import { authorityOf, oweFix, whoDecides } from "./matrix.ts";

/** Open questions that are for those with rollback authority: what a trigger stopped the release for. */
export function openQuestions(state: ReleaseState): [string, DecisionState][] {
  return Object.entries(state.decisions).filter(([, { about }]) => about.kind === "trigger");
}

/**
 * Somebody with the authority answers. Any one, or all who have to agree, as the plan says; whoever may roll
 * back alone does so at once. `goOn` is what resuming takes; it is asked only when nothing else is open.
 */
export function answerQuestion(
  draft: Draft,
  wish: Extract<PersonCommand, { type: "Decide" }>,
  goOn: () => Decision,
): Decision {
  const { state, command } = draft;
  if (!canStop(state.status))
    return reject(
      "conflict",
      "decide.stopped",
      `the release is ${spokenStatus(state.status)}: nothing is asked any more`,
    );
  const open = openQuestions(state);
  const [id, asked] =
    (wish.decision === undefined && open.length === 1
      ? open[0]
      : open.find(([key]) => key === wish.decision || key === `trigger:${wish.decision}`)) ?? [];
  if (id === undefined || asked === undefined) {
    const which = oneOf(open.map(([key]) => key));
    const message = which === "" ? "no decision is asked for" : `name the decision: ${which}`;
    return reject("conflict", "decide.nothing", message);
  }
  const role = roleFor(draft, wish);
  if (typeof role !== "string") return role;
  const who = principal(command.actor);
  const other = Object.entries(asked.votes ?? {}).find(([as, { by }]) => by === who && as !== role);
  if (other !== undefined)
    return reject(
      "forbidden",
      "decide.counted-twice",
      `you have voted as ${other[0]}; one person counts once`,
    );
  draft.emit({ type: "DecisionVoted", decision: id, role, answer: wish.answer });
  const answer = concluded(draft, id, role, wish.answer);
  return answer === undefined ? draft.decided() : conclude(draft, id, answer, goOn);
}

/** The role in which the actor answers, or why they may not. */
function roleFor(
  draft: Draft,
  { answer, role }: Extract<PersonCommand, { type: "Decide" }>,
): string | Decision {
  const { plan, command } = draft;
  const { roles, alone } = authorityOf(plan);
  const held = command.actor.kind === "person" ? command.actor.roles : [];
  const mine = held.filter((one) => role === undefined || one === role);
  const found = mine.find((one) => roles.includes(one));
  if (found !== undefined) return found;
  const single = mine.find((one) => alone.includes(one));
  if (single !== undefined && answer === "rollback") return single;
  if (single !== undefined) {
    const message = `${single} may roll back alone; to go on or fix forward is for ${whoDecides(plan)}`;
    return reject("forbidden", "decide.alone", message);
  }
  return reject("forbidden", "decide.not-your-role", `this is for ${whoDecides(plan)} to decide`);
}

/** The answer that stands; undefined while others are still to be heard, or do not agree. */
function concluded(draft: Draft, id: string, role: string, answer: Answer): Answer | undefined {
  const { roles, alone, votes } = authorityOf(draft.plan);
  if (votes === "any" || (answer === "rollback" && alone.includes(role))) return answer;
  const cast = draft.state.decisions[id]?.votes ?? {};
  return roles.every((one) => cast[one]?.answer === answer) ? answer : undefined;
}

function conclude(draft: Draft, id: string, answer: Answer, goOn: () => Decision): Decision {
  const asked = draft.state.decisions[id];
  if (asked === undefined || asked.about.kind !== "trigger") return draft.decided();
  const { causes = [], votes = {} } = asked;
  const by = Object.entries(votes)
    .filter(([, vote]) => vote.answer === answer)
    .map(([role]) => role);
  const cause = causes[0]?.text ?? asked.question;
  draft.emit({ type: "DecisionTaken", decision: id, answer: `${answer} (${oneOf(by, "and")})` });
  if (answer === "rollback") {
    startRollback(
      draft,
      `${oneOf(by, "and")} decided to roll back: ${cause}`,
      componentOf(draft, asked),
      causes,
    );
    return draft.decided();
  }
  if (answer === "fix-forward") {
    const { trigger } = asked.about;
    const owner = draft.plan.triggers.find((one) => one.id === trigger)?.owner ?? draft.plan.review.role;
    draft.emit({ type: "FixForwardChosen", cause, owner, decision: id, trigger });
    oweFix(draft, trigger, cause, owner);
  }
  const { paused, decisions } = draft.state;
  const isStillAsked = Object.values(decisions).some(({ about }) =>
    ["trigger", "drift", "alarm", "limit"].includes(about.kind),
  );
  return paused === undefined || isStillAsked ? draft.decided() : goOn();
}

/** The one component that all causes speak of; undefined puts everything back. */
function componentOf({ plan }: Draft, { about, causes = [] }: DecisionState): string | undefined {
  const ids = new Set([
    ...(about.kind === "trigger" ? [about.trigger] : []),
    ...causes.map((one) => one.trigger),
  ]);
  const components = new Set(plan.triggers.filter(({ id }) => ids.has(id)).map((one) => one.component));
  return components.size === 1 ? [...components][0] : undefined;
}

/** Why the actor may not simply resume: a question is open that is for others, or for more than one. */
export function whyNotResume(draft: Draft): Decision | undefined {
  const { plan, state, command } = draft;
  if (plan.decisions === undefined || openQuestions(state).length === 0) return undefined;
  const { roles, votes } = authorityOf(plan);
  const held = command.actor.kind === "person" ? command.actor.roles : [];
  if (votes === "any" && held.some((role) => roles.includes(role))) return undefined;
  const message = `a decision is asked of ${whoDecides(plan)}: they answer it (decide) with go-on, fix-forward or rollback`;
  return reject("forbidden", "resume.decision", message);
}
