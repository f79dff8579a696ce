import { ms, parseDuration, spoken, toMs } from "../../kit/duration.ts";
import { offset, spokenOffset } from "../../kit/offset.ts";
import type { Place } from "../../kit/problem.ts";
import { reachedAfter } from "../../target/app-store-curve.ts";
import type { Findings } from "../findings.ts";
import type { PhaseInput } from "../section/context.ts";
import { millis } from "../section/steps.ts";
import { percentSaid } from "../section/values.ts";

/**
 * What has to be true before a message may say that a share is live: the phase has been shifted. Where the
 * message says that it went well, or where a store goes its own pace, the phase has to have passed.
 */
export function claimsOf(
  findings: Findings,
  place: Place,
  message: { readonly text: string; readonly at: string },
  phases: readonly PhaseInput[],
  isCurve: (component: string) => boolean,
): string[] {
  const percent = percentSaid(message.text);
  if (percent === undefined) return [];
  const same = phases.filter((phase) => Number(phase.percent) === percent);
  const before = same.filter((phase) => millis(phase.at) <= millis(message.at));
  const claimed = before.length > 0 ? latestOfEach(before) : same.slice(0, 1);
  if (claimed.length === 0) {
    const said = `this message says ${percent} %, and no phase has that share`;
    findings.warning(
      "claim",
      place,
      said,
      "it is sent at its time, whether or not that is true; change the text",
    );
    return [];
  }
  const isOver = /success|complete|finished|done|passed/i.test(message.text);
  return claimed.map((phase) => {
    const curve = isCurve(phase.component);
    const due = curve ? millis(phase.at) + toMs(reachedAfter(percent)) : millis(phase.at);
    const earliest = isOver || curve ? Math.max(due, millis(phase.at) + watchMs(phase)) : due;
    if (earliest > millis(message.at)) {
      const late = spoken(ms(earliest - millis(message.at)));
      const said = `at ${spokenOffset(offset(millis(message.at)))} phase ${phase.phase} will not be at ${percent} %`;
      findings.warning(
        "claim-early",
        place,
        said,
        `the message waits until it is, ${late} later at the earliest`,
      );
    }
    return isOver || curve ? phase.id : `${phase.id}:shifted`;
  });
}

function watchMs(phase: PhaseInput): number {
  const length = parseDuration(phase.watch);
  return length.ok ? toMs(length.value) : 0;
}

/** A later phase of a component with the same share stands for the earlier one. */
function latestOfEach(phases: readonly PhaseInput[]): PhaseInput[] {
  const byComponent = new Map(phases.map((phase) => [phase.component, phase]));
  return [...byComponent.values()].toSorted((a, b) => millis(a.at) - millis(b.at));
}
