import type { Actor } from "../actor/schema.ts";
import { type Instant, plus } from "../kit/instant.ts";
import type { Rejection } from "../release/commands.ts";
import type { IntegrationCommand } from "./commands.ts";
import type { IntegrationEvent } from "./events.ts";
import { integrationOf } from "./schema.ts";
import { type IntegrationState, LOST_AFTER } from "./state.ts";

export type IntegrationDecision =
  | { readonly ok: true; readonly events: readonly IntegrationEvent[] }
  | { readonly ok: false; readonly rejection: Rejection };

/** Whether a test begins, or what is written of one. Whoever holds a role may ask for one; one at a time each. */
export function decideIntegration(
  state: IntegrationState,
  { at, actor }: { readonly at: Instant; readonly actor: Actor },
  body: IntegrationCommand,
): IntegrationDecision {
  if (body.type === "RecordIntegrationTest") return record(state, body);
  const { integration } = body;
  const roles = actor.kind === "person" || actor.kind === "tool" ? actor.roles : [];
  if (roles.length === 0) {
    return refuse("forbidden", "integration.not-your-role", "you hold no role here, and so test nothing");
  }
  if (integrationOf(integration) === undefined) {
    const message = `"${integration}" is no integration: it is a system whose alarms come in, channel: and a channel's name, archive:github or archive:confluence`;
    return refuse("not-found", "integration.unknown", message);
  }
  const before = state.tests[integration];
  if (before?.status === "waiting" && at < plus(before.askedAt, LOST_AFTER)) {
    const message = `${before.test} of ${integration} is under way since ${before.askedAt}; see what comes of it`;
    return refuse("conflict", "integration.under-way", message);
  }
  const test = `test-${state.asked + 1}`;
  return { ok: true, events: [{ type: "IntegrationTestAsked", test, integration }] };
}

/** What comes twice, or belongs to no test that is waited for, changes nothing. */
function record(
  state: IntegrationState,
  { type: _, ...told }: Extract<IntegrationCommand, { type: "RecordIntegrationTest" }>,
): IntegrationDecision {
  const found = Object.entries(state.tests).find(([, { test }]) => test === told.test);
  if (found === undefined || found[1].status !== "waiting") return { ok: true, events: [] };
  return { ok: true, events: [{ type: "IntegrationTestEnded", integration: found[0], ...told }] };
}

function refuse(kind: Rejection["kind"], code: string, message: string): IntegrationDecision {
  return { ok: false, rejection: { kind, code, message } };
}
