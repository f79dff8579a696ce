import { gunzipSync } from "node:zlib";

/** An AWS API request as it comes off the wire, or straight from an SDK client in this process. */
export interface AwsRequest {
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface AwsResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** An error in AWS's own form. `code` and the message are what AWS answers in the same case. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** Further members of the error's body, such as CancellationReasons. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, members: Record<string, unknown> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.members = members;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the input's shape is the SDK's; each operation narrows its own
export type Operation = (input: any) => unknown;

/** One AWS service as the engine serves it. */
export interface Service {
  /** As in an endpoint or a service integration: `states`, `events`, `lambda`. */
  readonly name: string;
  /** Plain JSON in and out (a Date is a timestamp, a Uint8Array is a blob). Also called inside the engine. */
  readonly operations: Readonly<Record<string, Operation>>;
  /** What the request asks of this service, or undefined when it is for another. */
  match(request: AwsRequest): Match | undefined;
  /** The answer in the service's protocol. */
  encode(operation: string, output: unknown): AwsResponse;
  encodeError(error: AwsError): AwsResponse;
}

export interface Match {
  readonly operation: string;
  readonly input: unknown;
}

/** A service of the AWS JSON protocol: `POST /` with the operation in `X-Amz-Target`. */
export function jsonService(options: {
  name: string;
  /** What stands before the dot in X-Amz-Target, such as `AWSStepFunctions`. */
  targetPrefix: string;
  version: "1.0" | "1.1";
  operations: Readonly<Record<string, Operation>>;
}): Service {
  const contentType = `application/x-amz-json-${options.version}`;
  return {
    name: options.name,
    operations: options.operations,
    match(request) {
      const [prefix, operation] = (request.headers["x-amz-target"] ?? "").split(".");
      if (prefix !== options.targetPrefix || operation === undefined) return undefined;
      return { operation, input: parseBody(request) };
    },
    encode: (_operation, output) => jsonResponse(200, output ?? {}, { "content-type": contentType }),
    encodeError: (error) =>
      jsonResponse(
        error.status,
        { __type: error.code, message: error.message, ...error.members },
        { "content-type": contentType, "x-amzn-errortype": error.code },
      ),
  };
}

/** A REST operation: a method, a path such as `/schedules/{Name}`, and where its members travel. */
export interface Route {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  /** Query parameters by member name. */
  readonly query?: Readonly<Record<string, string>>;
  /** Headers by member name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The member that is the raw body, where the body is not a JSON object of members. */
  readonly payload?: string;
  /** The status of success; 200 unless told. */
  readonly status?: number;
}

/** A service of the REST-JSON protocol: Lambda, Scheduler. */
export function restService(options: {
  name: string;
  routes: readonly Route[];
  operations: Readonly<Record<string, Operation>>;
  encode?: (operation: string, output: unknown) => AwsResponse | undefined;
}): Service {
  const routes = options.routes.map((route) => ({ route, pattern: pathPattern(route.path) }));
  return {
    name: options.name,
    operations: options.operations,
    match(request) {
      for (const { route, pattern } of routes) {
        if (route.method !== request.method) continue;
        const found = pattern.exec(request.path);
        if (found === null) continue;
        const input: Record<string, unknown> = {};
        if (route.payload !== undefined) input[route.payload] = request.body;
        else Object.assign(input, parseBody(request));
        for (const [name, value] of Object.entries(found.groups ?? {}))
          input[name] = decodeURIComponent(value);
        for (const [member, name] of Object.entries(route.query ?? {})) {
          if (request.query[name] !== undefined) input[member] = request.query[name];
        }
        for (const [member, name] of Object.entries(route.headers ?? {})) {
          if (request.headers[name] !== undefined) input[member] = request.headers[name];
        }
        return { operation: route.operation, input };
      }
      return undefined;
    },
    encode(operation, output) {
      const special = options.encode?.(operation, output);
      if (special !== undefined) return special;
      const status = options.routes.find((route) => route.operation === operation)?.status ?? 200;
      return status === 204
        ? { status, headers: {}, body: new Uint8Array() }
        : jsonResponse(status, output ?? {}, { "content-type": "application/json" });
    },
    encodeError: (error) =>
      jsonResponse(
        error.status,
        { Type: error.status >= 500 ? "Service" : "User", message: error.message, Message: error.message },
        { "content-type": "application/json", "x-amzn-errortype": error.code },
      ),
  };
}

function pathPattern(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}/?$`);
}

export function jsonResponse(status: number, body: unknown, headers: Record<string, string>): AwsResponse {
  return { status, headers, body: new TextEncoder().encode(JSON.stringify(body, timestampsAsSeconds)) };
}

/** In the AWS JSON protocols a timestamp is a number of seconds, with a fraction. */
function timestampsAsSeconds(this: unknown, key: string, value: unknown): unknown {
  const raw = (this as Record<string, unknown>)[key];
  if (raw instanceof Date) return raw.getTime() / 1000;
  if (raw instanceof Uint8Array) return Buffer.from(raw).toString("base64");
  return value;
}

function parseBody(request: AwsRequest): Record<string, unknown> {
  if (request.body.length === 0) return {};
  const raw = request.headers["content-encoding"] === "gzip" ? gunzipSync(request.body) : request.body;
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(raw));
  } catch (error) {
    throw new AwsError("SerializationException", error instanceof Error ? error.message : "not JSON");
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new AwsError("SerializationException", "the body must be a JSON object");
  }
  return parsed as Record<string, unknown>;
}
