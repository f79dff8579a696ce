import type { Instant } from "../kit/instant.ts";

/** One station of a test's way, and when it was there. */
export interface Hop {
  /** accepted: by the door or by CloudWatch; routed: to a function, by the rule; handled; sent: to the channel. */
  readonly hop: "accepted" | "routed" | "handled" | "sent";
  readonly at: Instant;
}

/** In the deployment's own log. When a test was recorded is the time of the record itself. */
export type IntegrationEvent =
  | { readonly type: "IntegrationTestAsked"; readonly test: string; readonly integration: string }
  | {
      readonly type: "IntegrationTestEnded";
      readonly test: string;
      readonly integration: string;
      readonly ok: boolean;
      readonly hops: readonly Hop[];
      /** How it was sent, or why it was not. */
      readonly detail?: string;
    };
