import type { Scope } from "./asl.ts";
import type { Failure } from "./failure.ts";

/**
 * All that an execution needs to go on: plain JSON, written with its history events in one transaction
 * before anything is done about it. Times in milliseconds.
 */
export interface Position {
  /** False until the first state is entered. */
  begun: boolean;
  lastEventId: number;
  /** When the machine's own TimeoutSeconds is over. */
  deadline?: number;
  /** Every machine that is running, by id: the whole one is "0", a branch of it "0.1" … */
  branches: Record<string, Branch>;
  nextBranch: number;
}

export interface Branch {
  readonly id: string;
  readonly scope: Scope;
  /** The branch whose Parallel or Map state runs this one, and which of its results this one gives. */
  readonly parent?: { readonly branch: string; readonly index: number };
  /** In an iteration of a Map: `$states.context.Map.Item`. */
  readonly item?: { readonly Index: number; readonly Value: unknown };
  /** Assigned in this scope. The outer scopes' are seen too, and never changed from here. */
  variables: Record<string, unknown>;
  /** The event that the next one follows. */
  lastEventId: number;
  visit?: Visit;
}

/** One entering of a state. */
export interface Visit {
  readonly name: string;
  readonly input: unknown;
  readonly enteredAt: number;
  readonly enteredEventId: number;
  /** The event before it was entered. */
  readonly cameFrom: number;
  retryCount: number;
  /** Uses of each retrier. */
  retries: number[];
  work?: Work;
}

export type Work =
  | { readonly kind: "call"; readonly call: Call }
  | { readonly kind: "wait"; readonly until: number }
  | { readonly kind: "backoff"; readonly until: number }
  | { readonly kind: "parallel"; results: unknown[]; left: number }
  | { readonly kind: "map"; readonly items: unknown[]; next: number; results: unknown[]; left: number };

/** A task under way: one attempt of it. */
export interface Call {
  /** Made anew for each attempt, so that a late answer of an earlier one is known for what it is. */
  readonly id: string;
  readonly resource: string;
  readonly arguments: unknown;
  /** `submitted`: the call was answered, and a token or another execution ends the task. */
  phase: "calling" | "submitted";
  readonly timeoutAt?: number;
  readonly heartbeatMs?: number;
  heartbeatAt?: number;
  /** For `.sync:2`: the execution that is waited for. */
  child?: string;
}

export const ROOT = "0";

export function firstPosition(deadline: number | undefined): Position {
  return {
    begun: false,
    lastEventId: 1,
    ...(deadline === undefined ? {} : { deadline }),
    branches: { [ROOT]: { id: ROOT, scope: [], variables: {}, lastEventId: 0 } },
    nextBranch: 1,
  };
}

export interface Due {
  readonly at: number;
  readonly what: "deadline" | "work";
  readonly branch: string;
}

/** What falls due, and when, soonest first. */
export function dueTimes(position: Position): Due[] {
  const dues: Due[] = [];
  if (position.deadline !== undefined) dues.push({ at: position.deadline, what: "deadline", branch: ROOT });
  for (const branch of Object.values(position.branches)) {
    const at = branch.visit?.work === undefined ? undefined : dueTime(branch.visit.work);
    if (at !== undefined) dues.push({ at, what: "work", branch: branch.id });
  }
  return dues.sort((a, b) => a.at - b.at);
}

function dueTime(work: Work): number | undefined {
  switch (work.kind) {
    case "wait":
    case "backoff":
      return work.until;
    case "call":
      return work.call.timeoutAt === undefined
        ? work.call.heartbeatAt
        : Math.min(work.call.timeoutAt, work.call.heartbeatAt ?? Number.POSITIVE_INFINITY);
    case "parallel":
    case "map":
      return undefined;
  }
}

/** The task with this id, while it is open. */
export function openCall(position: Position, callId: string): { branch: Branch; call: Call } | undefined {
  for (const branch of Object.values(position.branches)) {
    const work = branch.visit?.work;
    if (work?.kind === "call" && work.call.id === callId) return { branch, call: work.call };
  }
  return undefined;
}

export function openCalls(position: Position): Call[] {
  return Object.values(position.branches).flatMap((branch) =>
    branch.visit?.work?.kind === "call" ? [branch.visit.work.call] : [],
  );
}

/** How an execution ended. */
export type Ending =
  | { readonly status: "SUCCEEDED"; readonly output: string }
  | { readonly status: "FAILED" | "ABORTED"; readonly failure: Failure }
  | { readonly status: "TIMED_OUT" };
