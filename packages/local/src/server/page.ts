import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import type { MiddlewareHandler } from "hono";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".ico": "image/x-icon",
  ".webmanifest": "application/manifest+json",
};

interface File {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly etag: string;
}

/** Serves the built page out of memory. Undefined when it has not been built. */
export function servePage(directory: string): MiddlewareHandler | undefined {
  if (!existsSync(join(directory, "index.html"))) return undefined;
  const files = new Map<string, File>();
  for (const path of filesIn(directory))
    files.set(`/${relative(directory, path).split(sep).join("/")}`, read(path));
  return async (c, next) => {
    const file = files.get(c.req.path === "/" ? "/index.html" : c.req.path);
    if (file === undefined || (c.req.method !== "GET" && c.req.method !== "HEAD")) return await next();
    // File names under assets/ carry their content's hash.
    const forever = c.req.path.startsWith("/assets/");
    const headers = {
      "content-type": file.type,
      etag: file.etag,
      "cache-control": forever ? "public, max-age=31536000, immutable" : "no-cache",
    };
    if (c.req.header("if-none-match") === file.etag) return c.body(null, 304, headers);
    return c.body(file.body, 200, headers);
  };
}

function filesIn(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });
}

function read(path: string): File {
  const body = new Uint8Array(readFileSync(path));
  const etag = `"${createHash("sha256").update(body).digest("hex").slice(0, 16)}"`;
  return { body, etag, type: TYPES[extname(path)] ?? "application/octet-stream" };
}
