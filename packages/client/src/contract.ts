import type { Envelope } from "@gonogo/core/audit/attestation";
import type { SignedCheckpoint } from "@gonogo/core/audit/checkpoint";
import type { LastVerification } from "@gonogo/core/audit/ports";
import type { AuditRecord } from "@gonogo/core/audit/schema";
import type { SignedSuccession } from "@gonogo/core/audit/succession";
import type { Tampering } from "@gonogo/core/audit/tampering";
import type { Span } from "@gonogo/core/calendar/schema";
import type { MatrixRow } from "@gonogo/core/decision/matrix";
import type { LentRole } from "@gonogo/core/delegation/state";
import type { DeploymentRecord } from "@gonogo/core/deployment/events";
import type { Finding } from "@gonogo/core/doctor/schema";
import type { SignedRequest } from "@gonogo/core/evidence/port";
import type { EvidenceFile } from "@gonogo/core/evidence/schema";
import type { DeploymentEntry } from "@gonogo/core/history/schema";
import type { IncidentRecord } from "@gonogo/core/incident/record";
import type { IntegrationView } from "@gonogo/core/integration/view";
import type { KeyScope } from "@gonogo/core/key/schema";
import type { KeyEntry } from "@gonogo/core/key/state";
import type { Duration } from "@gonogo/core/kit/duration";
import type { Instant } from "@gonogo/core/kit/instant";
import type { Problem } from "@gonogo/core/kit/problem";
import type { Measured } from "@gonogo/core/measure/gather";
import type { Period } from "@gonogo/core/measure/periods";
import type { ObligationView } from "@gonogo/core/obligation/view";
import type { PlanChange } from "@gonogo/core/plan/difference";
import type { PreviewRow } from "@gonogo/core/plan/preview";
import type { PlanInput } from "@gonogo/core/plan/schema";
import type { Policy } from "@gonogo/core/policy/schema";
import type { PolicyVersion } from "@gonogo/core/policy/state";
import type { RefusalEntry } from "@gonogo/core/refusal/schema";
import type { PersonCommand } from "@gonogo/core/release/person-commands";
import type { Status } from "@gonogo/core/release/state";
import type { BoardEntry } from "@gonogo/core/view/board";
import type { Foreseen } from "@gonogo/core/view/foresee";
import type { ReleaseView } from "@gonogo/core/view/schema";

export type { CalendarView } from "@gonogo/core/calendar/view";
export type { MatrixRow } from "@gonogo/core/decision/matrix";
export type { LentRole } from "@gonogo/core/delegation/state";
export type { IntegrationView } from "@gonogo/core/integration/view";
export type { KeyScope } from "@gonogo/core/key/schema";
export type { KeyEntry } from "@gonogo/core/key/state";
export type { PlanChange } from "@gonogo/core/plan/difference";
export type { PreviewRow } from "@gonogo/core/plan/preview";
export type { RefusalEntry } from "@gonogo/core/refusal/schema";
export type { Drill, RehearsalEntry } from "@gonogo/core/rehearsal/drills";
export type { ReleaseSummary } from "@gonogo/core/release/ports";
export type { AskedOfMe, BoardEntry } from "@gonogo/core/view/board";
export type { Foreseen } from "@gonogo/core/view/foresee";

/** What travels between gonogo's API and those who call it. The API's own schema is at /openapi.json. */

/** RFC 9457. `code` is stable, `detail` says what to do, `problems` where it is about a text that was sent. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly problems?: readonly Problem[];
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Give it back as `after` for the next page; absent on the last. */
  readonly next?: string;
}

/** What looking the deployment over found, the worst first. */
export interface Examination {
  readonly at: Instant;
  readonly findings: readonly Finding[];
}

export interface Me {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  /** An identity of the demonstration, on loopback only. */
  readonly demo: boolean;
  /** What the key may be used for; unset, whatever the roles may. */
  readonly scopes?: readonly KeyScope[];
}

/** Where people sign in, and as what gonogo is known there. */
export interface SignInWay {
  readonly issuer: string;
  readonly name: string;
  /** Unset while the provider cannot be reached. */
  readonly at?: {
    readonly authorize: string;
    readonly clientId: string;
    readonly scope: string;
    /** Where one signs out of the provider itself. */
    readonly end?: string;
  };
}

