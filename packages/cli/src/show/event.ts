import type { ApprovalEvent } from "@gonogo/core/approval/events";
import type { ArchiveEvent } from "@gonogo/core/archive/events";
import { PLACE_NAMES } from "@gonogo/core/archive/schema";
import type { BaselineEvent } from "@gonogo/core/baseline/events";
import type { CheckEvent } from "@gonogo/core/check/events";
import type { MatrixEvent } from "@gonogo/core/decision/events";
import type { FreezeEvent } from "@gonogo/core/freeze/events";
import type { ReadinessEvent } from "@gonogo/core/gate/readiness";
import type { HypercareEvent } from "@gonogo/core/hypercare/events";
import type { IncidentEvent } from "@gonogo/core/incident/events";
import { spoken } from "@gonogo/core/kit/duration";
import type { Reading } from "@gonogo/core/metric/judge";
import { formatValue } from "@gonogo/core/metric/threshold";
import type { ObligationEvent } from "@gonogo/core/obligation/events";
import type { PollEvent } from "@gonogo/core/poll/events";
import type { QuotaEvent } from "@gonogo/core/quota/schema";
import type { RehearsalEvent } from "@gonogo/core/rehearsal/events";
import type {
  AlarmEvent,
  DecisionEvent,
  EndEvent,
  GateEvent,
  MessageEvent,
  ReleaseEvent,
  RollbackEvent,
  RunEvent,
  ShiftEvent,
  StepEvent,
  WatchEvent,
} from "@gonogo/core/release/events";
import type { FlapEvent } from "@gonogo/core/signal/flap";
import { type TaggedEvent, tagsKey } from "@gonogo/core/signal/tagged";
import type { OneWayEvent } from "@gonogo/core/step/one-way";
import type { Observation } from "@gonogo/core/target/port";
import { stamp } from "../terminal/time.ts";
import type { Names } from "./names.ts";
import { revised } from "./revision.ts";

/** What happened, in a sentence without an end. */
export function sentence(event: ReleaseEvent, names: Names): string {
  return (
    gate(event as GateEvent | CheckEvent, names) ??
    approval(event as ApprovalEvent) ??
    poll(event as PollEvent) ??
    course(event as RunEvent, names) ??
    baseline(event as BaselineEvent, names) ??
    step(event as StepEvent, names) ??
    shift(event as ShiftEvent) ??
    watch(event as WatchEvent, names) ??
    alarm(event as AlarmEvent | TaggedEvent, names) ??
    decision(event as DecisionEvent) ??
    matrix(event as MatrixEvent) ??
    flap(event as FlapEvent) ??
    oneWay(event as OneWayEvent, names) ??
    rollback(event as RollbackEvent) ??
    message(event as MessageEvent, names) ??
    freeze(event as FreezeEvent) ??
    readiness(event as ReadinessEvent | QuotaEvent) ??
    end(event as EndEvent) ??
    hypercare(event as HypercareEvent) ??
    incident(event as IncidentEvent) ??
    obligation(event as ObligationEvent) ??
    archive(event as ArchiveEvent) ??
    rest(event as Exclude<ReleaseEvent, Told>)
  );
}

/** What the functions below have sentences for: an event that nobody tells does not compile in `sentence`. */
type Told =
  | GateEvent
  | CheckEvent
  | ApprovalEvent
  | PollEvent
  | RunEvent
  | BaselineEvent
  | StepEvent
  | TaggedEvent
  | ShiftEvent
  | WatchEvent
  | AlarmEvent
  | DecisionEvent
  | MatrixEvent
  | FlapEvent
  | OneWayEvent
  | RollbackEvent
  | MessageEvent
  | FreezeEvent
  | ReadinessEvent
  | QuotaEvent
  | EndEvent
  | HypercareEvent
  | IncidentEvent
  | ObligationEvent
  | ArchiveEvent;

function rest(
  event: Extract<
    ReleaseEvent,
    { type: "PlanRevised" | "RehearsalCompleted" | "CommandRefused" | "ErasureAsked" | "TextsErased" }
  >,
): string {
  switch (event.type) {
    case "PlanRevised":
      return revised(event);
    case "RehearsalCompleted":
      return rehearsal(event);
    case "CommandRefused":
      return `refused ${event.command}: ${event.why}`;
    case "ErasureAsked":
      return `erasure ${event.erasure}: ${event.texts.map(({ seq, pointer }) => `${pointer} of record ${seq}`).join(", ")}`;
    case "TextsErased":
      return `the texts of erasure ${event.erasure} are gone`;
    default:
      // A server that is newer than this command knows events that this one does not.
      return (event as ReleaseEvent).type;
  }
}

