import { DURATION_FORMS, type Duration, parseDuration } from "../../kit/duration.ts";
import { type Instant, parseInstant, toMillis } from "../../kit/instant.ts";
import { OFFSET_FORMS, type Offset, offset, parseOffset } from "../../kit/offset.ts";
import { plain } from "../../kit/text.ts";
import { formatThreshold, parseCondition, parseThreshold, THRESHOLD_FORMS } from "../../metric/threshold.ts";
import type { Findings } from "../findings.ts";
import { isPlaceholder, oneLine, unwrapCode, withoutCode } from "../read/tidy.ts";
import type { Field } from "../table/kinds.ts";
import type { Line } from "../table/recognise.ts";

/** The longest text that one line of a plan holds. */
const LONGEST_LINE = 500;
const LONGEST_PROSE = 10_000;

/** A cell on one line, without the code marks around it; undefined when there is nothing in it. */
export function lineIn(line: Line, field: Field, findings: Findings): string | undefined {
  return shorten(unwrapCode(oneLine(line.text(field))), LONGEST_LINE, line, field, findings);
}

/** The same where several lines are allowed. */
export function proseIn(line: Line, field: Field, findings: Findings): string | undefined {
  return shorten(unwrapCode(line.text(field)), LONGEST_PROSE, line, field, findings);
}

function shorten(
  text: string,
  longest: number,
  line: Line,
  field: Field,
  findings: Findings,
): string | undefined {
  if (text === "") return undefined;
  if (text.length <= longest) return text;
  const message = `${text.length} characters; only the first ${longest} are kept`;
  findings.warning("too-long", line.place(field), message, "put the rest under the table, as text");
  return text.slice(0, longest).toWellFormed().trim();
}

/** When a row is due: `T-30 min`, or a moment, where `start` says when T is. */
export function offsetIn(
  line: Line,
  field: Field,
  start: Instant | undefined,
  findings: Findings,
): Offset | undefined {
  const text = plain(withoutCode(oneLine(line.text(field)))).trim();
  if (text === "" || isPlaceholder(text)) return undefined;
  if (/^t ?[+-]? ?0?$/i.test(text)) return offset(0);
  const result = parseOffset(text);
  if (result.ok) return result.value;
  const moment = parseInstant(text);
  if (moment !== undefined && start !== undefined) return offset(toMillis(moment) - toMillis(start));
  findings.notUnderstood("offset", line.place(field), `"${text}" is not understood`, `write ${OFFSET_FORMS}`);
  return undefined;
}

export function durationIn(line: Line, field: Field, findings: Findings): Duration | undefined {
  const text = withoutCode(oneLine(line.text(field)));
  if (text === "" || isPlaceholder(text)) return undefined;
  const result = parseDuration(text);
  if (result.ok) return result.value;
  findings.notUnderstood(
    "duration",
    line.place(field),
    `"${text}" is not understood`,
    `write ${DURATION_FORMS}`,
  );
  return undefined;
}

/** `10 %`, `10% users`, `25`: the share, and whose it is where the cell says so. */
export function percentIn(text: string): { percent: number; of?: "users" | "traffic" } | undefined {
  const match =
    /^(\d+(?:\.\d+)?) ?(?:%|percent|per cent)?(?: (?:of )?(users|traffic|requests|sessions))?$/i.exec(
      plain(withoutCode(oneLine(text)))
        .replace(/\s+/g, " ")
        .trim(),
    );
  const percent = Number(match?.[1]);
  if (match === null || !(percent > 0 && percent <= 100)) return undefined;
  const of = match[2]?.toLowerCase();
  return of === undefined
    ? { percent }
    : { percent, of: of === "users" || of === "sessions" ? "users" : "traffic" };
}

/** The share that a sentence speaks of: the one it goes to, where it names two. */
export function percentSaid(text: string): number | undefined {
  const said = [
    ...plain(withoutCode(text)).matchAll(/([<>=≤≥] ?)?\b(\d+(?:\.\d+)?) ?(?:%|percent\b|per cent\b)/gi),
  ]
    .filter((match) => match[1] === undefined)
    .map((match) => Number(match[2]))
    .filter((percent) => percent > 0 && percent <= 100);
  return said.at(-1);
}

/** A threshold in its canonical spelling, and what stood in front of it. */
export function thresholdSaid(text: string): { threshold: string; subject: string } | undefined {
  const result = parseThreshold(withoutCode(oneLine(text)));
  if (result.ok) return { threshold: formatThreshold(result.value), subject: "" };
  const condition = parseCondition(withoutCode(oneLine(text)));
  if (!condition.ok || condition.value.sustained !== undefined) return undefined;
  return { threshold: formatThreshold(condition.value), subject: condition.value.subject };
}

export const SAID_SO = `write ${THRESHOLD_FORMS}`;
