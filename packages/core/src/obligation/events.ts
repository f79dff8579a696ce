import type { ClosingKind } from "../closing/schema.ts";
import type { Digest } from "../kit/digest.ts";
import type { Duration } from "../kit/duration.ts";
import type { Instant } from "../kit/instant.ts";
import type { Blocks } from "./schema.ts";

export type ObligationEvent =
  | {
      readonly type: "ObligationCreated";
      readonly obligation: string;
      readonly what: string;
      readonly role: string;
      readonly due: Instant;
      readonly blocks: Blocks;
      readonly closedBy: ClosedBy;
      /** What closes the release, where it is that. */
      readonly act?: ClosingKind;
      /** The release is not closed without it. */
      readonly closes?: boolean;
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
      /** Where the log stood when a ticket was closed. */
      readonly record?: { readonly seq: number; readonly digest: Digest };
    };

/** A person says that it is done; or the signature under the review is what was owed. */
export type ClosedBy = "person" | "review";
