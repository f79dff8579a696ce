import type { DeploymentEvent } from "../deployment/events.ts";
import type { ReleaseEvent } from "../release/events.ts";

/**
 * Fields that hold no text of a person, in whatever event, nor does anything below them: ids, roles, versions,
 * what targets, metrics and probes say of themselves, and what is not erasable: a plan with its title and its
 * changes, a policy, the rules of the calendar.
 */
type Plain =
  | "type"
  | "id"
  | "role"
  | "roles"
  | "as"
  | "for"
  | "from"
  | "to"
  | "by"
  | "step"
  | "steps"
  | "check"
  | "checks"
  | "component"
  | "components"
  | "environment"
  | "environments"
  | "metric"
  | "unit"
  | "alarm"
  | "alarms"
  | "trigger"
  | "triggers"
  | "decision"
  | "host"
  | "code"
  | "command"
  | "incident"
  | "message"
  | "channel"
  | "audience"
  | "links"
  | "via"
  | "obligation"
  | "owner"
  | "plan"
  | "freeze"
  | "key"
  | "test"
  | "integration"
  | "notice"
  | "person"
  | "people"
  | "delegation"
  | "everywhere"
  | "observed"
  | "expected"
  | "seen"
  | "reading"
  | "readings"
  | "judged"
  | "results"
  | "policy"
  | "rules"
  | "title"
  | "changes"
  | "authors"
  | "voided"
  | "scope"
  | "contentType"
  | "verified"
  | "left"
  | "kept"
  | "items"
  | "red"
  | "unread"
  | "saw"
  | "over"
  | "gone"
  | "joined"
  | "tags"
  | "noGo"
  | "silent"
  | "abstained"
  | "about"
  | "phase"
  | "validation"
  | "files"
  | "item"
  | "texts"
  | "heldOn"
  | "after";

type AnyEvent = ReleaseEvent | DeploymentEvent;
type EventType = AnyEvent["type"];

/** Where an event has words that are neither one of a few nor told by their field's name: `*` is any key. */
type Below<T, At extends string = ""> = T extends string
  ? string extends T
    ? At
    : never
  : T extends readonly (infer One)[]
    ? Below<One, `${At}/*`>
    : T extends object
      ? {
          [K in keyof T & string]-?: K extends Plain
            ? never
            : Below<NonNullable<T[K]>, `${At}/${string extends K ? "*" : K}`>;
        }[keyof T & string]
      : never;

type PlacesIn<T extends EventType> = Below<Extract<AnyEvent, { readonly type: T }>>;
type Kept = "erasable" | "kept";

const ERASABLE = "erasable";
/** A name that something goes by, in the log and outside of it. */
const KEPT = "kept";

const REVIEW = {
  "/answers/actions/*/what": ERASABLE,
  "/answers/attendees/*": ERASABLE,
  "/answers/feedback": ERASABLE,
  "/answers/improve/*": ERASABLE,
  "/answers/lessons/*": ERASABLE,
  "/answers/wentWell/*": ERASABLE,
  "/entries/*": ERASABLE,
} as const;

/**
 * Which texts of an event can be erased; of every record its reason besides. An event with a text that is not
 * here, and not called by a name of `Plain`, does not compile: whoever adds one says what it is. Nothing is ever
 * taken away.
 */
