import type { RootContent } from "mdast";
import { archiveView } from "../../archive/view.ts";
import type { AuditRecord } from "../../audit/schema.ts";
import { decisionMatrix } from "../../decision/matrix.ts";
import { shortDigest } from "../../kit/digest.ts";
import { owedIn } from "../../obligation/state.ts";
import type { Plan } from "../../plan/schema.ts";
import { passCriteria } from "../../review/criteria.ts";
import { allChanges, spokenChange } from "../../revision/differs.ts";
import { revisionViews } from "../../revision/view.ts";
import { RECORD_HEADING } from "../section/collect.ts";
import { actorName, type Export, shown } from "./context.ts";
import { heading, paragraph, table } from "./markdown.ts";

/** Longer logs are cut in the document; the JSON export has all of it. */
const MOST_RECORDS = 1_500;

/** What happened, beyond what the tables show: where it stands, the rollback, and the log. */
export function releaseRecord(context: Export): RootContent[] {
  const { state } = context;
  if (state === undefined) return [];
  return [
    heading(2, RECORD_HEADING),
    summary(context, state),
    ...revised(context, state),
    ...matrix(context),
    ...rollback(state),
    ...causes(state),
    ...criteria(context, state),
    ...cared(context),
    ...owed(context, state),
    ...log(context),
  ];
}