/** What a provider sent the browser back with, and what belongs to it. */
export interface SignInRequest {
  readonly issuer: string;
  /** The query of the address that it sent the browser back to. */
  readonly response: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface SignedIn {
  /** Goes with every request, as `Authorization: Bearer …`. */
  readonly token: string;
  readonly me: Me;
}

/** Every integration there is, as of a moment. */
export interface IntegrationsPage {
  readonly at: Instant;
  readonly items: readonly IntegrationView[];
}

/** A test that is on its way; what came of it is in the list. */
export interface IntegrationTestBegun {
  readonly integration: string;
  readonly test: string;
  readonly seq: number;
}

/** A tool's key, without the key. */
export interface KeyView extends Omit<KeyEntry, "digest"> {
  readonly state: "good" | "expired" | "revoked";
  readonly byName: string;
  /** To the hour. */
  readonly lastUsed?: Instant;
}

export interface NewKeyRequest {
  /** What the logs call the tool. */
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  readonly roles?: readonly string[];
  readonly expiresAt: string;
  readonly reason: string;
}

export interface CreatedKey {
  readonly id: string;
  readonly name: string;
  readonly expiresAt: Instant;
  readonly seq: number;
}

export interface RevokedKey {
  readonly id: string;
  readonly seq: number;
  /** Whether it was good until now. */
  readonly changed: boolean;
}

/** What was refused on a day, in UTC. */
export interface RefusalsOfDay {
  readonly day: string;
  readonly items: readonly RefusalEntry[];
  readonly names: Readonly<Record<string, string>>;
}

/** A plan as text, YAML or JSON. `file` is what problems name. */
export interface PlanText {
  readonly text: string;
  readonly file?: string;
}

export interface CheckedPlan {
  /** No errors; there may be warnings. */
  readonly ok: boolean;
  readonly problems: readonly Problem[];
  readonly digest?: string;
  readonly plan?: PlanInput;
  /** What is approved where a policy is in force: the plan with what that fills in. */
  readonly governed?: { readonly policy: string; readonly digest: string; readonly yaml: string };
}

export interface Document {
  readonly name: string;
  readonly text: string;
}

export interface ImportedPlan {
  readonly ok: boolean;
  /** The plan as YAML; absent where the documents do not make one. */
  readonly yaml?: string;
  /** What was understood differently, or not at all, each with its line. */
  readonly problems: readonly Problem[];
}

/** A rehearsal of a plan's way back. */
export interface RehearsalRequest extends PlanText {
  /** The phase to go to; unset, the last. */
  readonly to?: string;
  readonly environment?: string;
}

export interface Preview {
  readonly rows: readonly PreviewRow[];
  /** How long a rollback takes, as the last rehearsal measured it; absent where there was none. */
  readonly rollback?: { readonly took: Duration; readonly release: string; readonly at: Instant };
  readonly problems: readonly Problem[];
}

/** What a plan does when it looks bad. */
export interface Matrix {
  readonly rows: readonly MatrixRow[];
  readonly problems: readonly Problem[];
}

/** What is tried in a simulation. Offsets such as `T+17m`. */
export interface SimulationRequest extends PlanText {
  readonly alarms?: readonly { readonly name: string; readonly at: string; readonly for?: string }[];
  /** People who answer at once (the default), or nobody. */
  readonly people?: "punctual" | "absent";
  readonly seed?: number;
  /** By the rules alone, without the machines between them: for a slider that is being moved. */
  readonly quick?: boolean;
}

export interface SimulationResult {
  readonly status: Status;
  readonly view: ReleaseView;
  readonly records: readonly AuditRecord[];
  readonly verified: boolean;
  /** From the first event to the last, on the virtual clock. */
  readonly from: Instant;
  readonly to: Instant;
  readonly wallMs: number;
}

export interface CommandRequest {
  readonly command: PersonCommand;
  readonly reason?: string;
}

export interface CommandResult {
  readonly release: string;
  readonly seq: number;
  readonly status: Status;
}

/** Every active release in one glance. */
export interface Board {
  readonly now: Instant;
  readonly releases: readonly BoardEntry[];
  /** There are more than fit on a board; the list of releases has them. */
  readonly more: boolean;
}

/** What a plan changes against an earlier release's; without `with` there is no earlier one. */
export interface PlanDifference {
  readonly with?: {
    readonly id: string;
    readonly title: string;
    readonly submittedAt: Instant;
    readonly status: Status;
    /** Of the same release, an earlier revision of its plan. */
    readonly revision?: number;
  };
  readonly changes: readonly PlanChange[];
}

/** Roles that are lent for every release, with the names of those who are known. */
export interface DelegationList {
  readonly items: readonly LentRole[];
  readonly names: Readonly<Record<string, string>>;
}

export interface DelegationRequest {
  readonly role: string;
  readonly to: string;
  readonly from?: string;
  readonly until: string;
  readonly reason?: string;
}

export interface DelegationResult {
  /** Of the delegation; absent where the same request had been answered before. */
  readonly id?: string;
  readonly seq: number;
}

export interface PolicyWithdrawal {
  readonly seq: number;
  /** The policy in force after it: null, unless another has come into force since. */
  readonly inForce: string | null;
}

/** A plan that is to take the place of a release's. */
export interface RevisionRequest extends PlanText {
  /** `planDigest` of the release as it was read. */
  readonly from: string;
  readonly reason?: string;
}

/** What a revision would bring about, with everything that differs. */
export type ForeseenRevision = Foreseen & { readonly changes: readonly PlanChange[] };

/**
 * Something that happened, as it is pushed. `id` is where to go on after a lost connection. `reset`: what
 * happened meanwhile is not known any more, so everything is to be read again.
 */
export type LiveEvent =
  | { readonly type: "changed"; readonly id: string; readonly release: string; readonly seq: number }
  | { readonly type: "reset"; readonly id: string }
  | { readonly type: "alive"; readonly id: string };

export interface RecordsPage extends Page<AuditRecord> {
  /** The names of the people in these records, where they are known. */
  readonly names: Readonly<Record<string, string>>;
}

export interface DeploymentRecordsPage extends Page<DeploymentRecord> {
  readonly names: Readonly<Record<string, string>>;
}

export type { SignedCheckpoint } from "@gonogo/core/audit/checkpoint";
/** A head of a release's log, in the log over all releases. */
export type { Leaf } from "@gonogo/core/audit/leaf";
export type { LastVerification } from "@gonogo/core/audit/ports";

/** The log over all releases. */
export interface AuditLog {
  readonly origin: string;
  /** Its leaves. */
  readonly size: number;
  /** Releases that have moved on and are not anchored yet; 40 stands for 40 or more. */
  readonly waiting: number;
  /** The public key in PEM. An auditor has it from elsewhere. */
  readonly key?: string;
  /** How the key was changed, in order; each is signed by both keys. */
  readonly successions: readonly SignedSuccession[];
  readonly newest?: SignedCheckpoint;
  readonly verified?: LastVerification;
}

/** A change of the key that the log is signed with. */
export interface KeyChange {
  /** The record of the deployment's own log that says who asked. */
  readonly seq: number;
  /** The new key, in PEM, where it has taken over already; it has within ten minutes. */
  readonly key?: string;
}

export interface LogRecords {
  readonly items: readonly AuditRecord<{ readonly type: string }>[];
}

export interface SignedStatement {
  readonly release: string;
  /** The record that the release stood at. */
  readonly seq: number;
  readonly envelope: Envelope;
}

/** Texts that are asked to be erased from a log. */
export interface Erasure {
  /** `asked`: on record, and done once that is signed. `not asked`: it was a dry run. */
  readonly status: "asked" | "erased" | "not asked";
  /** The record that says so. */
  readonly seq?: number;
  /** Where they are; the texts themselves in a dry run only. */
  readonly texts: readonly { readonly seq: number; readonly pointer: string; readonly text?: string }[];
}

export interface ErasureAsked {
  /** The record's number. */
  readonly record: number;
  /** Pointers such as `/reason` or `/event/note`; unset: every text of the record. */
  readonly fields?: readonly string[];
  /** Not what repeats them in other records. */
  readonly only?: boolean;
  readonly reason: string;
  readonly dryRun?: boolean;
}

export interface CommandOfDeployment {
  /** The record of the deployment's own log. */
  readonly seq: number;
}

export interface Verification {
  readonly ok: boolean;
  readonly records: number;
  /** The last record that is anchored in the log over all releases; 0 when none is. */
  readonly anchored?: number;
  readonly head?: string;
  readonly found?: Tampering;
  /** What does not hold of the log over all releases, as the server found it last. */
  readonly log?: LastVerification["found"][number];
}

export interface Course {
  readonly metric: string;
  readonly name: string;
  readonly unit: string;
  readonly threshold: string;
  readonly points: readonly { readonly at: Instant; readonly value: number }[];
}

export interface Courses {
  readonly metrics: readonly Course[];
  /** The share of each component over time, in percent. */
  readonly shares: readonly {
    readonly component: string;
    readonly points: readonly { readonly at: Instant; readonly value: number }[];
  }[];
}

/** A release's incident out of its log, with the names of its people where they are known. */
export interface IncidentAnswer {
  readonly incident: IncidentRecord;
  readonly names: Readonly<Record<string, string>>;
  /** The report, in Markdown. */
  readonly document: Document;
}

/** How releases went, in all and by period. Lengths in milliseconds, ratios from 0 to 1. */
export interface Measures {
  readonly from: Instant;
  readonly to: Instant;
  readonly by: Period;
  readonly whole: Measured;
  readonly periods: readonly Measured[];
}

export interface MeasuresQuery {
  readonly from?: Instant;
  readonly to?: Instant;
  readonly by?: Period;
  readonly component?: string;
  readonly environment?: string;
}

/** Something that somebody owes, with the release that it is of. */
export interface OwedItem extends ObligationView {
  readonly release: string;
  readonly title: string;
  readonly environment: string;
  readonly components: readonly string[];
}

/** How it can be seen that something owed is done; one of the two at least. */
export interface Proof {
  readonly note?: string;
  readonly evidence?: string;
}

/** What became of a change to the deployment's calendar. */
export interface CalendarChange {
  /** Of the deployment's own log. */
  readonly seq: number;
  readonly version: number;
  /** Of what was declared; it is lifted by this. */
  readonly id?: string;
  /** A window that was declared with less notice than the calendar asks for. */
  readonly shortNotice?: boolean;
  /** The active releases that were told something by it. */
  readonly told: readonly string[];
  /** What was understood differently in a calendar that was imported. */
  readonly notes?: readonly string[];
}

export interface SpanRequest {
  readonly name: string;
  /** Unset: at once. */
  readonly from?: string;
  /** Until when; or `for`, how long. */
  readonly to?: string;
  readonly for?: string;
  readonly environments?: readonly string[];
  readonly components?: readonly string[];
  readonly incident?: string;
  readonly reason: string;
}

/** When the rules of a calendar would fall. */
export interface CalendarRulesPreview {
  readonly ok: boolean;
  readonly problems: readonly Problem[];
  /** Of each rule the next few times; none where it does not fall in the next 400 days. */
  readonly next: readonly {
    readonly kind: "freeze" | "window";
    readonly name: string;
    readonly spans: readonly Span[];
  }[];
}

export interface ImportRequest {
  readonly kind: "freeze" | "window";
  /** The iCalendar text itself, or the https address of a feed. */
  readonly text?: string;
  readonly url?: string;
  readonly environments?: readonly string[];
  readonly components?: readonly string[];
  readonly reason: string;
}

export interface ExportedDocuments {
  readonly documents: readonly Document[];
}

export type { SignedRequest } from "@gonogo/core/evidence/port";
export type { EvidenceFile } from "@gonogo/core/evidence/schema";

export type { DeploymentEntry } from "@gonogo/core/history/schema";

export interface DeploymentsPage extends Page<DeploymentEntry> {
  /** The names of the people in these entries, where they are known. */
  readonly names: Readonly<Record<string, string>>;
}

/** Which deployments; moments such as `2026-03-10T02:00:00Z`. */
export interface DeploymentsWanted {
  readonly environment?: string | undefined;
  readonly component?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit?: number;
  readonly after?: string | undefined;
}

/** A file that somebody wants to show. */
export interface WantedUpload {
  readonly name: string;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
  /** `sha256:` and the hex digits of the file's own SHA-256. */
  readonly digest: string;
}

/** Where to upload it; nowhere, when it is there already. `digest` and `name` are what answers refer to it by. */
export interface UploadAddress {
  readonly digest: string;
  readonly name: string;
  readonly upload?: SignedRequest;
}

export interface FileAddress {
  readonly file: EvidenceFile;
  readonly download: SignedRequest;
}

/** What `npm start` brings besides the API: people to be, dials to turn, a clock to speed up. */
export interface DemoState {
  readonly now: Instant;
  /** Times the pace of the wall clock. */
  readonly speed: number;
  /** Signed in with the header `authorization: Demo <id>`. */
  readonly people: readonly {
    readonly id: string;
    readonly name: string;
    readonly roles: readonly string[];
  }[];
  /** Whether stand-in people answer what the sample release asks of them. */
  readonly standIns: boolean;
  readonly service: {
    readonly name: string;
    readonly requestsPerMinute: number;
    readonly versions: readonly VersionDial[];
  };
  readonly app: { readonly name: string; readonly crashFreePercent: number };
  /** The sample release that runs. */
  readonly release?: string;
}

export interface VersionDial {
  readonly version: string;
  readonly errorPercent: number;
  readonly latencyMs: number;
}

export interface DemoChange {
  readonly speed?: number;
  readonly standIns?: boolean;
  readonly requestsPerMinute?: number;
  readonly version?: VersionDial;
  readonly crashFreePercent?: number;
  /** Begins the sample release anew, under a new id. */
  readonly restart?: boolean;
}

/** A policy as text, YAML or JSON. `file` is what problems name. */
export interface PolicyText {
  readonly text: string;
  readonly file?: string;
}

export interface CheckedPolicy {
  readonly ok: boolean;
  readonly problems: readonly Problem[];
  readonly digest?: string;
}

export interface PolicyView {
  /** The digest of the policy in force; null where none is. */
  readonly inForce: string | null;
  /** The policy that was asked for: the one in force, unless another was. */
  readonly digest?: string;
  readonly yaml?: string;
  readonly policy?: Policy;
  /** Every policy that was set, the latest first. */
  readonly history: readonly (PolicyVersion & { readonly byName: string })[];
}

export interface PolicyResult {
  readonly digest: string;
  readonly name: string;
  readonly seq: number;
  /** False where it was in force already. */
  readonly changed: boolean;
}
