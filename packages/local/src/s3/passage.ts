import type { ObjectStore, SignedRequest } from "@gonogo/core/evidence/port";
import type { Context, Handler } from "hono";
import type { Kernel } from "../kernel/kernel.ts";
import { isPresigned } from "./presigned.ts";
import { isHostOfS3 } from "./request.ts";

/** Where the page's own server hands presigned requests on to the engine's S3. */
export const PASSAGE = "/evidence-objects";

/**
 * The store with addresses that lead through the page's own server, whatever its name and port: a browser needs
 * no leave to go elsewhere then. What was signed is the name that S3 has.
 */
export function throughThisServer(objects: ObjectStore): ObjectStore {
  const led = (request: SignedRequest): SignedRequest => {
    const { pathname, search, host } = new URL(request.url);
    return { ...request, url: `${PASSAGE}/${host}${pathname}${search}` };
  };
  return {
    put: (object) => objects.put(object),
    get: (key) => objects.get(key),
    head: (key) => objects.head(key),
    list: (prefix, page) => objects.list(prefix, page),
    uploadUrl: async (wanted) => led(await objects.uploadUrl(wanted)),
    downloadUrl: async (wanted) => led(await objects.downloadUrl(wanted)),
  };
}

/** What an upload may say of itself. By another header it could become another service's request. */
function headersOf(c: Context): Record<string, string> {
  const allowed = Object.entries(c.req.header()).filter(([name]) =>
    /^(?:content-type|x-amz-(?:checksum|meta|object-lock)-[\w-]+|x-amz-content-sha256)$/.test(name),
  );
  return Object.fromEntries(allowed);
}

/** As many bytes as an upload may have at the most. */
const LARGEST = 32_000_000;

/**
 * Hands a presigned request on, and no other: who makes it is known by its signature alone. What comes back is
 * saved, never shown, and can do nothing where it is opened all the same.
 */
export function passage(kernel: Kernel): Handler {
  return async (c: Context) => {
    const url = new URL(c.req.url);
    const [, , host = "", ...rest] = url.pathname.split("/");
    const query = Object.fromEntries(url.searchParams);
    if (!isPresigned({ query }) || !isHostOfS3(host)) {
      return c.text("only presigned requests to S3 are handed on", 403);
    }
    if (Number(c.req.header("content-length") ?? 0) > LARGEST) {
      return c.text(`at most ${LARGEST} bytes are taken`, 413);
    }
    const body = new Uint8Array(await c.req.arrayBuffer());
    if (body.length > LARGEST) return c.text(`at most ${LARGEST} bytes are read`, 413);
    const answer = await kernel.dispatch({
      method: c.req.method,
      path: `/${rest.join("/")}`,
      query,
      headers: {
        ...headersOf(c),
        host,
        ...(body.length > 0 ? { "content-length": String(body.length) } : {}),
      },
      body,
    });
    const closed = {
      "content-security-policy": "default-src 'none'; sandbox",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    };
    return new Response(answer.status === 204 ? null : new Uint8Array(answer.body), {
      status: answer.status,
      headers: { ...answer.headers, ...closed },
    });
  };
}
