import type { ReleaseView } from "@gonogo/client";
import type { Tone } from "../kit/parts.tsx";

type Status = ReleaseView["status"];

const WORDS: Record<Status, { readonly words: string; readonly tone: Tone }> = {
  gates: { words: "Waiting for its gates", tone: "ask" },
  ready: { words: "Ready to start", tone: "busy" },
  running: { words: "Running", tone: "busy" },
  validating: { words: "Validating", tone: "busy" },
  baking: { words: "Baking", tone: "busy" },
  reviewing: { words: "Waiting for its review", tone: "ask" },
  completed: { words: "Completed", tone: "good" },
  aborted: { words: "Aborted", tone: "quiet" },
  "rolling-back": { words: "Rolling back", tone: "bad" },
  "rolled-back": { words: "Rolled back", tone: "bad" },
  "rollback-unconfirmed": { words: "Rollback not confirmed", tone: "bad" },
};

/** A status as a person says it. Paused comes before all but what has ended or is being put back. */
export function statusWords(status: Status, paused: boolean): { words: string; tone: Tone } {
  const going = ["gates", "ready", "running", "validating", "baking"].includes(status);
  return paused && going ? { words: "Paused", tone: "ask" } : WORDS[status];
}

const ENDED: readonly Status[] = ["completed", "aborted", "rolled-back", "rollback-unconfirmed"];

export function isOver(status: Status): boolean {
  return ENDED.includes(status);
}

const STEP: Record<ReleaseView["steps"][number]["status"], { words: string; tone: Tone }> = {
  waiting: { words: "waiting", tone: "quiet" },
  running: { words: "running", tone: "busy" },
  shifting: { words: "shifting", tone: "busy" },
  watching: { words: "watching", tone: "busy" },
  held: { words: "held", tone: "ask" },
  done: { words: "done", tone: "good" },
  failed: { words: "failed", tone: "bad" },
  skipped: { words: "skipped", tone: "quiet" },
};

export function stepWords(status: keyof typeof STEP): { words: string; tone: Tone } {
  return STEP[status];
}

type StepView = ReleaseView["steps"][number];

/**
 * When a step was cut short by a rollback or the release's end; undefined where it ended by itself or goes on.
 * Nothing is recorded on the step then, since it was not the step that ended.
 */
export function cutShortAt(
  view: Pick<ReleaseView, "rollback" | "endedAt">,
  step: Pick<StepView, "startedAt" | "endedAt">,
): string | undefined {
  if (step.startedAt === undefined || step.endedAt !== undefined) return undefined;
  return view.rollback?.startedAt ?? view.endedAt;
}

/** A step's words within its release. */
export function stepWordsIn(
  view: Pick<ReleaseView, "rollback" | "endedAt">,
  step: Pick<StepView, "status" | "startedAt" | "endedAt">,
): { words: string; tone: Tone } {
  return cutShortAt(view, step) === undefined
    ? stepWords(step.status)
    : { words: "cut short", tone: "quiet" };
}

const VERDICTS = {
  pass: { words: "pass", tone: "good" },
  fail: { words: "fail", tone: "bad" },
  hold: { words: "hold", tone: "ask" },
} as const;

export function verdictWords(verdict: keyof typeof VERDICTS): { words: string; tone: Tone } {
  return VERDICTS[verdict];
}