function archive(event: ArchiveEvent): string | undefined {
  switch (event.type) {
    case "ArchiveAsked":
      return "the archive is not there yet, and is asked for again";
    case "ReleaseArchived":
      return `archived, with its log up to record ${event.seq}: ${event.files.map(({ name }) => name).join(", ")}`;
    case "ArchiveCopyAsked":
      return `a copy of the archive for ${PLACE_NAMES[event.place]} is asked for${event.byHand === true ? "" : " again"}`;
    case "ArchiveCopied":
      return `the archive was copied to ${PLACE_NAMES[event.place]}: ${event.links.map(({ url }) => url).join(", ")}`;
    case "ArchiveCopyFailed":
      return `the archive was not copied to ${PLACE_NAMES[event.place]}${event.givenUp ? ", and that is given up" : ""}: ${event.why}`;
    default:
      return undefined;
  }
}

function gate(event: GateEvent | CheckEvent, names: Names): string | undefined {
  switch (event.type) {
    case "ReleaseSubmitted":
      return `submitted "${event.title}" for ${event.environment}, T ${stamp(event.plannedT)}`;
    case "CheckAnswered":
      return `answered ${event.answer}: ${names.check(event.check)}${also(event.note)}`;
    case "CheckProbed":
      return `looked at ${names.check(event.check)}: ${event.answer} (${event.saw.detail})`;
    case "CheckOverrideAsked":
      return `asked to step over ${names.check(event.check)}; a second person has to agree`;
    case "CheckOverridden":
      return `stepped over ${names.check(event.check)}, which said ${event.over.answer} (${event.over.detail})`;
    case "GatesOpened": {
      const late = event.slippedBy === undefined ? "" : `, ${spoken(event.slippedBy)} later than planned`;
      return `the gates are open; T is ${stamp(event.t)}${late}`;
    }
    case "GatesClosed":
      return `the gates closed again: ${event.why}`;
    default:
      return undefined;
  }
}

function approval(event: ApprovalEvent): string | undefined {
  switch (event.type) {
    case "ApprovalGiven":
      return `approved as ${event.role}${lent(event)}${also(event.note)}`;
    case "ApprovalDeclined":
      return `declined as ${event.role}${lent(event)}${also(event.note)}`;
    case "ApprovalWithdrawn":
      return `approval as ${event.role} withdrawn`;
    case "ApprovalExpired":
      return `the approval as ${event.role} of ${event.by} has expired`;
    case "ApprovalVoided":
      return `the approval as ${event.role} of ${event.by} no longer counts: ${event.why}`;
    case "RoleDelegated":
      return `${event.role} delegated to ${event.to} until ${stamp(event.until)}${event.everywhere === undefined ? "" : " (for every release)"}`;
    case "DelegationEnded":
      return `${event.role} no longer delegated to ${event.to}`;
    default:
      return undefined;
  }
}

function poll(event: PollEvent): string | undefined {
  switch (event.type) {
    case "PollOpened": {
      const which = event.n === undefined || event.n === 1 ? "" : ` again (poll ${event.n})`;
      return `go/no-go asked${which} of ${event.roles.join(", ")}, until ${stamp(event.closes)}`;
    }
    case "VoteCast":
      return `${event.vote.toUpperCase()} as ${event.role}${lent(event)}`;
    case "PollClosed": {
      const named = (word: string, roles: readonly string[] = []) =>
        roles.length > 0 ? `; ${word}: ${roles.join(", ")}` : "";
      const who = named("against", event.noGo) + named("silent", event.silent);
      return `the vote is ${event.result.toUpperCase()}${who}${named("abstained", event.abstained)}`;
    }
    default:
      return undefined;
  }
}

/** In whose place it was said. */
function lent(event: { readonly for?: string }): string {
  return event.for === undefined ? "" : ` for ${event.for}`;
}

