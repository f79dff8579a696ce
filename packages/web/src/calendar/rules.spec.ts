import { readCalendarRules } from "@gonogo/core/calendar/read";
import { NO_RULES } from "@gonogo/core/calendar/schema";
import { expect, test } from "vitest";
import { type Draft, draftOf, EMPTY_DRAFT, rulesWith, wrongIn } from "./rules.ts";

const MONTHLY: Draft = {
  ...EMPTY_DRAFT,
  name: "Monthly",
  days: "first Tuesday",
  from: "02:00",
  to: "04:00",
  environments: "production, staging",
};

function set(...args: Parameters<typeof rulesWith>) {
  const { rules, problems } = readCalendarRules(rulesWith(...args));
  if (rules === undefined) throw new Error(problems.map(({ message }) => message).join("; "));
  return rules;
}

test("a rule goes from the form into the calendar and back", () => {
  const rules = set(NO_RULES, MONTHLY);
  expect(rules.windows).toEqual([
    {
      name: "Monthly",
      every: "first Tuesday",
      from: "02:00",
      to: "04:00",
      environments: ["production", "staging"],
    },
  ]);
  expect(rules.windows.map((rule) => draftOf("window", rule))).toEqual([MONTHLY]);
});

test("an edited rule takes its own place, or another kind's; without a draft it is gone", () => {
  const second = { ...MONTHLY, name: "Weekly", days: "Friday" };
  const rules = set(set(NO_RULES, MONTHLY), second);
  const edited = { kind: "window", name: "Monthly" } as const;
  const moved = set(rules, { ...MONTHLY, days: "last Friday" }, edited);
  expect(moved.windows.map(({ every }) => every)).toEqual(["last Friday", "Friday"]);
  const frozen = set(rules, { ...MONTHLY, kind: "freeze", when: "dates", days: "12-24..12-26" }, edited);
  expect([frozen.freezes.map(({ dates }) => dates), frozen.windows.length]).toEqual([["12-24..12-26"], 1]);
  expect(set(rules, undefined, edited).windows.map(({ name }) => name)).toEqual(["Weekly"]);
});

test("what is wrong is told at its field", () => {
  const { problems } = readCalendarRules(
    rulesWith(NO_RULES, { ...MONTHLY, days: "sometimes", zone: "Mars" }),
  );
  expect(Object.keys(wrongIn(problems)).toSorted()).toEqual(["days", "zone"]);
  expect(wrongIn([{ code: "x", severity: "error", message: "all of it" }])).toEqual({ rest: "all of it" });
});
