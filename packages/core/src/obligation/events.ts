import type { Duration } from "../kit/duration.ts";
import type { Instant } from "../kit/instant.ts";

export type ObligationEvent =
  | {
      readonly type: "ObligationCreated";
      readonly obligation: string;
      readonly what: string;
      readonly role: string;
      readonly due: Instant;
      readonly blocks: boolean;
      readonly closedBy: ClosedBy;
    }
  | { readonly type: "ObligationReminded"; readonly obligation: string; readonly due: Instant }
  | { readonly type: "ObligationOverdue"; readonly obligation: string; readonly role: string }
  | {
      readonly type: "ObligationCompleted";
      readonly obligation: string;
      readonly note?: string;
      readonly evidence?: string;
      /** How long after its time. */
      readonly late?: Duration;
    };

/** A person says that it is done; or the signature under the review is what was owed. */
export type ClosedBy = "person" | "review";
