/**
 * The part of the Amazon States Language that the engine runs: QueryLanguage JSONata only.
 * https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
 * What comes from outside is held to these types by definition-check.ts.
 */

export interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly TimeoutSeconds?: number;
}

export type State =
  | TaskState
  | PassState
  | ChoiceState
  | WaitState
  | SucceedState
  | FailState
  | ParallelState
  | MapState;

export type Template = unknown;
export type Assignments = Readonly<Record<string, Template>>;

interface Leaving {
  readonly Assign?: Assignments;
  readonly Output?: Template;
}

/** `Next` is absent exactly when `End` is true. */
interface Moving extends Leaving {
  readonly Next?: string;
}

interface Guarded extends Moving {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface TaskState extends Guarded {
  readonly Type: "Task";
  readonly Resource: string;
  readonly Arguments?: Template;
  readonly TimeoutSeconds?: number | string;
  readonly HeartbeatSeconds?: number | string;
}

export interface PassState extends Moving {
  readonly Type: "Pass";
}

export interface WaitState extends Moving {
  readonly Type: "Wait";
  readonly Seconds?: number | string;
  readonly Timestamp?: string;
}

export interface ChoiceState extends Leaving {
  readonly Type: "Choice";
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
}

export interface ChoiceRule extends Leaving {
  readonly Condition: string | boolean;
  readonly Next: string;
}

export interface SucceedState {
  readonly Type: "Succeed";
  readonly Output?: Template;
}

export interface FailState {
  readonly Type: "Fail";
  readonly Error?: string;
  readonly Cause?: string;
}

export interface ParallelState extends Guarded {
  readonly Type: "Parallel";
  readonly Arguments?: Template;
  readonly Branches: readonly Machine[];
}

export interface MapState extends Guarded {
  readonly Type: "Map";
  readonly Items?: Template;
  readonly ItemSelector?: Template;
  readonly MaxConcurrency?: number | string;
  readonly ItemProcessor: Machine;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: "FULL" | "NONE";
}

export interface Catcher extends Leaving {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
}

/** The way from the whole machine to one of the machines inside it: a state, and which of its branches. */
export type Scope = readonly (readonly [state: string, branch: number])[];

export function machineAt(machine: Machine, scope: Scope): Machine {
  let inner = machine;
  for (const [name, branch] of scope) {
    const state = inner.States[name];
    const found =
      state?.Type === "Parallel"
        ? state.Branches[branch]
        : state?.Type === "Map"
          ? state.ItemProcessor
          : undefined;
    if (found === undefined) throw new Error(`no branch ${branch} in state '${name}' of this definition`);
    inner = found;
  }
  return inner;
}

export function stateAt(machine: Machine, scope: Scope, name: string): State {
  const state = machineAt(machine, scope).States[name];
  if (state === undefined) throw new Error(`no state '${name}' in this definition`);
  return state;
}
