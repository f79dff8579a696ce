import type { ApprovalState } from "../approval/state.ts";
import type { Instant } from "../kit/instant.ts";
import type { PlanRevised, Voided } from "./events.ts";

/** One change of the plan, with what it has made void. */
export interface RevisionState
  extends Pick<PlanRevised, "plan" | "before" | "approved" | "changes" | "more"> {
  readonly n: number;
  readonly by: string;
  readonly at: Instant;
  readonly reason?: string;
  readonly voided: Omit<Voided, "approvals"> & {
    readonly approvals: readonly (ApprovalState & { readonly role: string })[];
  };
}

export interface RevisionsOfRelease {
  /** The first of them first; absent while the plan is as it was submitted. */
  readonly revisions?: readonly RevisionState[];
  /** Who wrote an earlier revision and is not named in this one. */
  readonly formerAuthors?: readonly string[];
}
