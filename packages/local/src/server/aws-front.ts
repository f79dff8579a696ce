import { createServer, type IncomingMessage, type Server } from "node:http";
import { isLoopbackHost } from "@gonogo/adapters/identity/index";
import type { Kernel } from "../kernel/kernel.ts";

/** Larger requests than any AWS API of these takes, S3 aside, and than any file that is taken as evidence. */
const LARGEST = 32_000_000;

/**
 * The engine's APIs over HTTP, for the `aws` command with `--endpoint-url`, and for SDK clients elsewhere on
 * this machine. Signatures are not checked; it listens on loopback only.
 */
export function awsFront(kernel: Kernel): Server {
  return createServer((request, response) => {
    const refuse = (status: number, message: string) => {
      response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify({ __type: "InvalidRequest", message }));
    };
    if (!isLoopbackHost(request.headers.host ?? null))
      return refuse(421, "this engine answers on this machine only");
    void bodyOf(request)
      .then(async (body) => {
        if (body === undefined) return refuse(413, `at most ${LARGEST} bytes are read`);
        const url = new URL(request.url ?? "/", "http://engine");
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, [value ?? ""].flat().join(",")]),
        );
        const answer = await kernel.dispatch({
          method: request.method ?? "GET",
          path: (request.url ?? "/").split("?", 1)[0] ?? "/",
          query: Object.fromEntries(url.searchParams),
          headers,
          body,
        });
        response.writeHead(answer.status, { "x-amzn-requestid": kernel.random.uuid(), ...answer.headers });
        response.end(answer.body);
      })
      .catch((error: unknown) =>
        refuse(400, error instanceof Error ? error.message : "the request cannot be read"),
      );
  });
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > LARGEST) return undefined;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
