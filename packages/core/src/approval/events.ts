import type { Digest } from "../kit/digest.ts";
import type { Instant } from "../kit/instant.ts";

export type ApprovalEvent =
  | {
      readonly type: "ApprovalGiven";
      readonly role: string;
      readonly plan: Digest;
      readonly note?: string;
      /** The role that was held, where it is another that signs in its place. */
      readonly as?: string;
      /** Who delegated the role to the one who signed. */
      readonly for?: string;
      /** From then on it has to be given again. */
      readonly expires?: Instant;
    }
  | {
      readonly type: "ApprovalDeclined";
      readonly role: string;
      readonly plan: Digest;
      readonly note?: string;
      readonly as?: string;
      readonly for?: string;
    }
  /** `by`: whose it was. Records from before a role could have several signatures do not say. */
  | { readonly type: "ApprovalWithdrawn"; readonly role: string; readonly by?: string }
  | { readonly type: "ApprovalExpired"; readonly role: string; readonly by: string }
  /** It rested on another role's signature, which is gone. */
  | { readonly type: "ApprovalVoided"; readonly role: string; readonly by: string; readonly why: string }
  | {
      readonly type: "RoleDelegated";
      readonly role: string;
      readonly from: string;
      readonly to: string;
      readonly until: Instant;
      /** The deployment's delegation that it comes from; unset: it is of this release alone. */
      readonly everywhere?: string;
    }
  | {
      readonly type: "DelegationEnded";
      readonly role: string;
      readonly from: string;
      readonly to: string;
      readonly everywhere?: string;
    };
