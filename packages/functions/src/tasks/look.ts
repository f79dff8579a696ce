import { adapterFor } from "@gonogo/adapters/targets";
import { seenCalendar } from "@gonogo/core/calendar/seen";
import type { SeenCalendar } from "@gonogo/core/freeze/decide";
import { isLookedAt } from "@gonogo/core/gate/readiness";
import { messageOf } from "@gonogo/core/kit/text";
import type { Reading } from "@gonogo/core/metric/judge";
import type { ReadingRequest } from "@gonogo/core/metric/port";
import { unitOf } from "@gonogo/core/metric/relative";
import { findComponent } from "@gonogo/core/plan/graph";
import type { Plan } from "@gonogo/core/plan/schema";
import { wantsQuotas } from "@gonogo/core/quota/decide";
import type { Seen } from "@gonogo/core/release/commands";
import { isArmed, type ReleaseState } from "@gonogo/core/release/state";
import { alarmsOf } from "@gonogo/core/signal/decide";
import { type SeenTagged, type TaggedOfRelease, tagSetsOf, withTagged } from "@gonogo/core/signal/tagged";
import { wantedReadings } from "@gonogo/core/watch/wanted";
import type { Using } from "../runtime.ts";
import { readQuotas } from "./quotas.ts";
import { readReadiness } from "./readiness.ts";

/** Reads the level of everything that matters to a release now: targets, alarms, metrics (S5, S13). */
export async function look(
  runtime: Using<"store" | "metrics" | "alarms" | "targets">,
  plan: Plan,
  state: ReleaseState,
): Promise<Seen> {
  const armed = isArmed(state.status);
  const wanted = wantedReadings(plan, state, runtime.clock.now());
  const isWaiting = isLookedAt(plan, state, runtime.clock.now());
  const tagged = armed || isWaiting ? await findTagged(runtime, plan) : [];
  const known = withTagged(plan, state, tagged);
  const isCounted = isWaiting || wantsQuotas(plan, state, runtime.clock.now());
  const [readings, recent, alarms, targets, { calendar }, readiness, quotas] = await Promise.all([
    Promise.all(wanted.readings.map((request) => read(runtime, request))),
    Promise.all(wanted.recent.map((request) => read(runtime, request))),
    armed ? readAlarms(runtime, plan, known) : [],
    armed || state.status === "rolling-back" ? readTargets(runtime, plan, state) : [],
    readCalendar(runtime, plan, state),
    isWaiting ? readReadiness(runtime, plan, known) : undefined,
    isCounted ? readQuotas(runtime, plan) : undefined,
  ]);
  const ready = readiness === undefined ? {} : { readiness };
  const counted = quotas === undefined ? {} : { quotas };
  const found = tagged.length === 0 ? {} : { tagged };
  return { readings, recent, alarms, ...found, targets, calendar, ...ready, ...counted };
}

/** What the deployment's calendar says for a release, and where the deployment's log stood when it was read. */
export async function readCalendar(
  runtime: Using<"store">,
  plan: Plan,
  state: ReleaseState,
): Promise<{ calendar: SeenCalendar; deploymentAt: number }> {
  const { state: deployment, seq } = await runtime.store.deployment();
  const calendar = seenCalendar(deployment.calendar, plan, state, runtime.clock.now());
  return { calendar: { ...calendar, delegations: deployment.delegations.open }, deploymentAt: seq };
}

/** A source that cannot be read gives a reading without a value, which holds; it never passes (S14). */
export async function read(runtime: Using<"metrics">, request: ReadingRequest): Promise<Reading> {
  const { metric, from, to } = request;
  try {
    return await runtime.metrics.read(request);
  } catch (error) {
    runtime.log.warn("a metric could not be read", { metric: metric.id, error: messageOf(error) });
    const note = `could not be read: ${messageOf(error).slice(0, 200)}`;
    return { metric: metric.id, unit: unitOf(metric), from, to, note };
  }
}

/** Which alarms carry the plan's tags now; tags that could not be looked up are left out. */
export async function findTagged(runtime: Using<"alarms">, plan: Plan): Promise<SeenTagged[]> {
  const found = await Promise.all(
    tagSetsOf(plan).map(async (tags): Promise<SeenTagged[]> => {
      try {
        return [{ tags, alarms: await runtime.alarms.tagged(tags) }];
      } catch (error) {
        runtime.log.warn("tagged alarms could not be looked up", { error: messageOf(error) });
        return [];
      }
    }),
  );
  return found.flat();
}

/** Alarms that could not be read are left out: nothing is concluded from them, good or bad. */
export async function readAlarms(
  runtime: Using<"alarms">,
  plan: Plan,
  state: TaggedOfRelease,
): Promise<Seen["alarms"]> {
  const names = alarmsOf(plan, state);
  if (names.length === 0) return [];
  try {
    return await runtime.alarms.read(names);
  } catch (error) {
    runtime.log.warn("alarms could not be read", { error: messageOf(error) });
    return [];
  }
}

/** What each target that an adapter moves says now; one that cannot be read is left out. */
export async function readTargets(
  runtime: Using<"targets">,
  plan: Plan,
  state: ReleaseState,
): Promise<Seen["targets"]> {
  const seen = await Promise.all(
    Object.entries(state.components).map(async ([component, known]) => {
      const target = findComponent(plan, component)?.target;
      if (target === undefined) return [];
      try {
        const adapter = adapterFor(runtime.targets, target);
        return adapter === undefined ? [] : [{ component, observed: await adapter.read(target, known) }];
      } catch (error) {
        runtime.log.warn("a target could not be read", { component, error: messageOf(error) });
        return [];
      }
    }),
  );
  return seen.flat();
}
