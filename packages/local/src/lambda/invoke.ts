import type { Kernel } from "../kernel/kernel.ts";
import { AwsError, type AwsResponse } from "../kernel/wire.ts";
import { constraint, unsupported } from "./errors.ts";
import type { LaterInvocations } from "./later.ts";
import type { Runs } from "./run.ts";

export interface InvokeInput {
  readonly FunctionName: string;
  readonly Qualifier?: string;
  readonly InvocationType?: string;
  readonly LogType?: string;
  readonly ClientContext?: string;
  /** JSON text. */
  readonly Payload?: Uint8Array | string;
}

export interface InvokeOutput {
  readonly StatusCode: number;
  readonly FunctionError?: string;
  readonly ExecutedVersion?: string;
  readonly Payload?: Uint8Array;
}

/** Bytes: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MOST_BYTES = { RequestResponse: 6 * 2 ** 20, Event: 2 ** 20, DryRun: 6 * 2 ** 20 } as const;

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export class Invokes {
  #kernel: Kernel;
  #runs: Runs;
  #later: LaterInvocations;

  constructor(kernel: Kernel, runs: Runs, later: LaterInvocations) {
    this.#kernel = kernel;
    this.#runs = runs;
    this.#later = later;
  }

  async invoke(input: InvokeInput): Promise<InvokeOutput> {
    const type = invocationType(input.InvocationType);
    if (input.ClientContext !== undefined) throw unsupported("Invoke", "ClientContext");
    if ((input.LogType ?? "None") !== "None") throw unsupported("Invoke", `LogType ${input.LogType}`);
    const { FunctionName: target, Qualifier: qualifier } = input;
    this.#runs.resolve(target, qualifier);
    const payload = parsePayload(input.Payload, MOST_BYTES[type]);
    if (type === "DryRun") return { StatusCode: 204 };
    if (type === "Event") {
      this.#later.accept(target, qualifier, payload);
      return { StatusCode: 202 };
    }
    const result = await this.#runs.run(
      { target, qualifier, requestId: this.#kernel.random.uuid() },
      payload,
    );
    const { executedVersion: ExecutedVersion } = result;
    if (result.ok) return { StatusCode: 200, ExecutedVersion, Payload: bytes(result.payload) };
    const { errorType, errorMessage, trace } = result;
    return {
      StatusCode: 200,
      FunctionError: "Unhandled",
      ExecutedVersion,
      Payload: bytes({ errorType, errorMessage, trace }),
    };
  }
}

/** The answer's members travel in the status and in headers; the body is what the function gave. */
export function encodeInvoke(output: InvokeOutput): AwsResponse {
  return {
    status: output.StatusCode,
    headers: {
      "content-type": "application/json",
      ...(output.ExecutedVersion === undefined ? {} : { "x-amz-executed-version": output.ExecutedVersion }),
      ...(output.FunctionError === undefined ? {} : { "x-amz-function-error": output.FunctionError }),
    },
    body: output.Payload ?? new Uint8Array(),
  };
}

function invocationType(given: string | undefined): keyof typeof MOST_BYTES {
  if (given === undefined) return "RequestResponse";
  if (given === "RequestResponse" || given === "Event" || given === "DryRun") return given;
  const rule = "Member must satisfy enum value set: [Event, RequestResponse, DryRun]";
  throw constraint(given, "invocationType", rule);
}

function parsePayload(payload: Uint8Array | string | undefined, most: number): unknown {
  const raw = typeof payload === "string" ? Buffer.from(payload) : (payload ?? new Uint8Array());
  if (raw.length > most) {
    throw new AwsError(
      "RequestTooLargeException",
      `Request must be smaller than ${most} bytes for the InvokeFunction operation`,
      413,
    );
  }
  if (raw.length === 0) return {};
  try {
    return JSON.parse(new TextDecoder().decode(raw));
  } catch (error) {
    const why = error instanceof Error ? error.message : "not JSON";
    throw new AwsError("InvalidRequestContentException", `Could not parse request body into json: ${why}`);
  }
}

function bytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