function course(event: RunEvent, names: Names): string | undefined {
  switch (event.type) {
    case "StartHeld":
      return `cannot start: ${event.reasons.join("; ")}`;
    case "ReleaseStarted": {
      const versions = event.components.map((one) => `${one.component} ${one.previous} -> ${one.next}`);
      return `started: ${versions.join(", ")}${event.red.length > 0 ? `; red already: ${event.red.join(", ")}` : ""}`;
    }
    case "ReleasePaused":
      return `paused: ${event.cause}`;
    case "ReleaseResumed":
      return "resumed";
    case "LimitReached":
      return `the longest duration, ${spoken(event.limit)}, is reached`;
    case "RolledOut":
      return "every phase has passed";
    case "BakeStarted":
      return `baking until ${stamp(event.until)}`;
    case "ReadingGiven":
      return `${names.metric(event.metric)} read as ${formatValue(event.value, "")}${also(event.note)}`;
    case "ValidationRecorded":
      return `validation ${event.verdict}: ${names.validation(event.validation)} (${event.result})`;
    default:
      return undefined;
  }
}

function step(event: StepEvent, names: Names): string | undefined {
  switch (event.type) {
    case "StepStarted":
      return `began: ${names.step(event.step)} (${event.owner})`;
    case "StepDone":
      return `done: ${names.step(event.step)}${also(event.output)}`;
    case "StepFailed":
      return `failed: ${names.step(event.step)}: ${event.detail}`;
    case "StepSkipped":
      return `skipped: ${names.step(event.step)}`;
    case "StepRetried":
      return `again: ${names.step(event.step)}`;
    case "StepOverdue":
      return `overdue: ${names.step(event.step)} (${event.owner})`;
    default:
      return undefined;
  }
}

function shift(event: ShiftEvent): string | undefined {
  switch (event.type) {
    case "ShiftIntended":
      return `${event.component}: about to ${event.why === "reduce" ? "go down" : "shift"} to ${event.percent} %`;
    case "ShiftDone":
      return `${event.component}: ${event.percent} % (${observed(event.observed)})`;
    case "ShiftFailed":
      return `${event.component}: could not be shifted: ${event.detail}`;
    case "TargetObserved":
      return `${event.component}: now ${observed(event.observed)}`;
    case "DriftFound":
      return `${event.component}: changed by another hand: ${observed(event.seen)} instead of ${observed(event.expected)}`;
    case "TargetHeld":
      return `${event.component}: its rollout is stopped at ${share(event.observed)}`;
    case "TargetFreed":
      return `${event.component}: its rollout goes on from ${share(event.observed)}`;
    default:
      return undefined;
  }
}

function watch(event: WatchEvent, names: Names): string | undefined {
  switch (event.type) {
    case "PhasePassed": {
      const grounds = event.judged.map(({ why }) => why).join("; ");
      return `${event.promoted ? "promoted" : "passed"}: ${names.step(event.step)}${also(grounds)}`;
    }
    case "PhaseHeld":
      return `held: ${names.step(event.step)}: ${event.why}`;
    case "PhaseReleased":
      return `no longer held: ${names.step(event.step)}`;
    case "VerdictChanged": {
      return `${names.metric(event.metric)}: ${event.verdict} (${inWords(event.reading)})`;
    }
    default:
      return undefined;
  }
}

function resolved({ tags, alarms, joined, gone, left }: TaggedEvent): string {
  const names = alarms.length === 0 ? "no alarm" : alarms.join(", ");
  return [
    `tagged ${tagsKey(tags)}: ${names}`,
    ...(joined === undefined ? [] : [`joined: ${joined.map(({ name }) => name).join(", ")}`]),
    ...(gone === undefined ? [] : [`no longer: ${gone.join(", ")}`]),
    ...(left === undefined ? [] : [`too many to listen to: ${left.join(", ")}`]),
  ].join("; ");
}

function alarm(event: AlarmEvent | TaggedEvent, names: Names): string | undefined {
  switch (event.type) {
    case "SignalReceived":
      return `${event.signal.source} ${event.signal.name}: ${event.signal.state}`;
    case "SignalIgnored":
      return `${event.signal.source} ${event.signal.name}: ${event.signal.state}, without effect: ${event.detail}`;
    case "AlarmsResolved":
      return resolved(event);
    case "AlarmChanged":
      return `alarm ${event.alarm} was ${event.what}`;
    case "TriggerBreached":
      return `past its threshold: ${names.trigger(event.trigger)} (${inWords(event.reading)})`;
    case "TriggerCleared":
      return `within its threshold again: ${names.trigger(event.trigger)}${event.reading === undefined ? "" : ` (${inWords(event.reading)})`}`;
    case "TriggerFired":
      return `trigger: ${names.trigger(event.trigger)}: ${event.respond} (${event.cause})`;
    default:
      return undefined;
  }
}

