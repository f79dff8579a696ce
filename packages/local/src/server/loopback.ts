import { isLoopbackHost } from "@gonogo/adapters/identity/index";
import { answerRefusal, Refusal } from "@gonogo/functions/api/problem";
import type { MiddlewareHandler } from "hono";

/**
 * Answers only requests that were made to this machine by one of its own names: a page elsewhere that has
 * bent its name to 127.0.0.1 gets nothing (DNS rebinding).
 */
export const loopbackOnly: MiddlewareHandler = async (c, next) => {
  if (!isLoopbackHost(c.req.header("host") ?? null)) {
    const detail = "this server answers on this machine only: open it as http://127.0.0.1";
    return answerRefusal(c, new Refusal(421, "host.not-loopback", detail));
  }
  await next();
};
