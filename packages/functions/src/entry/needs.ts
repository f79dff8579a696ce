import type { FunctionName } from "../deployment.ts";
import type { Secret } from "./secrets.ts";
import type { Variable } from "./settings.ts";

/** What each part of a runtime is made from. */
export const PARTS = {
  store: { variables: ["GONOGO_TABLE"], secrets: [] },
  machines: { variables: ["GONOGO_ROLLOUT_ARN", "GONOGO_ROLLBACK_ARN"], secrets: [] },
  timers: {
    variables: [
      "GONOGO_SCHEDULE_GROUP",
      "GONOGO_SCHEDULER_ROLE_ARN",
      "GONOGO_VISIT_ARN",
      "GONOGO_DEAD_LETTER_ARN",
    ],
    secrets: [],
  },
  standBy: { variables: ["GONOGO_BUS", "GONOGO_STAND_BY_ARN", "GONOGO_DEAD_LETTER_ARN"], secrets: [] },
  bus: { variables: ["GONOGO_BUS"], secrets: [] },
  targets: { variables: ["GONOGO_ACCOUNTS"], secrets: ["GONOGO_APP_STORE", "GONOGO_GOOGLE_PLAY"] },
  metrics: { variables: [], secrets: ["GONOGO_SENTRY"] },
  alarms: { variables: [], secrets: [] },
  testAlarm: { variables: ["GONOGO_TEST_ALARM"], secrets: [] },
  channel: { variables: [], secrets: ["GONOGO_CHANNELS"] },
  elsewhere: { variables: ["GONOGO_AUDIT_COPIES"], secrets: [] },
  whereElse: { variables: ["GONOGO_AUDIT_COPIES"], secrets: [] },
  copies: { variables: ["GONOGO_EVIDENCE_BUCKET"], secrets: [] },
  objects: { variables: ["GONOGO_EVIDENCE_BUCKET"], secrets: [] },
  shelves: { variables: [], secrets: ["GONOGO_ARCHIVES"] },
  feeds: { variables: [], secrets: ["GONOGO_CALENDARS"] },
  probe: { variables: [], secrets: [] },
  inspector: {
    variables: [
      "GONOGO_TABLE",
      "GONOGO_BUS",
      "GONOGO_SCHEDULE_GROUP",
      "GONOGO_ROLLOUT_ARN",
      "GONOGO_ROLLBACK_ARN",
      "GONOGO_VISIT_ARN",
      "GONOGO_DEAD_LETTER_ARN",
    ],
    secrets: [],
  },
  doctor: { variables: ["GONOGO_VISIT_ARN"], secrets: [] },
  anchors: { variables: ["GONOGO_TABLE"], secrets: [] },
  guard: { variables: ["GONOGO_TABLE"], secrets: [] },
  signer: { variables: ["GONOGO_AUDIT_KEY"], secrets: ["GONOGO_AUDIT_SIGNING_KEY"] },
  signerBefore: {
    variables: ["GONOGO_AUDIT_KEY_BEFORE"],
    secrets: ["GONOGO_AUDIT_SIGNING_KEY_BEFORE"],
  },
  trustedKey: { variables: ["GONOGO_AUDIT_KEY"], secrets: [] },
  trustedKeyBefore: { variables: ["GONOGO_AUDIT_KEY_BEFORE"], secrets: [] },
  trust: { variables: ["GONOGO_SIGSTORE_ROOT"], secrets: [] },
  checks: {
    variables: ["GONOGO_TABLE", "GONOGO_ACCOUNTS", "GONOGO_SIGSTORE_ROOT"],
    secrets: ["GONOGO_PROBES"],
  },
  doors: { variables: [], secrets: ["GONOGO_HOOKS", "GONOGO_ISSUERS", "GONOGO_API_TOKENS"] },
} as const satisfies Record<string, { variables: readonly Variable[]; secrets: readonly Secret[] }>;

export type PartName = keyof typeof PARTS;

/** Whoever writes to a release starts and wakes its machines and sets its next visit. */
const WRITES = ["store", "machines", "timers", "standBy"] as const;
const LOOKS = [...WRITES, "targets", "metrics", "alarms", "channel", "checks", "anchors"] as const;

/** The parts of each function, and so its variables, its secrets and its rights. */
export const NEEDS = {
  api: [...WRITES, "feeds", "bus", "targets", "metrics", "doctor", "objects", "anchors", "guard", "doors"],
  alarm: WRITES,
  signal: WRITES,
  service: ["bus"],
  "stand-by": ["store", "machines"],
  publish: ["bus"],
  effects: [...WRITES, "targets", "alarms", "testAlarm", "channel", "objects", "shelves"],
  visit: LOOKS,
  sweep: [...LOOKS, "feeds"],
  audit: ["anchors", "copies", "store", "trustedKey", "trustedKeyBefore"],
  checkpoint: ["anchors", "copies", "elsewhere", "signer", "signerBefore", "objects", "store"],
  revive: LOOKS,
  doctor: ["store", "anchors", "whereElse", "timers", "alarms", "targets", "inspector", "shelves", "trust"],
  next: ["store"],
  park: ["store", "machines"],
  start: [...WRITES, "targets", "metrics", "alarms", "checks"],
  begin: WRITES,
  check: [...WRITES, "metrics"],
  probe: [...WRITES, "probe"],
  shift: [...WRITES, "targets", "alarms"],
  "what-goes-back": ["store"],
  "put-back": [...WRITES, "targets"],
  "record-failure": WRITES,
  verify: [...WRITES, "targets"],
  "put-back-alone": ["targets"],
  "record-alone": WRITES,
} as const satisfies Record<FunctionName, readonly PartName[]>;

export type PartOf<N extends FunctionName> = (typeof NEEDS)[N][number];

export function partsOf(name: FunctionName): readonly PartName[] {
  return NEEDS[name];
}

/** The variables that a function must be given. AWS_REGION is set by Lambda itself. */
export function variablesOf(name: FunctionName): Variable[] {
  return [...new Set(partsOf(name).flatMap((part): readonly Variable[] => PARTS[part].variables))];
}

/** The secrets that a function may be given; without one, what needs it is not set up. */
export function secretsOf(name: FunctionName): Secret[] {
  return [...new Set(partsOf(name).flatMap((part): readonly Secret[] => PARTS[part].secrets))];
}
