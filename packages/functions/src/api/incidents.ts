import type { IncidentAnswer } from "@gonogo/client/contract";
import { postmortemCalendar } from "@gonogo/core/incident/calendar";
import { incidentRecord } from "@gonogo/core/incident/record";
import { postmortemRule } from "@gonogo/core/obligation/owe";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Api, Serving } from "./context.ts";
import { answers } from "./plans.ts";
import { REFUSALS, Refusal } from "./problem.ts";
import { allRecords, Id, load } from "./releases.ts";

const tags = ["Incidents"];

const routes = {
  incident: createRoute({
    method: "get",
    path: "/v1/releases/{id}/incident",
    tags,
    summary: "The incident of a release: its timeline and durations, out of the log",
    request: { params: Id },
    responses: { 200: answers<IncidentAnswer>("The incident, as data and as Markdown."), ...REFUSALS },
  }),
  calendar: createRoute({
    method: "get",
    path: "/v1/releases/{id}/postmortem.ics",
    tags,
    summary: "The postmortem's date, for a calendar",
    request: { params: Id },
    responses: {
      200: { description: "RFC 5545.", content: { "text/calendar": { schema: z.string() } } },
      ...REFUSALS,
    },
  }),
};

/** What became of a release that did harm. */
export function addIncidents(app: OpenAPIHono<Api>, runtime: Serving): void {
  app.openapi(routes.incident, async (c) => {
    const { plan, state, seq } = await load(runtime, c.req.valid("param").id);
    const incident = incidentRecord(plan, state, await allRecords(runtime, state.id, seq));
    if (incident === undefined) throw none(state.id);
    const ids = [
      ...incident.timeline.flatMap(({ by }) => by ?? []),
      ...incident.people.flatMap(({ ids }) => ids),
    ];
    const names = await runtime.store.names(ids);
    const { incidentMarkdown } = await import("@gonogo/core/document/export/incident");
    const document = incidentMarkdown(incident, (id) => names[id] ?? id);
    return c.json({ incident, names, document }, 200);
  });
  app.openapi(routes.calendar, async (c) => {
    const { plan, state } = await load(runtime, c.req.valid("param").id);
    const { incident, id: release, title } = state;
    if (incident === undefined) throw none(release);
    const { role } = postmortemRule(plan);
    return c.body(postmortemCalendar({ release, title, incident, role }), 200, {
      "content-type": "text/calendar; charset=utf-8; component=VEVENT",
      "content-disposition": `attachment; filename="postmortem-${release}.ics"`,
    });
  });
}

function none(release: string): Refusal {
  return new Refusal(404, "incident.none", `${release} has no incident`);
}
