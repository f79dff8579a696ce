import type { CalendarState } from "../../calendar/state.ts";
import type { Freeze } from "../../freeze/schema.ts";
import type { Problem } from "../../kit/problem.ts";
import type { Plan } from "../schema.ts";

/** What a plan alone does not say, where whoever asks knows it. */
export interface Around {
  /** Freezes that hold for every plan, besides its own. */
  readonly freezes?: readonly Freeze[];
  /** The deployment's calendar: what the release will have to wait for. */
  readonly calendar?: CalendarState;
  /** Everybody who could approve, with the roles they hold. */
  readonly people?: readonly { readonly id: string; readonly roles: readonly string[] }[];
  /** Who submits the plan; they approve nothing of it. */
  readonly requester?: string;
  /** How many requests or sessions a component has in a minute. */
  readonly perMinute?: Readonly<Record<string, number>>;
}

/** Looks for one kind of mistake. */
export type Rule = (plan: Plan, around: Around) => Problem[];

type Found = Omit<Problem, "severity" | "code" | "place">;

/** `pointer` leads to what is wrong; `fix` says what to write instead. */
export function error(code: string, found: Found): Problem {
  return { code: `plan.${code}`, severity: "error", ...found };
}

export function warning(code: string, found: Found): Problem {
  return { code: `plan.${code}`, severity: "warning", ...found };
}

export function info(code: string, found: Found): Problem {
  return { code: `plan.${code}`, severity: "info", ...found };
}

/** Pairs each item with its place in the plan. */
export function indexed<T>(items: readonly T[]): { item: T; index: number }[] {
  return items.map((item, index) => ({ item, index }));
}
