import type { Actor } from "@gonogo/core/actor/schema";
import { decideIntegration } from "@gonogo/core/integration/decide";
import type { IntegrationEvent } from "@gonogo/core/integration/events";
import { evolveIntegrations } from "@gonogo/core/integration/evolve";
import { type IntegrationState, NO_TESTS } from "@gonogo/core/integration/state";
import { integrationsView } from "@gonogo/core/integration/view";
import type { Instant } from "@gonogo/core/kit/instant";
import type { Rejection } from "@gonogo/core/release/commands";
import { metaOf } from "@gonogo/core/release/evolve";

const NOW = "2025-06-04T01:00:00.000Z" as Instant;
const CLOCK: Actor = { kind: "clock" };

/** Integrations, decided by the pure core, for the fake API: each comes through at the second look, or fails. */
export class FakeIntegrations {
  state: IntegrationState = NO_TESTS;
  fails = false;
  #looks = 0;

  list(): unknown {
    const open = Object.values(this.state.tests).find(({ status }) => status === "waiting");
    if (open !== undefined && ++this.#looks > 1) {
      const hops = [{ hop: "accepted" as const, at: NOW }];
      const told = this.fails ? { ok: false, hops, detail: "no route is set" } : { ok: true, hops };
      this.#ask(CLOCK, { type: "RecordIntegrationTest", test: open.test, ...told });
    }
    const known = {
      open: ["cloudwatch" as const],
      channels: ["channel:#releases"],
      seen: { cloudwatch: NOW },
    };
    return { at: NOW, items: integrationsView(this.state, known, NOW) };
  }

  test(actor: Actor, integration: string): unknown | Rejection {
    this.#looks = 0;
    const outcome = this.#ask(actor, { type: "TestIntegration", integration });
    if ("code" in outcome) return outcome;
    return { integration, test: outcome[0]?.test, seq: this.state.asked };
  }

  #ask(actor: Actor, body: Parameters<typeof decideIntegration>[2]): readonly IntegrationEvent[] | Rejection {
    const asking = { at: NOW, actor };
    const decision = decideIntegration(this.state, asking, body);
    if (!decision.ok) return decision.rejection;
    for (const event of decision.events) this.state = evolveIntegrations(this.state, event, metaOf(asking));
    return decision.events;
  }
}
