import { noCode } from "./errors.ts";

/** What a handler is told of its invocation, as far as it goes here. */
export interface HandlerContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  /** The version that answers, which behind a weighted alias is a matter of chance. */
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  getRemainingTimeInMillis(): number;
  /** Work takes no time on a virtual clock: this says what Duration to record instead. */
  reportDuration(ms: number): void;
}

export type Handler = (event: unknown, context: HandlerContext) => Promise<unknown>;

export interface FunctionDefinition {
  /** The code of a version; `$LATEST` is one. Asked once for each version in a process. */
  readonly code: (version: string) => Handler;
  /** In engine time. 20 unless told; a Timeout given to CreateFunction goes before it. */
  readonly timeoutSeconds?: number;
  /** Records AWS/Lambda Invocations, Errors, Duration and Throttles; or the first two alone, by function. */
  readonly metrics?: "all" | "counts";
  /** The queue for asynchronous events that could not be handled. */
  readonly onFailure?: string;
}

const DEFAULT_TIMEOUT_SECONDS = 20;

/** The code that is registered in this process. It is not on disk: every boot registers it anew. */
export class Definitions {
  #definitions = new Map<string, FunctionDefinition>();
  #handlers = new Map<string, Handler>();

  add(name: string, definition: FunctionDefinition): void {
    this.#definitions.set(name, definition);
    for (const key of [...this.#handlers.keys()]) {
      if (key.startsWith(`${name}/`)) this.#handlers.delete(key);
    }
  }

  find(name: string): FunctionDefinition | undefined {
    return this.#definitions.get(name);
  }

  get(name: string): FunctionDefinition {
    const found = this.#definitions.get(name);
    if (found === undefined) throw noCode(name);
    return found;
  }

  timeoutSeconds(name: string): number {
    return this.#definitions.get(name)?.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  }

  handler(name: string, version: string): Handler {
    const key = `${name}/${version}`;
    const known = this.#handlers.get(key);
    if (known !== undefined) return known;
    const made = this.get(name).code(version);
    this.#handlers.set(key, made);
    return made;
  }
}
