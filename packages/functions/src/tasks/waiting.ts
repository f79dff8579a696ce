import { digestOf, shortDigest } from "@gonogo/core/kit/digest";
import { type Instant, toMillis } from "@gonogo/core/kit/instant";
import { type Asker, isOver, type Next, next } from "@gonogo/core/release/next";
import type { Using } from "../runtime.ts";

/** A wait is looked at again after a day at the latest, whether or not anything woke it (S10). */
const LONGEST_WAIT = 86_400;

export interface NextInput {
  readonly release: string;
  readonly asker: Asker;
}

/** What the machine does next, and for a wait its time-out in seconds. */
export type NextAnswer = Next & { readonly seconds?: number };

/** Answers a state machine that asks what to do next. */
export async function answerNext(runtime: Using<"store">, input: NextInput): Promise<NextAnswer> {
  const loaded = await runtime.store.load(input.release);
  if (loaded === undefined) return { do: "stop" };
  const now = runtime.clock.now();
  const answer = next(loaded.plan, loaded.state, input.asker, now);
  return answer.do === "wait" ? { ...answer, seconds: secondsUntil(answer.until, now) } : answer;
}

export interface ParkInput extends NextInput {
  readonly wait: Extract<Next, { do: "wait" }>;
  readonly token: string;
}

/**
 * Keeps a waiting machine's token. What it waits for may have come about between its question and this
 * moment; then nobody else would wake it, so this does.
 */
export async function park(runtime: Using<"store" | "machines">, input: ParkInput): Promise<void> {
  const { release, asker, wait, token } = input;
  const id = waitId(asker, token);
  await runtime.store.park({
    id,
    release,
    token,
    asker,
    for: wait.for,
    ...(wait.step === undefined ? {} : { step: wait.step }),
    ...(wait.until === undefined ? {} : { until: wait.until }),
    at: runtime.clock.now(),
  });
  const loaded = await runtime.store.load(release);
  if (loaded === undefined) return;
  if (!isOver(wait, next(loaded.plan, loaded.state, asker, runtime.clock.now()))) return;
  await runtime.machines.wake(token);
  await runtime.store.unpark(release, id);
}

/**
 * Each wait has its own place, so that whoever forgets one that is over cannot forget the next one with it.
 * The token itself is in no key.
 */
function waitId(asker: Asker, token: string): string {
  const who = typeof asker === "string" ? asker : `lane-${asker.lane}`;
  return `${who}-${shortDigest(digestOf(token))}`;
}

function secondsUntil(until: Instant | undefined, now: Instant): number {
  if (until === undefined) return LONGEST_WAIT;
  const seconds = Math.ceil((toMillis(until) - toMillis(now)) / 1000);
  return Math.min(Math.max(seconds, 1), LONGEST_WAIT);
}
