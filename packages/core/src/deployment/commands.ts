import type { Actor } from "../actor/schema.ts";
import type { AuditKeyCommand } from "../audit-key/commands.ts";
import type { CalendarCommand, CalendarReport } from "../calendar/commands.ts";
import type { DelegationCommand } from "../delegation/commands.ts";
import type { EraseTexts, RecordErasure } from "../erasure/commands.ts";
import type { IntegrationCommand } from "../integration/commands.ts";
import type { KeyCommand } from "../key/commands.ts";
import type { Instant } from "../kit/instant.ts";
import type { ForgetName } from "../person/commands.ts";
import type { PolicyCommand } from "../policy/commands.ts";

/** A request to change what holds for the whole deployment. */
export interface DeploymentCommand {
  /** The idempotency key: the same command asked twice is done once. */
  readonly id: string;
  readonly at: Instant;
  readonly actor: Actor;
  readonly reason?: string | undefined;
  readonly body: DeploymentBody;
}

export type DeploymentBody =
  | AuditKeyCommand
  | CalendarCommand
  | CalendarReport
  | DelegationCommand
  | EraseTexts
  | ForgetName
  | IntegrationCommand
  | KeyCommand
  | PolicyCommand
  | RecordErasure;
