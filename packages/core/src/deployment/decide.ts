import { decideCalendar } from "../calendar/decide.ts";
import { decidePerson } from "../person/decide.ts";
import type { Rejection } from "../release/commands.ts";
import type { DeploymentCommand } from "./commands.ts";
import type { DeploymentEvent } from "./events.ts";
import type { DeploymentState } from "./state.ts";

export type DeploymentDecision =
  | { readonly ok: true; readonly events: readonly DeploymentEvent[] }
  | { readonly ok: false; readonly rejection: Rejection };

/** What a command brings about in the deployment, or why nothing. Pure and total. */
export function decideDeployment(state: DeploymentState, command: DeploymentCommand): DeploymentDecision {
  if (command.body.type === "ForgetName") return decidePerson(command, command.body);
  return decideCalendar(state.calendar, command, command.body);
}
