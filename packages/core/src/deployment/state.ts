import { type AuditKeyState, FIRST_AUDIT_KEY } from "../audit-key/state.ts";
import { type CalendarState, EMPTY_CALENDAR } from "../calendar/state.ts";
import { type DelegationsState, NO_DELEGATIONS } from "../delegation/state.ts";
import type { Erasures } from "../erasure/state.ts";
import { type IntegrationState, NO_TESTS } from "../integration/state.ts";
import { type KeyState, NO_KEYS } from "../key/state.ts";
import { NO_POLICY, type PolicyState } from "../policy/state.ts";

/**
 * The id under which the deployment's own audit log is kept, beside those of its releases. No release can
 * have it.
 */
export const DEPLOYMENT = "deployment";

/** What holds for every release of a deployment: a fold over the deployment's own log. */
export interface DeploymentState {
  readonly calendar: CalendarState;
  readonly policy: PolicyState;
  readonly delegations: DelegationsState;
  readonly integrations: IntegrationState;
  readonly keys: KeyState;
  readonly auditKey: AuditKeyState;
  readonly erasures?: Erasures;
}

/** The state before anything has happened. A part that was added later is filled in when it is read. */
export const NEW_DEPLOYMENT: DeploymentState = {
  calendar: EMPTY_CALENDAR,
  policy: NO_POLICY,
  delegations: NO_DELEGATIONS,
  integrations: NO_TESTS,
  keys: NO_KEYS,
  auditKey: FIRST_AUDIT_KEY,
};
