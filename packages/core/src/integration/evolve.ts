import type { Meta } from "../release/evolve.ts";
import type { IntegrationEvent } from "./events.ts";
import { type IntegrationState, type IntegrationTest, MOST_REMEMBERED } from "./state.ts";

export function evolveIntegrations(
  state: IntegrationState,
  event: IntegrationEvent,
  { at }: Meta,
): IntegrationState {
  const { test, integration } = event;
  const { [integration]: before, ...others } = state.tests;
  const put = (one: IntegrationTest) =>
    Object.fromEntries([...Object.entries(others), [integration, one]].slice(-MOST_REMEMBERED));
  switch (event.type) {
    case "IntegrationTestAsked":
      return {
        asked: state.asked + 1,
        tests: put({ test, askedAt: at, status: "waiting", hops: [] }),
      };
    case "IntegrationTestEnded": {
      if (before === undefined) return state;
      const { ok, hops, detail } = event;
      const status = ok ? "passed" : "failed";
      const ended = { ...before, status, hops, endedAt: at } as const;
      return { ...state, tests: put(detail === undefined ? ended : { ...ended, detail }) };
    }
  }
}
