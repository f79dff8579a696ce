import { type LookupAddress, lookup as lookupName } from "node:dns";
import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { isIP } from "node:net";
import { Readable } from "node:stream";
import { isPublicAddress } from "./address.ts";

/**
 * A `fetch` that refuses private addresses at the moment it connects. A name that was public when it was
 * looked at and is private when it is used (DNS rebinding) is refused as well; fetch itself gives no hold on
 * that. It follows no redirects and keeps no connection open.
 */
export function guardedFetch(options: { allowPrivate?: boolean } = {}): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const isHttps = url.protocol === "https:";
    const literal = url.hostname.replace(/^\[|\]$/g, "");
    if (options.allowPrivate !== true && isIP(literal) !== 0 && !isPublicAddress(literal)) {
      throw notPublic(literal);
    }
    const request: RequestOptions = {
      method: init?.method ?? "GET",
      headers: Object.fromEntries(new Headers(init?.headers)),
      agent: false,
      ...(init?.signal ? { signal: init.signal } : {}),
      ...(options.allowPrivate === true ? {} : { lookup: publicLookup }),
    };
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const sent = isHttps ? httpsRequest(url, request, resolve) : httpRequest(url, request, resolve);
    sent.on("error", reject);
    sent.end(typeof init?.body === "string" ? init.body : undefined);
    return toResponse(await promise, request.method ?? "GET");
  };
}

/** The system's lookup, answering only when every address of the name is public. */
const publicLookup: LookupFunction = (host, options, answer) => {
  lookupName(host, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error !== null) return answer(error, []);
    const inside = addresses.find(({ address }) => !isPublicAddress(address));
    if (inside !== undefined) return answer(notPublic(inside.address), []);
    const [first] = addresses;
    if (options.all === true || first === undefined) return answer(null, addresses);
    answer(null, first.address, first.family);
  });
};

function notPublic(address: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${address} is not a public address`), { code: "ENOTPUBLIC" });
}

function toResponse(message: IncomingMessage, method: string): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) {
    for (const one of [value].flat()) if (one !== undefined) headers.append(name, one);
  }
  const status = message.statusCode ?? 500;
  const empty = method === "HEAD" || [204, 205, 304].includes(status);
  if (empty) message.resume();
  const body = empty ? null : (Readable.toWeb(message) as ReadableStream<Uint8Array<ArrayBuffer>>);
  return new Response(body, { status, headers });
}

/** The addresses of a name, as the machine resolves it. */
export function resolveName(host: string): Promise<readonly string[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
  lookupName(host, { all: true }, (error, addresses) => {
    if (error === null) resolve(addresses.map(({ address }) => address));
    else reject(error);
  });
  return promise;
}
