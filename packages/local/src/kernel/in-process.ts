import { Readable } from "node:stream";
import type { Kernel } from "./kernel.ts";
import type { AwsRequest } from "./wire.ts";

/** The part of an SDK client's HttpRequest that is read here. */
interface SdkRequest {
  method: string;
  path: string;
  query?: Record<string, string | string[] | null | undefined>;
  headers: Record<string, string>;
  body?: unknown;
}

interface SdkResponse {
  response: { statusCode: number; headers: Record<string, string>; body: Uint8Array | Readable };
}

/**
 * An SDK `requestHandler` that calls the engine in this process: the same clients, the same wire format, no
 * socket. (Smithy's HttpHandler interface; structural, so that no smithy package is named.)
 */
export function inProcessHandler(kernel: Pick<Kernel, "dispatch">) {
  return {
    async handle(request: SdkRequest): Promise<SdkResponse> {
      const answer = await kernel.dispatch(await toAwsRequest(request));
      // The content of an object in S3, and that alone, the SDK takes as a stream only.
      const isStream = answer.headers["accept-ranges"] !== undefined;
      const body = isStream ? Readable.from([answer.body], { objectMode: false }) : answer.body;
      return { response: { statusCode: answer.status, headers: answer.headers, body } };
    },
    updateHttpClientConfig(): void {},
    httpHandlerConfigs(): Record<string, never> {
      return {};
    },
    destroy(): void {},
  };
}

async function toAwsRequest(request: SdkRequest): Promise<AwsRequest> {
  const query: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.query ?? {})) {
    query[name] = Array.isArray(value) ? value.join(",") : (value ?? "");
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name.toLowerCase()] = value;
  return { method: request.method, path: request.path, query, headers, body: await bytes(request.body) };
}

async function bytes(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === "string") return new TextEncoder().encode(body);
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
