import { createMiddleware } from "hono/factory";
import type { Api } from "./context.ts";
import { Refusal } from "./problem.ts";

const WITH_BODY = ["POST", "PUT", "DELETE"];
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

/**
 * Requests with a body are JSON and say so. That is more than tidiness: a page elsewhere may send plain text
 * with somebody's cookie and without asking first, but not this (fetch standard, CORS-safelisted types).
 */
export const jsonOnly = createMiddleware<Api>(async (c, next) => {
  const type = c.req.header("content-type") ?? "";
  if (WITH_BODY.includes(c.req.method) && !JSON_TYPE.test(type)) {
    const detail = `send content-type: application/json, not ${type === "" ? "none" : JSON.stringify(type.slice(0, 100))}`;
    throw new Refusal(415, "request.type", detail);
  }
  await next();
});
