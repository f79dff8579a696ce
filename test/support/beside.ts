import type { Actor } from "@gonogo/core/actor/schema";
import type { Plan } from "@gonogo/core/plan/schema";
import type { CommandBody } from "@gonogo/core/release/commands";
import type { Loaded } from "@gonogo/core/release/ports";
import { submitPlan } from "@gonogo/functions/api/submit";
import { execute, type Outcome } from "@gonogo/functions/execute";
import { AwsError } from "@gonogo/local/kernel/wire";
import type { Simulation } from "@gonogo/local/simulation/simulation";
import { createWorld } from "@gonogo/local/simulation/world";

const TOOL: Actor = { kind: "tool", id: "ci", roles: ["Release Manager"] };

/** Submits another plan in the world of a simulation. Nobody answers for it but the clock. */
export async function submitBeside({ control }: Simulation, plan: Plan): Promise<Outcome> {
  return await control.during(async () => {
    // The versions that it needs are published before its alias, which may be there already.
    await createWorld(control.engine, plan).catch(unlessThere);
    return await submitPlan(control.runtime, plan, { key: `submit-${plan.id}`, actor: TOOL });
  });
}

export async function loadBeside({ control }: Simulation, id: string): Promise<Loaded> {
  const loaded = await control.during(() => control.runtime.store.load(id));
  if (loaded === undefined) throw new Error(`${id} is not in the store`);
  return loaded;
}

export async function askBeside(
  { control }: Simulation,
  release: string,
  actor: Actor,
  body: CommandBody,
  reason = "the test asks for it",
): Promise<Outcome> {
  const { runtime } = control;
  return await control.during(() => execute(runtime, { release, id: runtime.newId(), actor, reason, body }));
}

/** Lets minutes go by. */
export async function pass({ control }: Simulation, minutes: number): Promise<void> {
  await control.clock.advance(minutes * 60_000);
}

function unlessThere(error: unknown): void {
  if (!(error instanceof AwsError) || error.code !== "ResourceConflictException") throw error;
}
