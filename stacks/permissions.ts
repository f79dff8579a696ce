import type { FunctionName } from "@gonogo/functions/deployment";
import { ABILITIES, type AbilityName, ON_EVERYTHING, type Statement } from "./abilities.ts";
import type { Addresses } from "./names.ts";
import type { Granted } from "./targets.ts";

/**
 * Code that several functions share, and that is granted to each of them as a whole: which of its calls are
 * made depends on what core decides, not on who asks.
 */
export const SHARED = {
  /** The one path: whoever writes to a release starts and wakes its machines, and sets its next visit. */
  command: [
    "write a release",
    "start machines",
    "wake machines",
    "set the next visit",
    "take the stand-by down",
  ],
  /** Looks at everything, and does what was asked for and never done: the start, and shifts, included. */
  visit: [
    "read alarms",
    "find tagged alarms",
    "read metrics",
    "see versions",
    "see quotas",
    "move targets",
    "put the stand-by up",
    "look back",
    "see backups",
  ],
} as const satisfies Record<string, readonly AbilityName[]>;

export type SharedName = keyof typeof SHARED;

/** What the code of each function can do. A test records what it really does, and compares both ways. */
export const RIGHTS: Readonly<
  Record<FunctionName, { readonly shared?: readonly SharedName[]; readonly own?: readonly AbilityName[] }>
> = {
  api: {
    shared: ["command"],
    own: [
      "list releases",
      "read names",
      "put events on the bus",
      "read metrics",
      "settle versions",
      "ask the doctor",
      "keep files",
    ],
  },
  alarm: { shared: ["command"] },
  service: { own: ["put events on the bus"] },
  signal: { shared: ["command"] },
  "stand-by": { own: ["read a release", "start rollbacks"] },
  publish: { own: ["put events on the bus"] },
  effects: {
    shared: ["command"],
    own: ["list releases", "keep files", "read alarms", "ring the test alarm", "move targets"],
  },
  visit: { shared: ["command", "visit"] },
  sweep: { shared: ["command", "visit"], own: ["list releases", "see the next visit"] },
  audit: {
    own: [
      "read the log",
      "see what was copied",
      "remember what was verified",
      "list releases",
      "know the audit's key",
    ],
  },
  checkpoint: {
    own: [
      "keep the log",
      "sign the log",
      "see what was copied",
      "copy what was signed",
      "copy to another account",
    ],
  },
  revive: { shared: ["command", "visit"] },
  doctor: {
    own: [
      "look the deployment over",
      "list releases",
      "read a release",
      "see the next visit",
      "read alarms",
      "find tagged alarms",
      "see versions",
    ],
  },
  next: { own: ["read a release"] },
  park: { own: ["read a release", "keep a wait", "forget a wait", "wake machines"] },
  start: {
    shared: ["command"],
    own: [
      "put the stand-by up",
      "read alarms",
      "find tagged alarms",
      "read metrics",
      "see versions",
      "see quotas",
      "see backups",
      "look back",
    ],
  },
  begin: { shared: ["command"] },
  check: { shared: ["command"], own: ["read metrics"] },
  probe: { shared: ["command"] },
  shift: { shared: ["command"], own: ["read alarms", "move targets"] },
  "what-goes-back": { own: ["read a release"] },
  "put-back": { shared: ["command"], own: ["move targets"] },
  "record-failure": { shared: ["command"] },
  verify: { shared: ["command"], own: ["read targets"] },
  "put-back-alone": { own: ["move targets"] },
  "record-alone": { shared: ["command"] },
};

export function abilitiesOf(name: FunctionName): AbilityName[] {
  const { shared = [], own = [] } = RIGHTS[name];
  return [...shared.flatMap((one): readonly AbilityName[] => SHARED[one]), ...own];
}

/** The calls that the code of a function makes. */
export function callsOf(name: FunctionName, at: Addresses, declared: Granted): Statement[] {
  return merged(abilitiesOf(name).flatMap((ability) => ABILITIES[ability](at, declared)));
}

/** What Lambda does in a function's name: it writes its log, reads its stream, and puts away what failed. */
export function serviceOf(
  name: FunctionName,
  at: Addresses,
  how: { readonly isLater: boolean; readonly readsStream: boolean },
): Statement[] {
  return [
    { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [at.logs(name)] },
    ...(how.isLater || how.readsStream
      ? [{ actions: ["sqs:SendMessage"], resources: [at.deadLetters] }]
      : []),
    ...(how.readsStream
      ? [
          {
            actions: [
              "dynamodb:DescribeStream",
              "dynamodb:GetRecords",
              "dynamodb:GetShardIterator",
              "dynamodb:ListStreams",
            ],
            resources: [at.streams],
          },
        ]
      : []),
  ];
}

/** Of a state machine: its tasks, its log, its traces. */
export function machineStatements(functions: readonly string[]): Statement[] {
  const about = (service: string) =>
    Object.keys(ON_EVERYTHING).filter((action) => action.startsWith(`${service}:`));
  return [
    { actions: ["lambda:InvokeFunction"], resources: functions },
    { actions: [...about("xray"), ...about("logs")], resources: ["*"] },
  ];
}

/** Of a schedule: its function, and where a delivery ends that could not be made. */
export function scheduleStatements(at: Addresses, target: FunctionName): Statement[] {
  return [
    { actions: ["lambda:InvokeFunction"], resources: [at.function(target)] },
    { actions: ["sqs:SendMessage"], resources: [at.deadLetters] },
  ];
}

/** One statement for each set of resources; no action twice. */
function merged(statements: readonly Statement[]): Statement[] {
  const byResources = new Map<string, { actions: Set<string>; resources: readonly string[] }>();
  for (const { actions, resources } of statements) {
    const key = resources.join(" ");
    const known = byResources.get(key) ?? { actions: new Set<string>(), resources };
    for (const action of actions) known.actions.add(action);
    byResources.set(key, known);
  }
  return [...byResources.values()].map(({ actions, resources }) => ({
    actions: [...actions].sort(),
    resources,
  }));
}

/**
 * The one grant of every action: the account's own administrators may do with the topic's key what they will.
 * Without it nobody could ever change the key's policy again, AWS included.
 */
export const KEY_OWNERS = {
  Sid: "AccountOwns",
  Effect: "Allow",
  Action: "kms:*",
  Resource: "*",
} as const;
