import type { AuditRecord } from "../audit/schema.ts";
import type { AuditKeyEvent } from "../audit-key/events.ts";
import type { CalendarEvent } from "../calendar/events.ts";
import type { DelegationEvent } from "../delegation/events.ts";
import type { ErasureEvent } from "../erasure/events.ts";
import type { IntegrationEvent } from "../integration/events.ts";
import type { KeyEvent } from "../key/events.ts";
import type { PersonEvent } from "../person/events.ts";
import type { PolicyEvent } from "../policy/events.ts";

/**
 * What can happen to the deployment as a whole, outside of any release. Like a release's events these are the
 * audit log: no secret, no token, no name of a person; fields may be added, none changes its meaning.
 */
export type DeploymentEvent =
  | AuditKeyEvent
  | CalendarEvent
  | DelegationEvent
  | ErasureEvent
  | IntegrationEvent
  | KeyEvent
  | PersonEvent
  | PolicyEvent
  | {
      readonly type: "CommandRefused";
      readonly command: string;
      readonly code: string;
      readonly why: string;
    };

export type DeploymentRecord = AuditRecord<DeploymentEvent>;
