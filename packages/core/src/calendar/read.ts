import { stringify } from "yaml";
import { spoken } from "../kit/duration.ts";
import type { Problem } from "../kit/problem.ts";
import { problemsOf, readChecked } from "../plan/read.ts";
import { type CalendarRule, CalendarRules } from "./schema.ts";

/**
 * Reads a calendar's rules from YAML or JSON. Never throws: what is wrong is in `problems`, each with its
 * line.
 */
export function readCalendarRules(
  text: string,
  file = "calendar.yaml",
): { readonly rules?: CalendarRules; readonly problems: readonly Problem[] } {
  const { value, problems } = readChecked(text, file, (given) => {
    const result = CalendarRules.safeParse(given);
    if (result.success) return { value: result.data, problems: twice(result.data) };
    return { problems: result.error.issues.flatMap((issue) => problemsOf(issue)) };
  });
  const found = problems.map((problem) => ({
    ...problem,
    code: problem.code.replace(/^plan\./, "calendar."),
  }));
  if (value === undefined || found.some(({ severity }) => severity === "error")) return { problems: found };
  return { rules: value, problems: found };
}

/** Rules of one name could not be told apart in the record. */
function twice({ freezes, windows }: CalendarRules): Problem[] {
  return [freezes, windows].flatMap((rules, n) =>
    rules.flatMap(({ name }, index): Problem[] => {
      if (rules.findIndex((one) => one.name === name) === index) return [];
      const pointer = `/${n === 0 ? "freezes" : "windows"}/${index}/name`;
      const message = `"${name}" is there twice`;
      return [{ code: "calendar.twice", severity: "error", message, pointer }];
    }),
  );
}

/** Writes the rules as a person would, so that they can be changed and sent back. */
export function writeCalendarRules(rules: CalendarRules): string {
  const line = ({ from, to, ...rule }: CalendarRule) => ({
    ...rule,
    ...(from === "00:00" ? {} : { from }),
    ...(to === "24:00" ? {} : { to }),
  });
  const { before, channel } = rules.notice;
  const written = {
    calendar: rules.calendar,
    zone: rules.zone,
    notice: { before: spoken(before), channel },
    freezes: rules.freezes.map(line),
    windows: rules.windows.map(line),
  };
  return stringify(written, { lineWidth: 0 });
}
