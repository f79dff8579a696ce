import type { SimulationRequest } from "@gonogo/client";
import { parseDuration } from "@gonogo/core/kit/duration";
import { parseOffset } from "@gonogo/core/kit/offset";
import { InvalidArgumentError } from "commander";

export type TriedAlarm = NonNullable<SimulationRequest["alarms"]>[number];

export const ALARM_FORMS =
  "name@offset or name@offset/duration, such as API5xxAlarm@T+17m or Latency@T+2h/10m";

/**
 * Reads an alarm to be tried in a simulation. The name may have an @ in it: the last one counts. Throws
 * InvalidArgumentError.
 */
export function parseAlarm(text: string): TriedAlarm {
  const at = text.lastIndexOf("@");
  if (at < 0) throw wrong(text, "there is no @ between its name and its time");
  const name = text.slice(0, at).trim();
  if (name === "") throw wrong(text, "there is no name before the @");
  const [when = "", length, ...more] = text.slice(at + 1).split("/");
  if (more.length > 0) throw wrong(text, "there is more than one / after the @");
  const offset = parseOffset(when);
  if (!offset.ok) throw wrong(text, `column ${at + 1 + offset.column}: ${offset.message}`);
  if (length === undefined) return { name, at: offset.value };
  const duration = parseDuration(length);
  if (!duration.ok) {
    throw wrong(text, `column ${at + 2 + when.length + duration.column}: ${duration.message}`);
  }
  if (duration.value === "0s") throw wrong(text, "an alarm that lasts no time fires nothing");
  return { name, at: offset.value, for: duration.value };
}

function wrong(text: string, why: string): InvalidArgumentError {
  return new InvalidArgumentError(`"${text}": ${why}. An alarm is written ${ALARM_FORMS}.`);
}
