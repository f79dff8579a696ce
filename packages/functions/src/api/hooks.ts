import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { noteSeen } from "../events/seen.ts";
import type { Api, Serving } from "./context.ts";
import { type ApiOptions, HOOKS } from "./options.ts";
import { REFUSALS, Refusal } from "./problem.ts";

const route = createRoute({
  method: "post",
  path: "/hooks/{system}",
  tags: ["Signals"],
  summary: "An alarm system reports a change",
  description: "Verified by the system's own signature or token; taken in by putting it on the bus, at once.",
  request: { params: z.object({ system: z.enum(HOOKS) }) },
  responses: {
    202: {
      description: "Taken in. What it brings about is in the releases' logs.",
      content: { "application/json": { schema: z.object({ signals: z.number().int() }) } },
    },
    ...REFUSALS,
  },
});

/** `POST /hooks/<system>`: verified, put into one form, and on the bus before it is answered. */
export function addHooks(app: OpenAPIHono<Api>, runtime: Serving, options: ApiOptions): void {
  app.openapi(route, async (c) => {
    const { system } = c.req.valid("param");
    const hook = options.hooks[system];
    if (hook === undefined) {
      const detail = `no secret is set for ${system}; docs/operations.md says where it goes`;
      throw new Refusal(404, "hook.not-set-up", detail);
    }
    const rawBody = new Uint8Array(await c.req.arrayBuffer());
    const answer = await hook(c.req.raw.headers, rawBody, runtime.clock.now());
    if (!answer.ok) {
      const code = answer.status === 401 ? "hook.unverified" : "hook.unreadable";
      throw new Refusal(answer.status, code, answer.message);
    }
    if ("confirm" in answer) {
      if (options.confirm === undefined) {
        throw new Refusal(404, "hook.not-set-up", "this deployment confirms no subscriptions of SNS");
      }
      await options.confirm(answer.confirm);
      return c.json({ signals: 0 }, 202);
    }
    await runtime.bus.publish(answer.signals.map((detail) => ({ type: "SignalArrived", detail })));
    await noteSeen(runtime, system);
    return c.json({ signals: answer.signals.length }, 202);
  });
}
