import type { ReleaseEvent } from "../release/events.ts";

/** What an event is in the story of an incident, in a sentence without an end; undefined where it is no part. */
export function whatHappened(event: ReleaseEvent): string | undefined {
  switch (event.type) {
    case "ReleaseStarted":
      return "the release started";
    case "ShiftDone":
      return `${event.component} shifted to ${event.percent} %`;
    case "RolledOut":
      return "the rollout was complete";
    case "SignalReceived":
      return event.signal.state === "alarm" ? `alarm ${event.signal.name} fired` : undefined;
    case "TriggerBreached":
      return `the condition of ${event.trigger} was met`;
    case "TriggerFired":
      return `${event.trigger} fired (${event.respond}): ${event.cause}`;
    case "VerdictChanged":
      return event.verdict === "pass" ? undefined : `${event.metric} no longer passed (${event.verdict})`;
    case "PhaseHeld":
      return `${event.step} was held: ${event.why}`;
    case "DriftFound":
      return `${event.component} was changed by another hand`;
    case "StepFailed":
      return `${event.step} failed: ${event.detail}`;
    case "DecisionAsked":
      return `asked: ${event.question}`;
    case "DecisionTaken":
      return `decided: ${event.answer}`;
    case "ReleasePaused":
      return `paused: ${event.cause}`;
    case "ReleaseResumed":
      return "resumed";
    case "RollbackStarted":
      return `rollback ${event.n} begun: ${event.cause}`;
    case "RollbackItemDone":
      return `put back: ${event.item} (${event.detail})`;
    case "RollbackItemFailed":
      return `could not be put back: ${event.item} (${event.detail})`;
    case "RolledBackAlone":
      return `put back without the store: ${event.cause}`;
    case "RollbackEnded":
      return event.outcome === "rolled-back"
        ? "everything was read back on its previous version"
        : `not confirmed: ${event.left.join("; ")}`;
    case "IncidentOpened":
      return event.declared === true ? `incident declared: ${event.cause}` : "incident opened";
    case "IncidentResolved":
      return `resolved: ${event.how}`;
    case "MessageSent":
      return `told by ${event.via}`;
    case "ReviewSigned":
      return "postmortem signed";
    default:
      return undefined;
  }
}
