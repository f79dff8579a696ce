/** What a task token says: which execution, and which attempt of which task in it. */
export interface TokenFacts {
  readonly executionArn: string;
  readonly callId: string;
}

/**
 * A task token. It says itself what it belongs to, so that a million answered ones cost nothing, and
 * cannot be guessed, since the attempt's id is chance.
 */
export function taskToken(executionArn: string, callId: string): string {
  return Buffer.from(JSON.stringify([executionArn, callId])).toString("base64");
}

/** Undefined when it is no token of this engine. */
export function readTaskToken(token: string): TokenFacts | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, "base64").toString("utf8"));
    if (!Array.isArray(parsed)) return undefined;
    const [executionArn, callId] = parsed;
    return typeof executionArn === "string" && typeof callId === "string"
      ? { executionArn, callId }
      : undefined;
  } catch {
    return undefined;
  }
}
