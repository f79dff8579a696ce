import type { CalendarRulesPreview, CalendarView } from "@gonogo/client";

export type Rules = CalendarView["rules"];
type Rule = Rules["freezes"][number];
export type Kind = "freeze" | "window";

/** A rule as it is typed. */
export interface Draft {
  readonly kind: Kind;
  readonly name: string;
  readonly when: "every" | "dates";
  readonly days: string;
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  readonly environments: string;
  readonly components: string;
}

export const EMPTY_DRAFT: Draft = {
  kind: "window",
  name: "",
  when: "every",
  days: "",
  from: "",
  to: "",
  zone: "",
  environments: "",
  components: "",
};

const LISTS = { freeze: "freezes", window: "windows" } as const;

export function draftOf(kind: Kind, rule: Rule): Draft {
  const { name, every, dates, from, to, zone = "", environments = [], components = [] } = rule;
  return {
    kind,
    name,
    when: dates === undefined ? "every" : "dates",
    days: dates ?? every ?? "",
    from: from === "00:00" ? "" : from,
    to: to === "24:00" ? "" : to,
    zone,
    environments: environments.join(", "),
    components: components.join(", "),
  };
}

/** `a, b` as a list. */
export function listIn(text: string): string[] {
  return text
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

/** What stands in a field, under its name; nothing where the field is empty. */
function given<K extends string>(name: K, value: string | readonly string[]): { [P in K]?: typeof value } {
  return (value.length === 0 ? {} : { [name]: value }) as { [P in K]?: typeof value };
}

/** All rules with the draft in the place of the rule that is edited, or behind the others; as text. */
export function rulesWith(
  rules: Rules,
  draft: Draft | undefined,
  edited?: { kind: Kind; name: string },
): string {
  const rule = draft && {
    name: draft.name.trim(),
    [draft.when]: draft.days.trim(),
    ...given("from", draft.from),
    ...given("to", draft.to),
    ...given("zone", draft.zone.trim()),
    ...given("environments", listIn(draft.environments)),
    ...given("components", listIn(draft.components)),
  };
  const list = (kind: Kind) => {
    const before: readonly object[] = rules[LISTS[kind]];
    const mine = rule !== undefined && draft?.kind === kind ? [rule] : [];
    const at = edited?.kind === kind ? rules[LISTS[kind]].findIndex(({ name }) => name === edited.name) : -1;
    return at < 0 ? [...before, ...mine] : before.toSpliced(at, 1, ...mine);
  };
  return JSON.stringify({ ...rules, freezes: list("freeze"), windows: list("window") });
}

/** What is wrong, by the field that it is about; `rest` is about none. */
export function wrongIn(problems: CalendarRulesPreview["problems"]): Partial<Record<string, string>> {
  return Object.fromEntries(
    problems
      .filter(({ severity }) => severity === "error")
      .map(({ pointer = "", message: text }) => {
        // The field says where it is.
        const message = text.replace(/^\/\S+: /, "");
        const [, field] = /^\/(?:freezes|windows)\/\d+\/(\w+)/.exec(pointer) ?? [];
        return [field === "every" || field === "dates" ? "days" : (field ?? "rest"), message];
      }),
  );
}
