import type { Identify } from "@gonogo/adapters/identity/index";
import type { SignIn } from "@gonogo/adapters/identity/sign-in";
import type { SignalAnswer } from "@gonogo/adapters/signal/answer";
import type { SimulationRequest, SimulationResult } from "@gonogo/client/contract";
import type { Instant } from "@gonogo/core/kit/instant";
import type { Around } from "@gonogo/core/plan/lint/rule";
import type { Plan } from "@gonogo/core/plan/schema";
import type { TestRequest } from "./test-requests.ts";

/** Alarm systems that may speak to `POST /hooks/<name>`. */
export const HOOKS = ["cloudwatch-sns", "sentry", "grafana", "alertmanager", "generic"] as const;
export type HookName = (typeof HOOKS)[number];

export type HookAnswer = SignalAnswer | { readonly ok: true; readonly confirm: string };
export type Hook = (headers: Headers, rawBody: Uint8Array, now: Instant) => Promise<HookAnswer>;

/** Runs a plan on a clock of its own, in the deployment's calendar, and says what came of it. */
export type Simulate = (
  plan: Plan,
  request: SimulationRequest,
  around: Pick<Around, "calendar">,
) => Promise<SimulationResult>;

/** What the API is given besides the runtime. */
export interface ApiOptions {
  readonly identify: Identify;
  /** How people sign in on the page; absent where no provider is set up for it. */
  readonly signIn?: SignIn;
  /** Those without a secret are absent, and answer so. */
  readonly hooks: Partial<Record<HookName, Hook>>;
  /** How each of those would say that the test alarm went off. */
  readonly testRequests?: Partial<Record<HookName, TestRequest>>;
  readonly simulate?: Simulate;
  /** Has the audit's key changed as it was asked for; absent where a deployment gives the key. */
  readonly changeAuditKey?: () => Promise<void>;
  /** Told of each plan that was taken in. */
  readonly onSubmitted?: (plan: Plan) => void;
  /** Calls the address by which SNS wants a subscription confirmed. */
  readonly confirm?: (url: string) => Promise<void>;
}
