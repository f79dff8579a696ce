import { ApiError, Unreachable } from "@gonogo/client";
import type { Problem } from "@gonogo/core/kit/problem";
import { EXIT, type Exit } from "./exit.ts";

export interface FailureParts {
  /** Stable, for scripts. */
  readonly code: string;
  readonly exit: Exit;
  /** What is wrong and where. */
  readonly message: string;
  /** What to do next. */
  readonly hint?: string;
  readonly problems?: readonly Problem[];
}

/** Why a command could not be carried out, for the person who typed it. */
export class Failure extends Error {
  readonly code: string;
  readonly exit: Exit;
  readonly hint: string | undefined;
  readonly problems: readonly Problem[];

  constructor(parts: FailureParts) {
    super(parts.message);
    this.name = "Failure";
    this.code = parts.code;
    this.exit = parts.exit;
    this.hint = parts.hint;
    this.problems = parts.problems ?? [];
  }
}

/** A command line that was not understood. */
export function misuse(code: string, message: string, hint?: string): Failure {
  return new Failure({
    code: `usage.${code}`,
    exit: EXIT.usage,
    message,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Whatever was thrown, as a failure that says what to do next. */
export function explain(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof ApiError) return refusal(error);
  if (error instanceof Unreachable) return unreachable(error);
  return new Failure({
    code: "cli.fault",
    exit: EXIT.refused,
    message: `gonogo came upon something it did not expect: ${error instanceof Error ? error.message : String(error)}`,
    hint: "Is the server of the same version as this command? If so, this is a fault in gonogo.",
  });
}

function refusal({ problem }: ApiError): Failure {
  const { status, code, detail, problems = [] } = problem;
  const parts = { code, message: detail, problems };
  if (status === 401) {
    const hint =
      "Set GONOGO_TOKEN; on this machine --as <person> is enough. gonogo whoami shows who you are.";
    return new Failure({ ...parts, exit: EXIT.forbidden, hint });
  }
  if (status === 403) {
    return new Failure({ ...parts, exit: EXIT.forbidden, hint: "gonogo whoami shows the roles you hold." });
  }
  if (status >= 500) {
    return new Failure({
      ...parts,
      exit: EXIT.unreachable,
      hint: "The server failed; its own log says why.",
    });
  }
  const hint = HINTS[code] ?? HINTS[status];
  return new Failure({ ...parts, exit: EXIT.refused, ...(hint === undefined ? {} : { hint }) });
}

const HINTS: Readonly<Record<string | number, string>> = {
  "release.unknown": "gonogo release list --all shows the releases there are.",
  409: "gonogo release show <release> shows where it stands and what may be done now.",
  429: "Wait a little, then try again.",
};

function unreachable(error: Unreachable): Failure {
  const why = reasonOf(error.cause);
  return new Failure({
    code: "server.unreachable",
    exit: EXIT.unreachable,
    message: why === undefined ? error.message : `${error.message}: ${why}`,
    hint: "Start one with `npm start`, or say where it is with --server or GONOGO_SERVER.",
  });
}

/** The innermost reason, in words. fetch itself says only "fetch failed". */
function reasonOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  const code = codeOf(cause);
  switch (code) {
    case "ECONNREFUSED":
      return "nothing listens there";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "there is no such host";
    case "ECONNRESET":
    case "UND_ERR_SOCKET":
      return "the connection broke off";
    default:
      return cause.cause instanceof Error ? reasonOf(cause.cause) : cause.message || code;
  }
}

function codeOf(error: Error): string | undefined {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (typeof code === "string" && code !== "") return code;
  return cause instanceof Error ? codeOf(cause) : undefined;
}

/** The server never got the request, so nothing can have been done by it. */
export function neverArrived(error: unknown): boolean {
  if (!(error instanceof Unreachable) || !(error.cause instanceof Error)) return false;
  return ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"].includes(codeOf(error.cause) ?? "");
}
