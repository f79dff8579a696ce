import { TABLE } from "@gonogo/adapters/dynamodb/keys";

/**
 * What gonogo is made of on AWS, as data: the stacks deploy it and the embedded engine serves it, so that the
 * two cannot drift. Names are without the stage; who deploys puts it in front.
 */
export const FUNCTIONS = {
  api: { about: "The HTTP API.", timeoutSeconds: 29 },
  alarm: { about: "Takes CloudWatch's alarm changes from the default bus.", timeoutSeconds: 60 },
  service: {
    about: "Takes what other services of AWS tell, and puts it on gonogo's bus.",
    timeoutSeconds: 30,
  },
  signal: { about: "Takes signals that came by webhook from gonogo's bus.", timeoutSeconds: 60 },
  "stand-by": { about: "Starts a rollback when the store is gone (S15).", timeoutSeconds: 60 },
  publish: { about: "Puts audit records from the table's stream on the bus.", timeoutSeconds: 60 },
  effects: { about: "Does the outside work that events ask for.", timeoutSeconds: 60 },
  visit: { about: "The clock's visit to one release.", timeoutSeconds: 60 },
  sweep: { about: "Finds releases whose visit was lost (S10).", timeoutSeconds: 300 },
  audit: { about: "Verifies the audit log, and fails aloud.", timeoutSeconds: 300 },
  checkpoint: { about: "Anchors what has moved in the audit log, and signs it.", timeoutSeconds: 120 },
  revive: { about: "Looks after releases whose execution died.", timeoutSeconds: 60 },
  doctor: { about: "Looks the deployment over for the API.", timeoutSeconds: 28 },
  next: { about: "Tells a machine what to do next.", timeoutSeconds: 30 },
  park: { about: "Keeps the token of a machine that waits.", timeoutSeconds: 30 },
  start: { about: "Reads and locks the targets.", timeoutSeconds: 60 },
  begin: { about: "Begins a step.", timeoutSeconds: 30 },
  check: { about: "Reads the metric of a check.", timeoutSeconds: 60 },
  probe: { about: "Makes the request of a probe.", timeoutSeconds: 60 },
  shift: { about: "Shifts a share.", timeoutSeconds: 60 },
  "what-goes-back": { about: "The rollback's fence.", timeoutSeconds: 15 },
  "put-back": { about: "Puts one target back.", timeoutSeconds: 60 },
  "record-failure": { about: "Records a target that could not be put back.", timeoutSeconds: 30 },
  verify: { about: "Looks whether every target is back.", timeoutSeconds: 60 },
  "put-back-alone": { about: "Puts targets back without the store (S15).", timeoutSeconds: 120 },
  "record-alone": { about: "Writes down what was done without the store.", timeoutSeconds: 30 },
} as const satisfies Record<string, { about: string; timeoutSeconds: number }>;

export type FunctionName = keyof typeof FUNCTIONS;

export const MACHINES = ["rollout", "rollback"] as const;
export type MachineName = (typeof MACHINES)[number];

export interface RuleDescription {
  readonly bus: "default" | "own";
  readonly pattern: Readonly<Record<string, unknown>>;
  readonly target: FunctionName;
}

/** Events after which there is outside work to do. */
const WITH_EFFECTS = [
  "ReleaseSubmitted",
  "RollbackStarted",
  "MessageDue",
  "ReleasePaused",
  "ReleaseResumed",
  "PhaseHeld",
  "PhaseReleased",
  "PhasePassed",
  "TriggerFired",
  "ReviewOpened",
  "ReleaseAborted",
  "ReleaseCompleted",
  "ReviewSigned",
  "ArchiveAsked",
  "ReleaseArchived",
  "ArchiveCopyAsked",
  "RollbackEnded",
  "FreezeDeclared",
  "FreezeLifted",
  "CalendarRulesSet",
  "CalendarSpanDeclared",
  "CalendarSpanLifted",
  "CalendarImported",
  "CalendarImportRemoved",
  "RoleLent",
  "RoleLendingWithdrawn",
  "WindowNoticeDue",
  "IntegrationTestAsked",
];

/** Events with which a release is over: its log is anchored at once. */
const ENDS = ["ReleaseCompleted", "ReleaseAborted", "RollbackEnded", "ReleaseArchived"];

export const RULES: Readonly<Record<string, RuleDescription>> = {
  alarms: {
    bus: "default",
    pattern: { source: ["aws.cloudwatch"], "detail-type": ["CloudWatch Alarm State Change"] },
    target: "alarm",
  },
  services: {
    bus: "default",
    pattern: {
      source: ["aws.codedeploy", "aws.health"],
      "detail-type": ["CodeDeploy Deployment State-change Notification", "AWS Health Event"],
    },
    target: "service",
  },
  signals: {
    bus: "own",
    pattern: { source: ["gonogo"], "detail-type": ["SignalArrived"] },
    target: "signal",
  },
  effects: { bus: "own", pattern: { source: ["gonogo"], "detail-type": WITH_EFFECTS }, target: "effects" },
  ends: { bus: "own", pattern: { source: ["gonogo"], "detail-type": ENDS }, target: "checkpoint" },
  executions: {
    bus: "default",
    pattern: {
      source: ["aws.states"],
      "detail-type": ["Step Functions Execution Status Change"],
      detail: { status: ["FAILED", "TIMED_OUT", "ABORTED"] },
    },
    target: "revive",
  },
};

/** Where deliveries end that could not be made, after a day of trying. */
export const DEAD_LETTERS = "dead-letters";

export const SCHEDULES: Readonly<Record<string, { expression: string; target: FunctionName }>> = {
  sweep: { expression: "rate(5 minutes)", target: "sweep" },
  checkpoint: { expression: "rate(10 minutes)", target: "checkpoint" },
  audit: { expression: "rate(10 minutes)", target: "audit" },
};

/** The group of the releases' own one-shot schedules. */
export const SCHEDULE_GROUP = "releases";

export const STORE = {
  table: "releases",
  ...TABLE,
  streamTo: "publish" as FunctionName,
} as const;

/** The bucket for what people attach as evidence, and for the archive. It has versions and Object Lock. */
export const EVIDENCE = {
  bucket: "evidence",
  /** What holds every object that brings no lock of its own; 400 days, in a stage that people rely on. */
  lock: { mode: "GOVERNANCE", days: 400 },
} as const;

export const BUS = "gonogo";

/** An alarm that stands on nothing, and is rung to see whether alarms are heard. */
export const TEST_ALARM = {
  name: "integration-test",
  about: "Stands on nothing: gonogo rings it to see whether alarms are heard. It reaches no release.",
  namespace: "gonogo",
  metric: "IntegrationTest",
} as const;
