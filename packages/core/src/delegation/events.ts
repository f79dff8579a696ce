import type { Instant } from "../kit/instant.ts";

/** In the deployment's own audit log. */
export type DelegationEvent =
  | {
      readonly type: "RoleLent";
      readonly delegation: string;
      readonly role: string;
      readonly from: string;
      readonly to: string;
      readonly since: Instant;
      readonly until: Instant;
    }
  /** Before its end. What was signed in its name until then stands. */
  | { readonly type: "RoleLendingWithdrawn"; readonly delegation: string };