function decision(event: DecisionEvent): string | undefined {
  switch (event.type) {
    case "DecisionAsked": {
      const by = event.by === undefined ? "" : ` (by ${stamp(event.by)}; silence means ${event.onSilence})`;
      return `asked: ${event.question}${by}`;
    }
    case "DecisionTaken":
      return `decided: ${event.answer}`;
    default:
      return undefined;
  }
}

function matrix(event: MatrixEvent): string | undefined {
  switch (event.type) {
    case "CauseAdded":
      return `one more cause of ${event.to}: ${event.cause.text}`;
    case "DecisionVoted":
      return `${event.role} says ${event.answer} to ${event.decision}`;
    case "FixForwardChosen":
      return `to be fixed forward by ${event.owner}: ${event.cause}`;
    default:
      return undefined;
  }
}

function oneWay(event: OneWayEvent, names: Names): string | undefined {
  if (event.type !== "OneWayApproved") return undefined;
  return `approved as ${event.role}, with no way back: ${names.step(event.step)}`;
}

function flap(event: FlapEvent): string | undefined {
  switch (event.type) {
    case "AlarmQuarantined":
      return `${event.source} ${event.name} changed its state ${event.changes} times: in quarantine`;
    case "QuarantineLifted":
      return `${event.source} ${event.name} is believed again${event.why === "calm" ? ", for it has been still" : ""}`;
    default:
      return undefined;
  }
}

function rollback(event: RollbackEvent): string | undefined {
  switch (event.type) {
    case "RollbackStarted":
      return `rollback ${event.n}: ${event.cause}; ${count(event.items.length, "thing")} to put back`;
    case "RollbackItemDone":
      return `put back: ${event.item}: ${event.detail}`;
    case "RollbackItemFailed":
      return `not put back: ${event.item}: ${event.detail}`;
    case "RolledBackAlone": {
      const failed = event.results.filter(({ ok }) => !ok).map(({ component }) => component);
      return `put back at ${stamp(event.at)} without the records: ${event.cause}${failed.length > 0 ? `; failed: ${failed.join(", ")}` : ""}`;
    }
    case "RollbackEnded":
      return event.outcome === "rolled-back"
        ? (event.kept ?? []).length === 0
          ? "everything is back and was read back"
          : `what can go back is back; what stays: ${(event.kept ?? []).map(({ what }) => what).join("; ")}`
        : `not everything is known to be back: ${event.left.join("; ")}`;
    default:
      return undefined;
  }
}

function message(event: MessageEvent, names: Names): string | undefined {
  switch (event.type) {
    case "MessageDue":
      return `message to ${event.audience} on ${event.channel}: ${event.text}`;
    case "MessageSent":
      return `message ${names.message(event.message)} sent via ${event.via}`;
    case "MessageFailed":
      return `message ${names.message(event.message)} could not be sent: ${event.detail}`;
    case "MessageDropped":
      return `message ${names.message(event.message)} not sent: ${event.why}`;
    default:
      return undefined;
  }
}

