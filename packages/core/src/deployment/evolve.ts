import { evolveAuditKey } from "../audit-key/evolve.ts";
import { evolveCalendar } from "../calendar/evolve.ts";
import { evolveDelegations } from "../delegation/evolve.ts";
import { evolveErasures } from "../erasure/evolve.ts";
import { evolveIntegrations } from "../integration/evolve.ts";
import { evolveKey } from "../key/evolve.ts";
import { evolvePolicy } from "../policy/evolve.ts";
import type { Meta } from "../release/evolve.ts";
import type { DeploymentEvent } from "./events.ts";
import type { DeploymentState } from "./state.ts";

/** The state after an event. A fold of this over the deployment's log is the deployment. */
export function evolveDeployment(
  state: DeploymentState,
  event: DeploymentEvent,
  meta: Meta,
): DeploymentState {
  switch (event.type) {
    case "CommandRefused":
    case "NameForgotten":
      return state;
    case "AuditKeyChangeAsked":
    case "AuditKeyChanged":
      return { ...state, auditKey: evolveAuditKey(state.auditKey, event) };
    case "ErasureAsked":
    case "TextsErased":
      return evolveErasures(state, event, meta.at);
    case "KeyCreated":
    case "KeyRevoked":
      return { ...state, keys: evolveKey(state.keys, event, meta) };
    case "RoleLent":
    case "RoleLendingWithdrawn":
      return { ...state, delegations: evolveDelegations(state.delegations, event, meta) };
    case "PolicyWithdrawn":
    case "PolicySet":
      return { ...state, policy: evolvePolicy(state.policy, event, meta) };
    case "IntegrationTestAsked":
    case "IntegrationTestEnded":
      return { ...state, integrations: evolveIntegrations(state.integrations, event, meta) };
    default:
      return { ...state, calendar: evolveCalendar(state.calendar, event, meta) };
  }
}
