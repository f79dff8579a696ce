import { type Actor, hasRole } from "@gonogo/core/actor/schema";
import { SPEAKING } from "@gonogo/core/authority/authority";
import type { PersonCommand } from "@gonogo/core/release/person-commands";
import { byMachine, CALENDAR_CHANGED, execute, type Outcome, type Request } from "../execute.ts";
import { readCalendar } from "../tasks/look.ts";
import type { Serving } from "./context.ts";

const MOST_TRIES = 5;

/**
 * Executes a person's command. Who speaks as a role that they do not hold may have been lent it for all releases: the
 * release is told first what is lent now, and nothing is written if that has changed by the time of the write, so
 * that a delegation which was withdrawn a moment ago signs nothing.
 */
export async function executeSpoken(
  runtime: Serving,
  request: Request & { readonly body: PersonCommand },
): Promise<Outcome> {
  if (!isLent(request.actor, request.body)) return await execute(runtime, request);
  for (let tries = 1; ; tries++) {
    const loaded = await runtime.store.load(request.release);
    if (loaded === undefined) return await execute(runtime, request);
    const { calendar, deploymentAt } = await readCalendar(runtime, loaded.plan, loaded.state);
    await byMachine(runtime, request.release, "clock", { type: "ApplyCalendar", calendar });
    const outcome = await execute(runtime, { ...request, deploymentAt });
    const isOver = outcome.ok || outcome.rejection.code !== CALENDAR_CHANGED;
    if (isOver || tries === MOST_TRIES) return outcome;
  }
}

function isLent(actor: Actor, body: PersonCommand): boolean {
  if (actor.kind !== "person" || !SPEAKING.includes(body.type)) return false;
  return "role" in body && body.role !== undefined && !hasRole(actor, body.role);
}
