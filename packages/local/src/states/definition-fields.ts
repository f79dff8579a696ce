/**
 * Every field that the engine heeds, and how it is checked. What is not here is refused by name: a field
 * that was accepted and then ignored would make the machine do something else here than on AWS.
 */
export type Reading = "as it is" | "template" | "variables" | "language";

type Fields = Readonly<Record<string, Reading>>;

const common: Fields = { Type: "as it is", Comment: "as it is", QueryLanguage: "language" };
const leaving: Fields = { Assign: "variables", Output: "template" };
const moving: Fields = { Next: "as it is", End: "as it is" };
const guarded: Fields = { Retry: "as it is", Catch: "as it is" };

export const MACHINE: Fields = {
  Comment: "as it is",
  QueryLanguage: "language",
  StartAt: "as it is",
  States: "as it is",
  TimeoutSeconds: "as it is",
  Version: "as it is",
};

/** A branch of a Parallel, or the processor of a Map. */
export const INNER_MACHINE: Fields = { Comment: "as it is", StartAt: "as it is", States: "as it is" };

export const STATES: Readonly<Record<string, Fields>> = {
  Task: {
    ...common,
    ...leaving,
    ...moving,
    ...guarded,
    Resource: "as it is",
    Arguments: "template",
    TimeoutSeconds: "template",
    HeartbeatSeconds: "template",
  },
  Pass: { ...common, ...leaving, ...moving },
  Choice: { ...common, ...leaving, Choices: "as it is", Default: "as it is" },
  Wait: { ...common, ...leaving, ...moving, Seconds: "template", Timestamp: "template" },
  Succeed: { ...common, Output: "template" },
  Fail: { ...common, Error: "template", Cause: "template" },
  Parallel: { ...common, ...leaving, ...moving, ...guarded, Arguments: "template", Branches: "as it is" },
  Map: {
    ...common,
    ...leaving,
    ...moving,
    ...guarded,
    Items: "template",
    ItemSelector: "template",
    MaxConcurrency: "template",
    ItemProcessor: "as it is",
  },
};

export const RETRIER: Fields = {
  Comment: "as it is",
  ErrorEquals: "as it is",
  IntervalSeconds: "as it is",
  MaxAttempts: "as it is",
  BackoffRate: "as it is",
  MaxDelaySeconds: "as it is",
  JitterStrategy: "as it is",
};

export const CATCHER: Fields = {
  Comment: "as it is",
  ErrorEquals: "as it is",
  Next: "as it is",
  ...leaving,
};

export const RULE: Fields = {
  Comment: "as it is",
  Condition: "template",
  Next: "as it is",
  ...leaving,
};

/** Fields that only JSONPath states have. */
export const JSONPATH: readonly string[] = [
  "InputPath",
  "OutputPath",
  "ResultPath",
  "Result",
  "Parameters",
  "ResultSelector",
  "ItemsPath",
  "Iterator",
  "SecondsPath",
  "TimestampPath",
  "TimeoutSecondsPath",
  "HeartbeatSecondsPath",
  "MaxConcurrencyPath",
  "ToleratedFailureCountPath",
  "ToleratedFailurePercentagePath",
  "CausePath",
  "ErrorPath",
  "Variable",
  "And",
  "Or",
  "Not",
];
