import { roundedUp, spoken } from "@gonogo/core/kit/duration";
import { since } from "@gonogo/core/kit/instant";
import type { CheckView, ReleaseView } from "@gonogo/core/view/schema";
import type { Paint } from "../terminal/paint.ts";
import { type TableOptions, table } from "../terminal/table.ts";
import { near } from "../terminal/time.ts";

/** One word for where a check stands. */
export function checkWord(
  { answer, holds, probe }: Pick<CheckView, "answer" | "holds" | "probe">,
  paint: Paint,
): string {
  if (answer === "no") return paint("red", "no");
  if (probe === undefined) {
    if (answer === undefined) return paint("dim", "open");
    return holds ? paint("green", "yes") : paint("yellow", "expired");
  }
  if (holds) return probe.answer === "yes" ? paint("green", "yes") : paint("yellow", "overridden");
  if (probe.answer === undefined) return paint("dim", "unseen");
  if (probe.answer === "yes") return paint("yellow", "stale");
  return paint(probe.answer === "no" ? "red" : "yellow", probe.answer);
}

/** When a check was answered last. */
export function answeredAt({ answer, at, probe }: Pick<CheckView, "answer" | "at" | "probe">) {
  return answer === "no" ? at : (probe?.askedAt ?? at);
}

/** A row for each check, and under it what its probe looks at and what it saw. */
export function checkLines({ checklist, now }: ReleaseView, paint: Paint, options: TableOptions): string[] {
  const rows = checklist.map((check) => {
    const { id, role, probe, expires } = check;
    const at = answeredAt(check);
    const next = probe?.nextLook;
    return [
      checkWord(check, paint),
      id,
      probe === undefined ? role : `probe: ${probe.kind}`,
      at === undefined ? "" : `${spoken(roundedUp(since(at, now)))} ago`,
      expires === undefined ? "" : `until ${near(now, expires)}`,
      next === undefined ? "" : next <= now ? "next: now" : `next: ${near(now, next)}`,
      check.check,
    ];
  });
  const notes = checklist.flatMap(({ id, probe, why }) => {
    if (probe === undefined) return why === undefined ? [] : [`${id}: ${why}`];
    const { looksAt, saw, override } = probe;
    const asked =
      override === undefined
        ? []
        : [
            `${id}: stepping over it was asked for${override.second ? " and agreed to" : "; a second person has to agree"}: ${override.reason ?? ""}`,
          ];
    return [`${id}: ${looksAt}${saw === undefined ? "" : ` -- ${saw.source}: ${saw.detail}`}`, ...asked];
  });
  return [...table(rows, options), ...notes.map((note) => paint("dim", note))];
}
