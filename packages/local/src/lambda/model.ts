/** What a caller may say of a function, and each version keeps as it was when it was published. */
export interface FunctionConfig {
  readonly description: string;
  readonly role: string;
  readonly handler: string;
  readonly runtime: string;
  readonly memorySize: number;
  /** Undefined where nobody has said: then what `define` says holds. */
  readonly timeoutSeconds?: number;
}

export interface FunctionRecord {
  readonly name: string;
  /**
   * `defined`: its code is here, and nobody has called CreateFunction for it. `created`: somebody has.
   * `deleted`: kept so that its version numbers are never given out again, as on AWS.
   */
  readonly standing: "defined" | "created" | "deleted";
  readonly config: FunctionConfig;
  /** Of $LATEST. */
  readonly revisionId: string;
  readonly modifiedAt: number;
  readonly lastVersion: number;
  readonly reservedConcurrency?: number;
}

export interface VersionRecord {
  readonly functionName: string;
  readonly version: string;
  readonly config: FunctionConfig;
  readonly revisionId: string;
  readonly publishedAt: number;
}

export interface AliasRecord {
  readonly functionName: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly revisionId: string;
  /** The additional version and the share of requests that go to it; the rest go to `version`. */
  readonly additional?: Weighted;
}

export interface Weighted {
  readonly version: string;
  /** From 0 to 1. */
  readonly weight: number;
}

/** An asynchronous invocation that has been accepted and is not over. */
export interface OpenInvocation {
  readonly requestId: string;
  readonly functionName: string;
  readonly qualifier?: string;
  /** JSON text. */
  readonly payload: string;
  readonly acceptedAt: number;
  readonly dueAt: number;
  /** Tries that ended in an error of the function's. */
  readonly functionErrors: number;
  /** Tries that the service could not make: throttled, or no code here. */
  readonly serviceErrors: number;
}

export const LATEST = "$LATEST";

/** What an account may use at once, and of code. */
export interface AccountLimits {
  readonly concurrency: number;
  /** Bytes. */
  readonly code: number;
  readonly codeUsed: number;
}
