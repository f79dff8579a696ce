import type { Failure } from "./failure.ts";

/** What an execution can be told. */
export type Happening =
  | { readonly kind: "begin" }
  /** A timer that was set for it has fired. */
  | { readonly kind: "clock" }
  /** A task's call was answered. */
  | { readonly kind: "answered"; readonly callId: string; readonly answer: Answer }
  /** Someone reported on a task token, or the execution that a task waits for has ended. */
  | { readonly kind: "reported"; readonly callId: string; readonly report: Report }
  | { readonly kind: "stop"; readonly failure: Failure };

export type Answer =
  | { readonly ok: true; readonly output: unknown; readonly child?: string }
  | { readonly ok: false; readonly failure: Failure };

export type Report =
  | { readonly kind: "success"; readonly output: unknown }
  | { readonly kind: "failure"; readonly failure: Failure }
  | { readonly kind: "heartbeat" };

/** What the engine must do once the position is written. All of it can be done twice. */
export interface Effect {
  readonly kind: "call";
  readonly callId: string;
  readonly resource: string;
  readonly arguments: unknown;
}
