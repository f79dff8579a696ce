import { verifyChain } from "@gonogo/core/audit/chain";
import type { AuditRecord } from "@gonogo/core/audit/schema";
import { fromMillis, type Instant, toMillis } from "@gonogo/core/kit/instant";
import type { CommandBody } from "@gonogo/core/release/commands";
import type { ReleaseEvent } from "@gonogo/core/release/events";
import type { ReleaseState } from "@gonogo/core/release/state";
import { execute, type Outcome } from "@gonogo/functions/execute";
import type { Simulation } from "@gonogo/local/simulation/simulation";
import { expect } from "vitest";

export const MANAGER = { kind: "person", id: "psn_manager", roles: ["Release Manager", "Ops"] } as const;

export interface AliasView {
  readonly FunctionVersion: string;
  readonly RevisionId: string;
  readonly RoutingConfig?: { readonly AdditionalVersionWeights?: Record<string, number> };
}

export async function aliasOf(simulation: Simulation, FunctionName = "api"): Promise<AliasView> {
  const answer = await simulation.control.engine.kernel.call("lambda", "GetAlias", {
    FunctionName,
    Name: "prod",
  });
  return answer as AliasView;
}

/** The version that gets the traffic, and what the other gets: `1`, or `1+2:0.1`. */
export async function routeOf(simulation: Simulation, FunctionName = "api"): Promise<string> {
  const { FunctionVersion, RoutingConfig } = await aliasOf(simulation, FunctionName);
  const others = Object.entries(RoutingConfig?.AdditionalVersionWeights ?? {});
  return [FunctionVersion, ...others.map(([version, weight]) => `${version}:${weight}`)].join("+");
}

export async function stateOf(simulation: Simulation): Promise<ReleaseState> {
  return (await simulation.load()).state;
}

/** As a person with a reason; each call is a request of its own. */
export async function ask(
  simulation: Simulation,
  body: CommandBody,
  options: { actor?: { kind: "person"; id: string; roles: string[] }; reason?: string; id?: string } = {},
): Promise<Outcome> {
  const { runtime } = simulation.control;
  return await simulation.control.during(() =>
    execute(runtime, {
      release: simulation.plan.id,
      id: options.id ?? runtime.newId(),
      actor: options.actor ?? { ...MANAGER, roles: [...MANAGER.roles] },
      reason: options.reason ?? "the test asks for it",
      body,
    }),
  );
}

/** A moment counted from T. */
export async function afterT(simulation: Simulation, seconds: number): Promise<Instant> {
  const { t } = await stateOf(simulation);
  return fromMillis(toMillis(t ?? simulation.plan.start) + seconds * 1000);
}

export async function runToSecond(simulation: Simulation, seconds: number): Promise<void> {
  await simulation.runTo(await afterT(simulation, seconds));
}

export function typesOf(records: readonly AuditRecord[]): ReleaseEvent["type"][] {
  return records.map(({ event }) => event.type);
}

export function eventsOf<T extends ReleaseEvent["type"]>(
  records: readonly AuditRecord[],
  type: T,
): Extract<ReleaseEvent, { type: T }>[] {
  return records.flatMap(({ event }) =>
    event.type === type ? [event as Extract<ReleaseEvent, { type: T }>] : [],
  );
}

/** What must be so of every log, whatever happened. Returns the records for more. */
export async function expectSound(simulation: Simulation): Promise<readonly AuditRecord[]> {
  const { seq, head } = await simulation.load();
  const records = await simulation.records();
  expect(verifyChain(simulation.plan.id, records, { seq, digest: head })).toMatchObject({ ok: true });
  expectSoundLog(records);
  return records;
}

/** Of the log alone: no two shifts in flight, none after a rollback began, no share that rises after it. */
export function expectSoundLog(records: readonly AuditRecord[]): void {
  const inFlight = new Map<string, number>();
  let isRollingBack = false;
  for (const { event, seq } of records) {
    switch (event.type) {
      case "RollbackStarted":
        isRollingBack = true;
        break;
      case "ShiftIntended":
        expect(inFlight.get(event.component), `record ${seq}: two shifts in flight`).toBeUndefined();
        expect(isRollingBack, `record ${seq}: a shift after the rollback began`).toBe(false);
        inFlight.set(event.component, seq);
        break;
      case "ShiftDone":
      case "ShiftFailed":
        inFlight.delete(event.component);
        break;
      default:
    }
  }
}
