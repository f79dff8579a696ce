import { dueProbes, startProbes } from "@gonogo/core/check/due";
import { unknown } from "@gonogo/core/check/look";
import type { ProbeAnswer } from "@gonogo/core/check/port";
import { messageOf } from "@gonogo/core/kit/text";
import type { Loaded } from "@gonogo/core/release/ports";
import { byMachine } from "../execute.ts";
import type { Using, Writing } from "../runtime.ts";

/** All probes of a release are looked at side by side, and none for longer. */
const LONGEST_LOOK_MS = 25_000;

/** What asking the probes of a checklist takes. */
export type Asking = Writing & Using<"checks">;

/**
 * Looks at what the probes of the checklist look at, those that are due or all of them, and records what they
 * saw. The gates open and close by it; what could not be looked at is recorded as that.
 */
export async function askChecks(
  runtime: Asking,
  { plan, state }: Loaded,
  which: "due" | "all",
): Promise<void> {
  const now = runtime.clock.now();
  const checks = which === "due" ? dueProbes(plan, state, now) : startProbes(plan, state, now);
  if (checks.length === 0) return;
  const answers = await Promise.all(
    checks.map(async ({ id, probe }): Promise<ProbeAnswer> => {
      const look = runtime.checks.look({ probe, plan, state, now }).catch((error: unknown) => {
        runtime.log.warn("a probe failed", { check: id, error: messageOf(error) });
        return unknown(probe.kind, messageOf(error).slice(0, 300));
      });
      return { check: id, ...(await inTime(look, probe.kind)) };
    }),
  );
  await byMachine(runtime, state.id, which === "all" ? "rollout" : "clock", {
    type: "RecordChecks",
    answers,
    plan: state.plan,
  });
}

async function inTime<T>(look: Promise<T>, source: string): Promise<T | ReturnType<typeof unknown>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ReturnType<typeof unknown>>((resolve) => {
    timer = setTimeout(
      () => resolve(unknown(source, `it took longer than ${LONGEST_LOOK_MS / 1000} s`)),
      LONGEST_LOOK_MS,
    );
  });
  try {
    return await Promise.race([look, late]);
  } finally {
    clearTimeout(timer);
  }
}
