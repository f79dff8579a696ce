import { findStep } from "@gonogo/core/plan/graph";
import { readingOf } from "@gonogo/core/watch/wanted";
import { byMachine } from "../execute.ts";
import type { Using, Writing } from "../runtime.ts";
import { read } from "./look.ts";

export interface StepInput {
  readonly release: string;
  readonly step: string;
}

/** Begins a step: its owner is asked, or a check or probe is set going. */
export async function begin(runtime: Writing, { release, step }: StepInput): Promise<void> {
  await byMachine(runtime, release, "rollout", { type: "BeginStep", step });
}

/** Reads the metric of a check and records what it said. */
export async function check(
  runtime: Writing & Using<"metrics">,
  { release, step }: StepInput,
): Promise<void> {
  const loaded = await runtime.store.load(release);
  const found = loaded === undefined ? undefined : findStep(loaded.plan, step);
  if (loaded === undefined || found?.kind !== "check") return;
  const metric = loaded.plan.metrics.find(({ id }) => id === found.metric);
  if (metric === undefined) return;
  const reading = await read(runtime, readingOf(loaded.plan, loaded.state, metric, runtime.clock.now()));
  await byMachine(runtime, release, "rollout", { type: "RecordCheck", step, reading });
}

/** Makes the request of a probe and records how it was answered. */
export async function probe(runtime: Writing & Using<"probe">, { release, step }: StepInput): Promise<void> {
  const loaded = await runtime.store.load(release);
  const found = loaded === undefined ? undefined : findStep(loaded.plan, step);
  if (found?.kind !== "probe") return;
  const { ok, detail } = await runtime.probe(found);
  await byMachine(runtime, release, "rollout", { type: "RecordProbe", step, ok, detail });
}