/** How the plan came to be what it is, and what each change made void. */
function revised({ nameOf, plans = [] }: Export, state: NonNullable<Export["state"]>): RootContent[] {
  const revisions = revisionViews(state).toReversed();
  const first = state.revisions?.[0]?.before;
  if (first === undefined) return [];
  return [
    heading(3, `${RECORD_HEADING}: revisions of the plan`),
    paragraph(
      `Revision 1 is the plan that was submitted, ${first}.${
        plans.length > 1 ? ` Every revision stands whole in ${state.id}.json, under \`revisions\`.` : ""
      }`,
    ),
    table(revisions, [
      { title: "Revision", cell: ({ n, plan }) => `${n}, ${plans.length > 1 ? plan : shortDigest(plan)}` },
      { title: "At", cell: ({ at }) => shown(at) },
      { title: "By", cell: ({ by }) => nameOf(by) },
      { title: "Why", cell: ({ reason }) => reason },
      {
        title: "What differs",
        cell: ({ n, changes, more }) =>
          (
            wholeDifference(plans, n) ?? [...changes, ...(more === undefined ? [] : [`and ${more} more`])]
          ).join("\n"),
      },
      {
        title: "Void",
        cell: ({ voided }) =>
          voided
            .map(({ kind, what, by }) => `${kind} ${what}${by === undefined ? "" : `, ${nameOf(by)}`}`)
            .join("\n") || undefined,
      },
    ]),
  ];
}

/** All that a revision changed, where both plans are at hand; the log holds the first part of it. */
function wholeDifference(plans: readonly Plan[], n: number): string[] | undefined {
  const [before, after] = plans.slice(n - 2, n);
  return before === undefined || after === undefined
    ? undefined
    : allChanges(before, after).map(spokenChange);
}

function summary(context: Export, state: NonNullable<Export["state"]>): RootContent {
  const { nameOf } = context;
  const rows: [string, string | undefined][] = [
    ["Release", `${state.id}, revision ${state.revision}, plan ${shortDigest(state.plan)}`],
    ["Status", state.paused === undefined ? state.status : `${state.status}, paused: ${state.paused.cause}`],
    ["Submitted", `${shown(state.submittedAt)} by ${nameOf(state.requester ?? "nobody known")}`],
    ["T", shown(state.t)],
    ["Started", shown(state.startedAt)],
    ["Rolled out", shown(state.rolledOutAt)],
    ["Ended", shown(state.endedAt)],
    ["Why", state.why],
    ["Archived", archived(state)],
    [
      "Incident",
      state.incident && `${state.incident.id}, postmortem due ${shown(state.incident.postmortemDue)}`,
    ],
    [
      "Open questions",
      Object.values(state.decisions)
        .map(({ question }) => question)
        .join("\n") || undefined,
    ],
  ];
  return table(
    rows.filter(([, value]) => value !== undefined),
    [
      { title: "What", cell: ([what]) => what },
      { title: "Value", cell: ([, value]) => value },
    ],
  );
}

/** What the plan does when it looks bad, as it can be printed and laid on the table. */
function matrix({ plan }: Export): RootContent[] {
  const rows = decisionMatrix(plan);
  if (rows.length === 0) return [];
  return [
    heading(3, "Decision matrix"),
    table(rows, [
      { title: "Response", cell: ({ respond }) => respond },
      { title: "When", cell: ({ when }) => when },
      { title: "At once", cell: ({ happens }) => happens },
      {
        title: "Who decides",
        cell: ({ decides, within, onSilence }) =>
          onSilence === "rollback" ? `${decides}; silence for ${within} means rollback` : decides,
      },
      { title: "Owner", cell: ({ owner }) => owner },
    ]),
  ];
}

/** Everything that spoke for the rollback, where it was more than one alarm. */
function causes({ rollback: run }: NonNullable<Export["state"]>): RootContent[] {
  if ((run?.causes ?? []).length < 2) return [];
  return [
    heading(3, "Causes"),
    table(run?.causes ?? [], [
      { title: "Since", cell: ({ at }) => shown(at) },
      { title: "What", cell: ({ text }) => text },
      { title: "Trigger", cell: ({ trigger }) => trigger },
    ]),
  ];
}

/** In the archive itself this is not said yet: it comes after. */
function archived(state: NonNullable<Export["state"]>): string | undefined {
  const archive = archiveView(state);
  if (archive?.archivedAt === undefined) return undefined;
  const files = archive.files?.map(({ key, digest }) => `${key} (${digest})`) ?? [];
  const copies = archive.copies.flatMap(({ name, says, links }) => [
    `${name}: ${says}`,
    ...links.map(({ url }) => url),
  ]);
  return [`${shown(archive.archivedAt)}, up to record ${archive.seq}`, ...files, ...copies].join("\n");
}

function rollback(state: NonNullable<Export["state"]>): RootContent[] {
  const { rollback: run } = state;
  if (run === undefined) return [];
  const over = run.endedAt === undefined ? "it is not over" : `${run.outcome} at ${shown(run.endedAt)}`;
  return [
    heading(3, "Rollback"),
    paragraph(`Begun ${shown(run.startedAt)}: ${run.cause}; ${over}.`),
    table(run.items, [
      {
        title: "What",
        cell: (item) => (item.kind === "target" ? `${item.component}: ${item.call.command}` : item.what),
      },
      { title: "Status", cell: ({ status }) => status },
      { title: "Time", cell: ({ at }) => shown(at) },
      { title: "Detail", cell: ({ detail }) => detail },
    ]),
    ...run.left.map((left) => paragraph(`Left: ${left}`)),
    ...(run.kept ?? []).map(({ what, why }) => paragraph(`Stays: ${what} (${why})`)),
  ];
}

/** Whether it passes, as far as that can be said. */
function criteria({ plan }: Export, state: NonNullable<Export["state"]>): RootContent[] {
  return [
    heading(3, "Pass criteria"),
    table(passCriteria(plan, state), [
      { title: "Criterion", cell: ({ what }) => what },
      { title: "Met", cell: ({ met }) => (met === undefined ? "Not yet known" : met ? "Yes" : "No") },
      { title: "Why", cell: ({ why }) => why },
    ]),
  ];
}

/** Every answer of the hypercare: the report that closes it. */
function cared({ plan, state, records }: Export): RootContent[] {
  const known = state?.hypercare;
  if (known === undefined) return [];
  const names = new Map((plan.hypercare?.checks ?? []).map(({ id, check }) => [id, check]));
  const rows = records.flatMap(({ at, event }) => {
    if (event.type === "HypercareChecked") return [{ at, ...event }];
    if (event.type !== "HypercareMissed") return [];
    const { round, checks } = event;
    return checks.map((check) => ({ at, round, check, verdict: "not answered", result: "" }));
  });
  const { passed, failed, held, missed, endedAt, until } = known;
  const over = endedAt === undefined ? `goes on until ${shown(until)}` : `ended ${shown(endedAt)}`;
  return [
    heading(3, "Hypercare"),
    paragraph(
      `It ${over}: ${passed} passed, ${failed} failed, ${held} could not be judged, ${missed} not answered.`,
    ),
    table(rows, [
      { title: "Round", cell: ({ round }) => String(round) },
      { title: "Time (UTC)", cell: ({ at }) => shown(at) },
      { title: "Check", cell: ({ check }) => names.get(check) ?? check },
      { title: "Verdict", cell: ({ verdict }) => verdict },
      { title: "Result", cell: ({ result }) => result },
    ]),
  ];
}

/** What people owe, and what became of it. */
function owed({ nameOf }: Export, state: NonNullable<Export["state"]>): RootContent[] {
  const all = owedIn(state);
  if (all.length === 0) return [];
  return [
    heading(3, "Obligations"),
    table(all, [
      { title: "What", cell: ({ what }) => what },
      { title: "Role", cell: ({ role }) => role },
      { title: "Due", cell: ({ due }) => shown(due) },
      {
        title: "Holds up the next release",
        cell: ({ blocks }) => (blocks === "overdue" ? "Once overdue" : blocks ? "Yes" : "No"),
      },
      {
        title: "Done",
        cell: ({ completedAt, completedBy }) =>
          completedAt === undefined ? "No" : `${shown(completedAt)} by ${nameOf(completedBy ?? "")}`,
      },
      {
        title: "Evidence",
        cell: ({ note, evidence }) => [note, evidence].filter((text) => text !== undefined).join("\n"),
      },
    ]),
  ];
}

function log(context: Export): RootContent[] {
  const { records } = context;
  if (records.length === 0) return [];
  const last = records.slice(-MOST_RECORDS);
  const cut = records.length - last.length;
  return [
    heading(3, "Log"),
    ...(cut === 0 ? [] : [paragraph(`The ${cut} records before these are in the JSON export.`)]),
    table(last, [
      { title: "#", cell: ({ seq }) => String(seq) },
      { title: "Time (UTC)", cell: ({ at }) => shown(at) },
      { title: "Who", cell: (record) => actorName(context, record) },
      { title: "Event", cell: ({ event }) => event.type },
      { title: "What", cell: about },
    ]),
  ];
}

/** The plain values of an event, and the reason that was given. */
function about({ event, reason }: AuditRecord): string {
  const values = Object.entries(event).flatMap(([name, value]) => {
    if (name === "type") return [];
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? [`${name}: ${value}`]
      : [];
  });
  return [...values, ...(reason === undefined ? [] : [`reason: ${reason}`])].join(", ").slice(0, 400);
}
