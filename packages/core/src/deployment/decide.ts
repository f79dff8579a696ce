import { decideAuditKey } from "../audit-key/decide.ts";
import { decideCalendar } from "../calendar/decide.ts";
import { decideDelegation } from "../delegation/decide.ts";
import { decideErasure } from "../erasure/decide.ts";
import { decideIntegration } from "../integration/decide.ts";
import { decideKey } from "../key/decide.ts";
import { decidePerson } from "../person/decide.ts";
import { decidePolicy } from "../policy/decide.ts";
import type { Rejection } from "../release/commands.ts";
import type { DeploymentCommand } from "./commands.ts";
import type { DeploymentEvent } from "./events.ts";
import type { DeploymentState } from "./state.ts";

export type DeploymentDecision =
  | { readonly ok: true; readonly events: readonly DeploymentEvent[] }
  | { readonly ok: false; readonly rejection: Rejection };

/** What a command brings about in the deployment, or why nothing. Pure and total. */
export function decideDeployment(state: DeploymentState, command: DeploymentCommand): DeploymentDecision {
  const { body } = command;
  switch (body.type) {
    case "ForgetName":
      return decidePerson(command, body);
    case "ChangeAuditKey":
    case "RecordAuditKey":
      return decideAuditKey(state.auditKey, command, body);
    case "EraseTexts":
    case "RecordErasure":
      return decideErasure(state, command, body);
    case "CreateKey":
    case "RevokeKey":
      return decideKey(state.keys, command, body);
    case "LendRole":
    case "WithdrawRole":
      return decideDelegation(state.delegations, command, body);
    case "SetPolicy":
    case "WithdrawPolicy":
      return decidePolicy(state.policy, command, body);
    case "TestIntegration":
    case "RecordIntegrationTest":
      return decideIntegration(state.integrations, command, body);
    default:
      return decideCalendar(state.calendar, command, body);
  }
}
