import type { Digest } from "../kit/digest.ts";
import type { Policy } from "./schema.ts";

/** In the deployment's own audit log, with the whole policy: so every one that ever held can be read again. */
export type PolicyEvent =
  | PolicySet
  /** No policy is in force from then on. What was submitted under it keeps it. */
  | { readonly type: "PolicyWithdrawn"; readonly digest: Digest };

export type PolicySet = {
  readonly type: "PolicySet";
  readonly digest: Digest;
  readonly policy: Policy;
  /** The one that it takes the place of. */
  readonly before?: Digest;
};
