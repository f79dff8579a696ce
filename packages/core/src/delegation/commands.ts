import type { Instant } from "../kit/instant.ts";

/** What may be asked about roles that are lent for all releases. The reason travels beside the command. */
export type DelegationCommand =
  | {
      readonly type: "LendRole";
      readonly role: string;
      readonly to: string;
      readonly until: Instant;
      readonly from?: Instant | undefined;
    }
  | { readonly type: "WithdrawRole"; readonly delegation: string };
