import type { IncidentRecord } from "../../incident/record.ts";
import type { Duration } from "../../kit/duration.ts";
import { roundedUp, spoken } from "../../kit/duration.ts";
import type { Instant } from "../../kit/instant.ts";
import type { File } from "../section/collect.ts";
import { shown } from "./context.ts";
import { heading, paragraph, table, writeMarkdown } from "./markdown.ts";

/** The incident report: everything of it comes out of the log. */
export function incidentMarkdown(incident: IncidentRecord, nameOf: (id: string) => string): File {
  const text = writeMarkdown([
    heading(1, `Incident ${incident.id}`),
    pairs(facts(incident)),
    heading(2, "Scope"),
    table(incident.scope, [
      { title: "Component", cell: ({ component }) => component },
      { title: "Released version", cell: ({ released }) => released },
      { title: "Previous version", cell: ({ previous }) => previous },
    ]),
    ...incident.left.map((left) => paragraph(`Left to put back: ${left}`)),
    heading(2, "How long it took"),
    pairs(lengths(incident)),
    heading(2, "Timeline"),
    table(incident.timeline, [
      { title: "Time (UTC)", cell: ({ at }) => shown(at) },
      { title: "What", cell: ({ what }) => what },
      { title: "By", cell: ({ by }) => (by === undefined ? "gonogo" : nameOf(by)) },
    ]),
    heading(2, "People"),
    table(incident.people, [
      { title: "Role", cell: ({ role }) => role },
      { title: "Who", cell: ({ ids }) => ids.map(nameOf).join(", ") },
    ]),
  ]);
  return { name: `${incident.id}.md`, text };
}

function facts(incident: IncidentRecord): [string, string | undefined][] {
  const { release, title, environment, change, cause, declared, outcome, how, postmortemDue } = incident;
  return [
    ["Release", `${release}, ${title} (${environment})`],
    ["Change", change],
    ["Opened by", declared ? "a person; it is mended forward" : "the rollback"],
    ["Cause", cause],
    ["Outcome", outcome],
    ["Mended by", how],
    ["Postmortem due", shown(postmortemDue)],
    ["Postmortem signed", incident.postmortemAt === undefined ? "No" : shown(incident.postmortemAt)],
  ];
}

function lengths({ moments, durations }: IncidentRecord): [string, string | undefined][] {
  const at = (moment: Instant | undefined, took?: Duration) =>
    moment === undefined
      ? "not yet"
      : `${shown(moment)}${took === undefined ? "" : `, ${spoken(roundedUp(took))} later`}`;
  return [
    ["Detected", at(moments.detected)],
    ["Decided", at(moments.decided, durations.toDecide)],
    ["Traffic back", at(moments.trafficBack, durations.toTrafficBack)],
    ["Verified", at(moments.verified, durations.toVerify)],
    ["In all", durations.whole === undefined ? undefined : spoken(roundedUp(durations.whole))],
  ];
}

function pairs(rows: readonly [string, string | undefined][]) {
  return table(
    rows.filter(([, value]) => value !== undefined && value !== ""),
    [
      { title: "What", cell: ([what]) => what },
      { title: "Value", cell: ([, value]) => value },
    ],
  );
}
