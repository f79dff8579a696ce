import { AwsError } from "../kernel/wire.ts";
import { DATA_LIMIT } from "./failure.ts";
import type { Report } from "./happening.ts";
import type { Runner } from "./runner.ts";
import type { Tables } from "./tables.ts";
import { readTaskToken } from "./token.ts";

type Input = Readonly<Record<string, unknown>>;

/** SendTaskSuccess, SendTaskFailure, SendTaskHeartbeat: what someone outside says of a task. */
export class TokenReports {
  readonly #tables: Tables;
  readonly #runner: Runner;

  constructor(tables: Tables, runner: Runner) {
    this.#tables = tables;
    this.#runner = runner;
  }

  async success(input: Input) {
    return await this.#report(input, { kind: "success", output: checkOutput(input.output) });
  }

  async failure(input: Input) {
    const { error, cause } = input as { error?: string; cause?: string };
    const failure = { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
    return await this.#report(input, { kind: "failure", failure });
  }

  async heartbeat(input: Input) {
    return await this.#report(input, { kind: "heartbeat" });
  }

  /** Answers when the report and all that follows from it at once are on disk. Throws AwsError. */
  async #report(input: Input, report: Report) {
    const facts = typeof input.taskToken === "string" ? readTaskToken(input.taskToken) : undefined;
    if (facts === undefined) throw new AwsError("InvalidToken", "Invalid Token: 'Invalid token'");
    if (this.#tables.execution(facts.executionArn) === undefined) {
      throw new AwsError("TaskDoesNotExist", "Task Does Not Exist: 'Provided task does not exist'");
    }
    const { callId } = facts;
    const reception = await this.#runner.tell(facts.executionArn, { kind: "reported", callId, report });
    if (reception === "taken") return {};
    // What was answered, failed or given up before is one and the same to AWS.
    throw new AwsError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
  }
}

function checkOutput(output: unknown): unknown {
  if (typeof output !== "string")
    throw new AwsError("InvalidOutput", "Invalid Output: 'output must be JSON text'");
  if (Buffer.byteLength(output) > DATA_LIMIT) {
    throw new AwsError("InvalidOutput", `Invalid Output: 'output has more than ${DATA_LIMIT} bytes'`);
  }
  try {
    return JSON.parse(output);
  } catch (error) {
    const why = error instanceof Error ? error.message : "not JSON";
    throw new AwsError("InvalidOutput", `Invalid Output: '${why}'`);
  }
}
