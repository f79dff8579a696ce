import type { Instant } from "../kit/instant.ts";
import type { Answered, Saw } from "./port.ts";
import type { ProbeKind } from "./schema.ts";

export type CheckEvent =
  | {
      readonly type: "CheckProbed";
      readonly check: string;
      readonly probe: ProbeKind;
      readonly answer: Answered;
      readonly saw: Saw;
      /** When the answer no longer counts, unless it has been given again by then. */
      readonly expires: Instant;
    }
  /** One person would step over what a probe says; a second has to agree. The reason is the record's. */
  | { readonly type: "CheckOverrideAsked"; readonly check: string }
  | {
      readonly type: "CheckOverridden";
      readonly check: string;
      /** Who asked for it, and who agreed. */
      readonly people: readonly [string, string];
      readonly over: { readonly answer: Answered; readonly detail: string };
    };
