import type { ChoiceState, FailState, WaitState } from "./asl.ts";
import { type Draft, visitOf } from "./draft.ts";
import { type Failure, StateFailed } from "./failure.ts";
import { type Left, leave } from "./leave.ts";
import type { Branch } from "./position.ts";
import { BOOLEAN, evaluateTyped, SECONDS, STRING } from "./query.ts";

/** Leaves by the first rule that holds, or by Default. Throws StateFailed. */
export async function choose(draft: Draft, branch: Branch, state: ChoiceState): Promise<Left> {
  const bindings = draft.bindings(branch);
  const { input } = visitOf(branch);
  for (const [index, rule] of state.Choices.entries()) {
    const field = `Choices[${index}]/`;
    if (await evaluateTyped(rule.Condition, bindings, `${field}Condition`, BOOLEAN)) {
      return await leave(draft, branch, rule, bindings, input, field);
    }
  }
  if (state.Default === undefined) {
    throw new StateFailed({
      error: "States.NoChoiceMatched",
      cause: "No choice rule matched, and there is no Default.",
    });
  }
  return await leave(draft, branch, { ...state, Next: state.Default }, bindings, input);
}

/** The Failure that a Fail state declares. Throws StateFailed when it cannot be evaluated. */
export async function declaredFailure(draft: Draft, branch: Branch, state: FailState): Promise<Failure> {
  const bindings = draft.bindings(branch);
  return {
    ...(state.Error === undefined
      ? {}
      : { error: await evaluateTyped(state.Error, bindings, "Error", STRING) }),
    ...(state.Cause === undefined
      ? {}
      : { cause: await evaluateTyped(state.Cause, bindings, "Cause", STRING) }),
  };
}

/** A Wait of more than this is refused, as recorded: 24,855 days pass, 24,856 do not. */
const LONGEST_WAIT_SECONDS = 2 ** 31 - 1;

/** An instant with its offset: RFC 3339. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** When a Wait is over, in milliseconds. Throws StateFailed. */
export async function waitUntil(draft: Draft, branch: Branch, state: WaitState): Promise<number> {
  const bindings = draft.bindings(branch);
  const { now } = draft.ambient;
  const until =
    state.Timestamp === undefined
      ? now + (await evaluateTyped(state.Seconds, bindings, "Seconds", SECONDS)) * 1000
      : instant(await evaluateTyped(state.Timestamp, bindings, "Timestamp", STRING));
  if (until - now > LONGEST_WAIT_SECONDS * 1000) {
    throw new StateFailed({ error: "States.Runtime", cause: "Wait state delay is too long." });
  }
  return until;
}

function instant(text: string): number {
  const at = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new StateFailed({
    error: "States.Runtime",
    cause: `The Timestamp parameter does not reference a valid ISO-8601 extended offset date-time format string: ${text}`,
  });
}