const TEXTS: {
  readonly [T in EventType as [PlacesIn<T>] extends [never] ? never : T]: Readonly<Record<PlacesIn<T>, Kept>>;
} = {
  AlarmQuarantined: { "/name": KEPT },
  ApprovalDeclined: { "/note": ERASABLE },
  ApprovalGiven: { "/note": ERASABLE },
  ApprovalVoided: { "/why": ERASABLE },
  ArchiveCopyFailed: { "/why": ERASABLE },
  CalendarFeedFailed: { "/name": KEPT, "/why": ERASABLE },
  CalendarImportRemoved: { "/name": KEPT },
  CalendarImported: { "/name": KEPT, "/spans/*/name": ERASABLE },
  CalendarSpanDeclared: { "/span/name": ERASABLE },
  CalendarSpanLifted: { "/span": KEPT },
  CauseAdded: { "/cause/text": ERASABLE },
  CheckAnswered: { "/evidence": ERASABLE, "/file/name": ERASABLE, "/note": ERASABLE },
  CommandRefused: { "/why": ERASABLE },
  DecisionAsked: { "/causes/*/text": ERASABLE, "/question": ERASABLE },
  DecisionTaken: { "/answer": ERASABLE },
  FixForwardChosen: { "/cause": ERASABLE },
  FreezeDeclared: { "/name": ERASABLE },
  FreezeExempted: { "/name": ERASABLE, "/why": ERASABLE },
  FreezeLifted: { "/why": ERASABLE },
  GatesClosed: { "/why": ERASABLE },
  HypercareChecked: { "/result": ERASABLE },
  IncidentOpened: { "/cause": ERASABLE },
  IncidentResolved: { "/how": ERASABLE },
  IntegrationTestEnded: { "/detail": ERASABLE },
  KeyCreated: { "/name": ERASABLE },
  KeyRevoked: { "/name": ERASABLE },
  MessageDropped: { "/why": ERASABLE },
  MessageDue: { "/text": ERASABLE },
  MessageFailed: { "/detail": ERASABLE },
  ObligationCompleted: { "/evidence": ERASABLE, "/note": ERASABLE },
  ObligationCreated: { "/what": ERASABLE },
  PhaseHeld: { "/why": ERASABLE },
  QuarantineLifted: { "/name": KEPT },
  ReadinessLost: { "/problems/*": ERASABLE },
  ReadingGiven: { "/note": ERASABLE },
  RehearsalCompleted: { "/of": KEPT },
  ReleaseAborted: { "/why": ERASABLE },
  ReleasePaused: { "/cause": ERASABLE },
  ReviewSaved: REVIEW,
  ReviewSigned: REVIEW,
  RollbackItemDone: { "/detail": ERASABLE },
  RollbackItemFailed: { "/detail": ERASABLE },
  RollbackStarted: { "/cause": ERASABLE, "/causes/*/text": ERASABLE },
  RolledBackAlone: { "/cause": ERASABLE },
  ShiftDone: { "/evidence": ERASABLE, "/file/name": ERASABLE, "/output": ERASABLE },
  ShiftFailed: { "/detail": ERASABLE, "/evidence": ERASABLE, "/file/name": ERASABLE },
  SignalIgnored: { "/detail": ERASABLE, "/signal/name": KEPT, "/signal/says": ERASABLE },
  SignalReceived: { "/signal/name": KEPT, "/signal/says": ERASABLE },
  StartHeld: { "/reasons/*": ERASABLE },
  StartMoved: { "/why": ERASABLE },
  StepDone: { "/evidence": ERASABLE, "/file/name": ERASABLE, "/output": ERASABLE },
  StepFailed: { "/detail": ERASABLE, "/evidence": ERASABLE, "/file/name": ERASABLE },
  TriggerFired: { "/cause": ERASABLE },
  ValidationRecorded: { "/evidence": ERASABLE, "/file/name": ERASABLE, "/result": ERASABLE },
  WindowNoticeDue: { "/text": ERASABLE, "/window/name": ERASABLE },
  WindowNoticeFailed: { "/detail": ERASABLE },
  WindowsChanged: { "/windows/*/name": ERASABLE },
};

/** Where texts are in an event of a type that can be erased, from the event down, with `*` for any key. */
export function placesIn(type: string): readonly string[] {
  const places: object = Object.hasOwn(TEXTS, type) ? TEXTS[type as keyof typeof TEXTS] : {};
  return Object.entries(places).flatMap(([place, kept]) => (kept === ERASABLE ? [place] : []));
}
