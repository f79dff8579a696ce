import type { Actor } from "@gonogo/core/actor/schema";
import type { AuditRecord } from "@gonogo/core/audit/schema";
import { readable } from "@gonogo/core/erasure/readable";
import type { Instant } from "@gonogo/core/kit/instant";
import type { ReleaseEvent } from "@gonogo/core/release/events";
import type { Paint, Style } from "../terminal/paint.ts";
import { type TableOptions, tableRows } from "../terminal/table.ts";
import { clock, day, fromT } from "../terminal/time.ts";
import { underDays } from "./days.ts";
import { sentence } from "./event.ts";
import type { Names } from "./names.ts";

export interface RecordsShown {
  readonly records: readonly AuditRecord[];
  readonly names: Names;
  /** People by their id, where they are known. */
  readonly people: Readonly<Record<string, string>>;
  readonly t: Instant | undefined;
  /** The sequence numbers and reasons, as an auditor wants them. */
  readonly audit: boolean;
}

/** Records as a timeline: a line each, a heading for each day. */
export function recordLines(shown: RecordsShown, paint: Paint, options: TableOptions = {}): string[] {
  const { names, people, t, audit } = shown;
  const records = readable(shown.records);
  const rows = records.map((record) => [
    ...(audit ? [String(record.seq).padStart(String(records.at(-1)?.seq ?? 0).length)] : []),
    clock(record.at),
    t === undefined ? "" : fromT(t, record.at),
    who(record.actor, people, audit),
    paint(styleOf(record.event), sentence(record.event, names)) +
      (audit && record.reason !== undefined ? `; reason: ${record.reason}` : ""),
  ]);
  const days = records.map(({ at }) => day(at));
  return underDays(days, tableRows(rows, { ...options, indent: 2 }), paint);
}

/** In an audit a person is nobody but their id, unless their name is known; elsewhere their role says more. */
function who(actor: Actor, people: Readonly<Record<string, string>>, audit: boolean): string {
  switch (actor.kind) {
    case "person":
    case "tool": {
      const roles = actor.roles.length > 2 ? `${actor.roles[0]} and more` : actor.roles.join(", ");
      const name = people[actor.id] ?? (audit || roles === "" ? actor.id : roles);
      return `${name}${actor.kind === "person" && actor.standIn ? " (stand-in)" : ""}`;
    }
    case "alarm":
      return `alarm ${actor.name}`;
    case "clock":
      return "clock";
    case "machine":
      return actor.name;
  }
}

function styleOf(event: ReleaseEvent): Style {
  switch (event.type) {
    case "TriggerFired":
    case "RollbackStarted":
    case "RollbackItemFailed":
    case "StepFailed":
    case "ShiftFailed":
    case "DriftFound":
    case "ReleaseAborted":
    case "ApprovalDeclined":
    case "CommandRefused":
      return "red";
    case "PhaseHeld":
    case "ReleasePaused":
    case "DecisionAsked":
    case "LimitReached":
    case "StartHeld":
    case "StepOverdue":
    case "MessageFailed":
      return "yellow";
    case "PhasePassed":
    case "ReleaseCompleted":
    case "RolledOut":
      return "green";
    case "ShiftDone":
    case "ReleaseStarted":
      return "cyan";
    case "ShiftIntended":
    case "SignalIgnored":
    case "VerdictChanged":
    case "MessageDue":
      return "dim";
    default:
      return event.type === "RollbackEnded" ? (event.outcome === "rolled-back" ? "green" : "red") : "bold";
  }
}
