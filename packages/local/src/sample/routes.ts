import type { Api } from "@gonogo/functions/api/context";
import { Refusal } from "@gonogo/functions/api/problem";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import type { SampleWorld } from "./sample.ts";

const percent = z.number().min(0).max(100);

const Change = z.strictObject({
  speed: z.number().min(0.1).max(3_600).optional(),
  standIns: z.boolean().optional(),
  requestsPerMinute: z.number().int().min(0).max(1_000_000).optional(),
  version: z
    .strictObject({ version: z.string(), errorPercent: percent, latencyMs: z.number().min(1).max(60_000) })
    .optional(),
  crashFreePercent: percent.optional(),
  restart: z.boolean().optional(),
});

/** Who one can be here, for a page that nobody has signed in on yet. It holds nothing that is secret. */
export function addSampleState(app: OpenAPIHono<Api>, world: SampleWorld): void {
  app.get("/v1/demo", (c) => c.json(world.state()));
}

/** The dials of the sample world, for whoever is somebody in it. */
export function addSampleRoutes(app: OpenAPIHono<Api>, world: SampleWorld): void {
  app.post("/v1/demo", async (c) => {
    if (!c.get("demo"))
      throw new Refusal(403, "demo.not-yours", "the dials are for the demonstration's people");
    const read = Change.safeParse(await c.req.json().catch(() => undefined));
    if (!read.success) {
      const detail = read.error.issues.map(
        ({ path, message }) => `${path.join("/") || "the body"}: ${message}`,
      );
      throw new Refusal(422, "demo.invalid", detail.join("; "));
    }
    const change = Object.fromEntries(Object.entries(read.data).filter(([, value]) => value !== undefined));
    try {
      await world.turn(change);
    } catch (error) {
      throw new Refusal(409, "demo.not-now", error instanceof Error ? error.message : String(error));
    }
    return c.json(world.state());
  });
}
