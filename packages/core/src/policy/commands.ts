import type { Policy } from "./schema.ts";

/** What may be asked of the deployment's policy. The reason travels beside the command. */
export type PolicyCommand = SetPolicy | { readonly type: "WithdrawPolicy" };

export type SetPolicy = { readonly type: "SetPolicy"; readonly policy: Policy };
