import { handle } from "hono/aws-lambda";
import { addNotFound, createApi } from "../api/app.ts";
import type { LambdaHandler } from "../lambda.ts";
import { doors } from "./doors.ts";
import { handlerOf } from "./handler.ts";
import { anchors } from "./parts/anchors.ts";
import { bus } from "./parts/bus.ts";
import { doctor } from "./parts/doctor.ts";
import { feeds } from "./parts/feeds.ts";
import { guard } from "./parts/guard.ts";
import { metrics } from "./parts/metrics.ts";
import { objects } from "./parts/objects.ts";
import { targets } from "./parts/targets.ts";
import { writing } from "./parts/writing.ts";
import type { Process, RuntimeOf } from "./runtime.ts";

/** The HTTP API behind an API Gateway HTTP API, by events of format 2.0. */
function api(runtime: RuntimeOf<"api">, process: Process): LambdaHandler {
  const app = createApi(runtime, doors(process));
  addNotFound(app);
  const answer = handle(app);
  return (event, context) => answer(event as never, context as never);
}

export const handler = handlerOf("api", api, {
  ...writing,
  anchors,
  bus,
  doctor,
  feeds,
  guard,
  metrics,
  objects,
  targets,
});
