import type { Measures } from "@gonogo/client/contract";
import { days } from "@gonogo/core/kit/duration";
import { type Instant, minus } from "@gonogo/core/kit/instant";
import { instant } from "@gonogo/core/kit/schema";
import { measuresCsv } from "@gonogo/core/measure/csv";
import { measured, measuredBy, selected } from "@gonogo/core/measure/gather";
import type { Measure } from "@gonogo/core/measure/measure";
import { OPENMETRICS_TYPE, openMetrics } from "@gonogo/core/measure/openmetrics";
import { PERIODS, periodsBetween } from "@gonogo/core/measure/periods";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Using } from "../runtime.ts";
import type { Api, Serving } from "./context.ts";
import { answers } from "./plans.ts";
import { REFUSALS, Refusal } from "./problem.ts";

/** How far back the measures go that a scraper gets, and those of whoever does not say. */
const WINDOW = days(30);
/** More lines than anybody reads. */
const MOST_PERIODS = 1_000;
const PAGE = 200;
/** More releases than these in one stretch of time are not read for one answer. */
const MOST_RELEASES = 20_000;

const Query = z.object({
  from: instant.optional().describe("From this moment on; unset: 30 days before `to`."),
  to: instant.optional().describe("Before this moment; unset: now."),
  by: z.enum(PERIODS).default("week").describe("A line a day, week (from Monday) or month, in UTC."),
  component: z.string().min(1).max(64).optional(),
  environment: z.string().min(1).max(500).optional(),
  format: z.enum(["json", "csv"]).default("json"),
});

const routes = {
  measures: createRoute({
    method: "get",
    path: "/v1/measures",
    tags: ["Measures"],
    summary: "How releases went over time: the four keys, rollbacks, durations, gates",
    request: { query: Query },
    responses: {
      200: {
        ...answers<Measures>("Lengths in milliseconds, ratios from 0 to 1; with `format=csv` as CSV."),
        content: {
          ...answers<Measures>("").content,
          "text/csv": { schema: z.string() },
        },
      },
      ...REFUSALS,
    },
  }),
  scrape: createRoute({
    method: "get",
    path: "/metrics",
    tags: ["Measures"],
    summary: "The measures of the last 30 days, in OpenMetrics",
    responses: {
      200: {
        description: "OpenMetrics 1.0.",
        content: { "application/openmetrics-text": { schema: z.string() } },
      },
      ...REFUSALS,
    },
  }),
};

/** What releases were like, from what is kept of each at its end. */
export function addMeasures(app: OpenAPIHono<Api>, runtime: Serving): void {
  app.openapi(routes.measures, async (c) => {
    const { by, component, environment, format, ...range } = c.req.valid("query");
    const to = range.to ?? runtime.clock.now();
    const from = range.from ?? minus(to, WINDOW);
    if (from >= to) throw new Refusal(422, "measures.range", `from ${from} is not before to ${to}`);
    if (periodsBetween(from, to, by).length > MOST_PERIODS) {
      throw new Refusal(422, "measures.range", `at most ${MOST_PERIODS} lines; ask for less, or by=month`);
    }
    const all = selected(await keptBetween(runtime, from, to), { component, environment });
    const periods = measuredBy(all, { from, to }, by);
    if (format === "csv") {
      return c.body(measuresCsv(periods), 200, {
        "content-type": "text/csv; charset=utf-8; header=present",
        "content-disposition": 'attachment; filename="measures.csv"',
      });
    }
    return c.json({ from, to, by, whole: measured(all, { from, to }), periods }, 200);
  });
  app.openapi(routes.scrape, async (c) => {
    const to = runtime.clock.now();
    const from = minus(to, WINDOW);
    const all = await keptBetween(runtime, from, to);
    const environments = [...new Set(all.map(({ environment }) => environment))].toSorted();
    const rows = environments.flatMap((environment) => {
      const here = selected(all, { environment });
      const components = [...new Set(here.flatMap((one) => one.components))].toSorted();
      return components.map((component) => {
        return { component, environment, measured: measured(selected(here, { component }), { from, to }) };
      });
    });
    return c.body(openMetrics(rows), 200, { "content-type": OPENMETRICS_TYPE });
  });
}

async function keptBetween(runtime: Using<"store">, from: Instant, to: Instant): Promise<Measure[]> {
  const found: Measure[] = [];
  let after: string | undefined;
  do {
    const page = await runtime.store.measures(from, to, {
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    found.push(...page.items);
    if (found.length > MOST_RELEASES) {
      throw new Refusal(
        422,
        "measures.too-many",
        `more than ${MOST_RELEASES} releases; ask for a shorter time`,
      );
    }
    after = page.next;
  } while (after !== undefined);
  return found;
}
