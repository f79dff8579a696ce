/** How AWS is reached. On Lambda all of it comes from the environment; locally it points at the engine. */
export interface AwsConfig {
  readonly region: string;
  readonly endpoint?: string;
  /** The SDK's own request handler: its options, or the embedded engine in this process. */
  // biome-ignore lint/suspicious/noExplicitAny: smithy's handler type differs by a hair between the clients
  readonly requestHandler?: any;
  readonly credentials?: Credentials | (() => Promise<Credentials>);
  /** Tries in all, the first included. */
  readonly maxAttempts?: number;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Time enough for a healthy answer, and not a moment more: an alarm must not wait for a store that is gone
 * before the traffic is put back (S15). Without `throwOnRequestTimeout` the SDK only warns of a late answer.
 */
export const FAST = { connectionTimeout: 700, requestTimeout: 1_500, throwOnRequestTimeout: true } as const;

/** Milliseconds that one call may take, its retries included. */
export const PATIENCE = 1_800;

/**
 * For what is asked while the traffic is put back, the store aside: three tries of an API that hangs end in
 * ten seconds, so that a function has time left for what does not hang, and to say what happened.
 */
export const STEADY = {
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
  maxAttempts: 3,
} as const;

/** The name of an AWS error, or undefined when it is something else: a network that failed, a bug. */
export function awsErrorName(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("$metadata" in error)) return undefined;
  return "name" in error && typeof error.name === "string" ? error.name : undefined;
}
