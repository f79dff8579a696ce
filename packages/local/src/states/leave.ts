import type { Assignments, State } from "./asl.ts";
import { type Draft, visitOf } from "./draft.ts";
import { withinLimit } from "./failure.ts";
import { whole } from "./history.ts";
import type { Branch } from "./position.ts";
import { type Bindings, evaluate } from "./query.ts";

/** How a state is left: by itself, by a catcher, or by a choice rule. */
export interface Leaving {
  readonly Assign?: Assignments;
  readonly Output?: unknown;
  /** Where to; undefined ends the branch. */
  readonly Next?: string | undefined;
}

export interface Left {
  readonly output: unknown;
  readonly next: string | undefined;
}

/**
 * Evaluates Assign and Output, both with the variables as they were, and leaves the state.
 * @param otherwise the output when there is no Output
 * @param field what stands before `Output` in an error's location, such as `Catch[0]/`
 * Throws StateFailed.
 */
export async function leave(
  draft: Draft,
  branch: Branch,
  leaving: Leaving,
  bindings: Bindings,
  otherwise: unknown,
  field = "",
): Promise<Left> {
  const { name } = visitOf(branch);
  const assigned = (await evaluate(leaving.Assign ?? {}, bindings, `${field}Assign`)) as Record<
    string,
    unknown
  >;
  const output =
    leaving.Output === undefined ? otherwise : await evaluate(leaving.Output, bindings, `${field}Output`);
  withinLimit(output, name);
  withinLimit(assigned, name);
  draft.follow(branch, `${draft.state(branch).Type}StateExited`, {
    name,
    output: JSON.stringify(output),
    outputDetails: whole,
    ...assignedDetails(assigned),
  });
  Object.assign(branch.variables, assigned);
  delete branch.visit;
  return { output, next: leaving.Next };
}

/** How a state leaves when all goes well. */
export function ownLeaving(state: Exclude<State, { Type: "Choice" | "Fail" }>): Leaving {
  return state.Type === "Succeed" ? { Output: state.Output } : state;
}

function assignedDetails(assigned: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(assigned);
  if (entries.length === 0) return {};
  return {
    assignedVariables: Object.fromEntries(entries.map(([name, value]) => [name, JSON.stringify(value)])),
    assignedVariablesDetails: whole,
  };
}
