import type { Kernel } from "../kernel/kernel.ts";

/** What a service integration adds to a service's answer: the HTTP response it came in. */
export function httpMetadata(kernel: Kernel, body: string, headers: Readonly<Record<string, string>>) {
  const requestId = kernel.random.uuid();
  const all: Record<string, string> = {
    ...headers,
    Connection: "keep-alive",
    "x-amzn-RequestId": requestId,
    "Content-Length": String(Buffer.byteLength(body)),
    Date: new Date(kernel.clock.now()).toUTCString(),
  };
  return {
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]])),
      HttpHeaders: all,
      HttpStatusCode: 200,
    },
    SdkResponseMetadata: { RequestId: requestId },
  };
}