function readiness(event: ReadinessEvent | QuotaEvent): string | undefined {
  switch (event.type) {
    case "QuotasSeen":
      return `looked at quotas: ${Object.entries(event.quotas)
        .map(([id, { account, unreserved, reserved }]) =>
          reserved === undefined
            ? `${id} may run ${unreserved} at once, of the account's ${account}`
            : `${id} may run ${reserved} at once, reserved for it`,
        )
        .join("; ")}`;
    case "ReadinessLost":
      return `no longer ready: ${event.problems.join("; ")}`;
    case "ReadinessRegained":
      return "ready again";
    default:
      return undefined;
  }
}

function freeze(event: FreezeEvent): string | undefined {
  switch (event.type) {
    case "FreezeDeclared": {
      const of = event.components === undefined ? "" : ` of ${event.components.join(", ")}`;
      return `freeze${of} from ${stamp(event.from)} to ${stamp(event.to)}: ${event.name}${also(event.incident)}`;
    }
    case "FreezeLifted":
      return `freeze ${event.freeze} is lifted: ${event.why}`;
    case "WindowsChanged":
      return `maintenance windows: ${event.windows.map(({ name, from }) => `${name}, ${stamp(from)}`).join("; ") || "none"}`;
    case "FreezeExempted":
      return `goes on in a freeze (${event.name}): ${event.why}`;
    case "StartMoved":
      return `T is ${stamp(event.t)} now: ${event.why}`;
    default:
      return undefined;
  }
}

function end(event: EndEvent): string | undefined {
  switch (event.type) {
    case "ReviewOpened":
      return "the review is open";
    case "ReviewSaved":
      return `review: ${count(Object.keys(event.entries).length, "field")} filled in`;
    case "ReviewSigned":
      return `review signed as ${event.role}`;
    case "ReleaseCompleted":
      return "completed";
    case "ReleaseAborted":
      return `aborted: ${event.why}`;
    default:
      return undefined;
  }
}

function hypercare(event: HypercareEvent): string | undefined {
  switch (event.type) {
    case "HypercareStarted":
      return `hypercare until ${stamp(event.until)}`;
    case "HypercareRoundOpened":
      return `hypercare, round ${event.round}`;
    case "HypercareChecked":
      return `hypercare: ${event.check} ${event.verdict}: ${event.result}`;
    case "HypercareMissed":
      return `hypercare, round ${event.round}: nobody answered ${event.checks.join(", ")}`;
    case "HypercareEnded": {
      const counts = `${event.passed} passed, ${event.failed} failed, ${event.held} held, ${event.missed} not answered`;
      return `hypercare over after ${count(event.rounds, "round")}: ${counts}`;
    }
    default:
      return undefined;
  }
}

function incident(event: IncidentEvent): string | undefined {
  switch (event.type) {
    case "IncidentOpened": {
      const declared = event.declared === undefined ? "opened" : `declared: ${event.cause}`;
      return `incident ${event.incident} ${declared}; postmortem due ${stamp(event.postmortemDue)}`;
    }
    case "IncidentResolved":
      return `incident ${event.incident} resolved: ${event.how}`;
    default:
      return undefined;
  }
}

function obligation(event: ObligationEvent): string | undefined {
  switch (event.type) {
    case "ObligationCreated": {
      const when = event.blocks === "overdue" ? " once it is overdue" : "";
      const blocks = event.blocks ? `; holds up the next release${when}` : "";
      return `${event.role} owes ${event.obligation} until ${stamp(event.due)}: ${event.what}${blocks}`;
    }
    case "ObligationReminded":
      return `reminded of ${event.obligation}, due ${stamp(event.due)}`;
    case "ObligationOverdue":
      return `${event.obligation} is overdue, for ${event.role}`;
    case "ObligationCompleted": {
      const late = event.late === undefined ? "" : `, ${spoken(event.late)} late`;
      return `${event.obligation} completed${late}${also(event.note ?? event.evidence)}`;
    }
    default:
      return undefined;
  }
}

function baseline(event: BaselineEvent, names: Names): string | undefined {
  switch (event.type) {
    case "BaselineTaken": {
      const read = event.readings.map((one) => `${names.metric(one.metric)} ${inWords(one)}`);
      const unread = event.unread.map(({ metric, why }) => `${names.metric(metric)} not read: ${why}`);
      return `baseline: ${[...read, ...unread].join("; ")}`;
    }
    case "BaselineVerified": {
      const results = event.results.map(({ verdict, why }) => `${why}: ${verdict}`);
      return `beside the baseline: ${results.join("; ")}`;
    }
    default:
      return undefined;
  }
}

/** As people read it: four digits are enough. The log itself keeps all of them. */
function inWords({ value, unit }: Reading): string {
  return value === undefined ? "no value" : formatValue(value, unit);
}

function share(one: Observation): string {
  return formatValue(one.share, "%");
}

function observed(one: Observation): string {
  const split = one.secondary === undefined ? "" : `, ${one.secondary} at ${share(one)}`;
  return `version ${one.primary}${split}${one.halted ? ", halted" : ""}`;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function also(text: string | undefined): string {
  return text === undefined || text === "" ? "" : ` (${text})`;
}

function rehearsal({ outcome, of, took, left }: RehearsalEvent): string {
  const rest = left.length === 0 ? "" : `; left: ${left.join("; ")}`;
  return `rehearsal of ${of} ${outcome}: back in ${spoken(took)}${rest}`;
}
