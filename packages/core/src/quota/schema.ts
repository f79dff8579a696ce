import type { Instant } from "../kit/instant.ts";

/** What Lambda lets a function use: executions at once, and bytes of code. */
export interface LambdaQuota {
  /** Of the whole account in that region. */
  readonly account: number;
  /** Of that, what is reserved for no function. */
  readonly unreserved: number;
  /** Reserved for this function, and its limit; absent where nothing is. */
  readonly reserved?: number;
  readonly codeBytes?: number;
  readonly codeLimit?: number;
}

/** `denied` does not go away by asking again; `away` may. */
export type QuotaAnswer =
  | { readonly kind: "read"; readonly quota: LambdaQuota }
  | { readonly kind: "denied" | "away"; readonly why: string };

/** What was found for a component of the plan. */
export interface SeenQuota {
  readonly component: string;
  readonly answer: QuotaAnswer;
}

export type QuotaEvent = {
  /** What there was when the release was approved: later answers are held against it. */
  readonly type: "QuotasSeen";
  readonly quotas: Readonly<Record<string, LambdaQuota>>;
};

export interface QuotasOfRelease {
  readonly quotas?: { readonly at: Instant; readonly seen: Readonly<Record<string, LambdaQuota>> };
}
