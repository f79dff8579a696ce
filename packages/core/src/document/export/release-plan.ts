import type { RootContent } from "mdast";
import { signaturesOf } from "../../approval/standing.ts";
import type { ClosingAct } from "../../closing/schema.ts";
import { shortDigest } from "../../kit/digest.ts";
import { spoken } from "../../kit/duration.ts";
import type { Instant } from "../../kit/instant.ts";
import { spokenOffset } from "../../kit/offset.ts";
import { formatValue } from "../../metric/threshold.ts";
import type { ObligationRule } from "../../obligation/schema.ts";
import { findComponent } from "../../plan/graph.ts";
import type { Plan } from "../../plan/schema.ts";
import { stepState } from "../../step/evolve.ts";
import { isPhase, type PhaseStep } from "../../step/schema.ts";
import { answer, type Export, idColumn, shown } from "./context.ts";
import { heading, table } from "./markdown.ts";
import { notesOf, titleOf } from "./notes.ts";
import { reviewSection } from "./review.ts";
import { statusOf } from "./status.ts";

/** The release and rollback plan: stages, metrics, triggers, messages and approvals, with what came of them. */
export function releasePlan(context: Export): RootContent[] {
  const { plan } = context;
  return [
    heading(1, titleOf(plan, "release-plan")),
    ...notesOf(plan, "release-plan", "top"),
    ...overview(plan),
    ...phases(context),
    ...metrics(context),
    ...triggers(context),
    ...messages(context),
    ...reviewSection(context),
    ...approvals(context),
    ...obligations(context),
    ...closing(context),
    ...notesOf(plan, "release-plan", "rest"),
  ];
}

function overview(plan: Plan): RootContent[] {
  const rows: [string, string | undefined][] = [
    ["Plan ID", plan.id],
    ["Release Title", plan.title],
    ["Start Date (UTC)", moment(plan.start)],
    ["Expected Completion (UTC)", moment(plan.expectedCompletion)],
    ["Environment", plan.environment],
    ["Change ID", plan.change],
    ["Release Manager", plan.releaseManager],
    ["Change Class", plan.changeClass],
    ["Hotfix Severity", plan.hotfix?.severity],
    ["Hotfix Board", plan.hotfix?.board],
    ["Targeted Tests", listed(plan.hotfix?.targetedTests, /[;,]/, "; ")],
    ["Hotfix Soak", plan.hotfix === undefined ? undefined : spoken(plan.hotfix.soak)],
    [
      "Architecture Changed",
      { true: "yes", false: "no", undefined: undefined }[`${plan.architectureChanged}`],
    ],
    ["Description", plan.description],
  ];
  const given = rows.filter(([, value]) => value !== undefined);
  return [
    heading(2, "Release overview"),
    table(given, [
      { title: "Field", cell: ([field]) => field },
      { title: "Value", cell: ([, value]) => value },
    ]),
  ];
}

/** Names in one cell; nothing where one of them has in it what stands between them. The settings hold it then. */
function listed(names: readonly string[] | undefined, between: RegExp, join: string): string | undefined {
  if (names === undefined || names.length === 0 || names.some((name) => between.test(name))) return undefined;
  return names.join(join);
}

export function moment(at: Instant | undefined): string | undefined {
  return at
    ?.replace(/:00\.000Z$/, "")
    .replace(/Z$/, "")
    .replace("T", " ");
}

function phases(context: Export): RootContent[] {
  const { plan } = context;
  const rows = plan.steps.filter(isPhase);
  if (rows.length === 0) return [];
  return [
    heading(2, "Rollout phases"),
    table<PhaseStep>(rows, [
      idColumn(context, "phases"),
      { title: "Phase", cell: ({ phase }) => phase },
      { title: "Component", cell: ({ component }) => findComponent(plan, component)?.name ?? component },
      { title: "Channel / Mechanism", cell: ({ mechanism }) => mechanism },
      { title: "% Traffic or Users", cell: (phase) => shareOf(plan, phase) },
      { title: "Start Time (UTC)", cell: ({ at }) => spokenOffset(at) },
      { title: "Monitoring Window", cell: ({ watch }) => spoken(watch) },
      { title: "Owner", cell: ({ owner }) => owner },
      answer(context, "Actual start", ({ id }, state) => shown(stepState(state, id).shiftedAt)),
      answer(context, "Actual end", ({ id }, state) => shown(stepState(state, id).endedAt)),
      answer(context, "Result", ({ id }, state) => {
        const step = stepState(state, id);
        const why = (step.judged ?? []).map((one) => one.why).join("; ");
        const said = [
          statusOf(state, step),
          step.promoted ? "promoted by hand" : undefined,
          step.heldWhy,
          why,
        ];
        return [...new Set(said)].filter(Boolean).join(": ");
      }),
    ]),
  ];
}

function shareOf(plan: Plan, { percent, of, component }: PhaseStep): string {
  const kind = findComponent(plan, component)?.target.kind;
  if (of === "users") return `${percent} % users`;
  return kind === "app-store" || kind === "google-play" ? `${percent} % traffic` : `${percent} %`;
}

function metrics(context: Export): RootContent[] {
  const { plan } = context;
  if (plan.metrics.length === 0) return [];
  return [
    heading(2, "Monitoring and success metrics"),
    table<Plan["metrics"][number]>(plan.metrics, [
      idColumn(context, "metrics"),
      { title: "Metric", cell: ({ name }) => name },
      { title: "Target / Threshold", cell: ({ threshold }) => threshold },
      { title: "Monitoring Tool", cell: ({ tool }) => tool },
      { title: "Owner", cell: ({ owner }) => owner },
      answer(context, "Result", ({ id }, state) => {
        const reading = state.metrics[id]?.reading;
        return reading?.value === undefined ? undefined : formatValue(reading.value, reading.unit);
      }),
      plan.baseline === undefined
        ? undefined
        : answer(context, "Actual baseline", ({ id }, state) => {
            const before = state.baseline?.readings[id];
            return before?.value === undefined ? undefined : formatValue(before.value, before.unit);
          }),
      answer(context, "Verdict", ({ id }, state) => state.metrics[id]?.verdict),
    ]),
  ];
}

function triggers(context: Export): RootContent[] {
  const { plan } = context;
  if (plan.triggers.length === 0) return [];
  return [
    heading(2, "Rollback strategy"),
    table<Plan["triggers"][number]>(plan.triggers, [
      idColumn(context, "triggers"),
      { title: "Trigger Condition", cell: ({ when, says }) => when ?? says },
      { title: "Detection Mechanism", cell: ({ detect }) => detect },
      { title: "Immediate Action", cell: ({ action }) => action },
      { title: "Rollback Command / Process", cell: ({ process }) => process },
      { title: "Owner", cell: ({ owner }) => owner },
      answer(context, "Fired", ({ id }, state) => {
        const fired = state.triggers[id];
        return fired?.firedAt === undefined
          ? undefined
          : [shown(fired.firedAt), fired.cause].filter(Boolean).join(": ");
      }),
    ]),
  ];
}

function messages(context: Export): RootContent[] {
  const { plan } = context;
  if (plan.messages.length === 0) return [];
  return [
    heading(2, "Communication timeline"),
    table<Plan["messages"][number]>(plan.messages, [
      idColumn(context, "messages"),
      { title: "Time (UTC)", cell: ({ at }) => spokenOffset(at) },
      { title: "Audience", cell: ({ audience }) => audience },
      { title: "Channel", cell: ({ channel }) => channel },
      { title: "Message Summary", cell: ({ text }) => text },
      { title: "Owner", cell: ({ owner }) => owner },
      answer(context, "Sent", ({ id }, state) => {
        const message = state.messages[id];
        return message === undefined
          ? undefined
          : [message.status, shown(message.at), message.detail].filter(Boolean).join("; ");
      }),
    ]),
  ];
}

function approvals(context: Export): RootContent[] {
  const { plan, state, nameOf } = context;
  if (plan.approvals.length === 0) return [];
  const signed = (role: string) => (state === undefined ? [] : signaturesOf(state, role));
  const some = (has: (rule: Plan["approvals"][number]) => boolean) => plan.approvals.some(has);
  const peopleOf = (role: string) => plan.roles.find(({ name }) => name === role)?.people ?? [];
  return [
    heading(2, "Approval"),
    table<Plan["approvals"][number]>(plan.approvals, [
      { title: "Role", cell: ({ role }) => role },
      some(({ or }) => or !== undefined)
        ? { title: "Or", cell: ({ or }) => listed(or, /[;,]/, ", ") }
        : undefined,
      some(({ count }) => count !== undefined)
        ? {
            title: "Signatures Needed",
            cell: ({ count }) => (count === undefined ? undefined : String(count)),
          }
        : undefined,
      some(({ after }) => after !== undefined)
        ? { title: "After", cell: ({ after }) => listed(after, /[;,]/, ", ") }
        : undefined,
      some(({ expires }) => expires !== undefined)
        ? {
            title: "Expires After",
            cell: ({ expires }) => (expires === undefined ? undefined : spoken(expires)),
          }
        : undefined,
      {
        title: "Name",
        // The release manager is named in the overview.
        cell: ({ role }) =>
          peopleOf(role)
            .filter((name) => name !== plan.releaseManager)
            .join(", "),
      },
      { title: "Date", cell: ({ role }) => shown(signed(role).at(-1)?.at) },
      {
        title: "Signature",
        cell: ({ role }) => {
          const lines = signed(role).map(({ verdict, by, for: lender, plan: of, note }) => {
            const word = { given: "approved", declined: "declined", expired: "approved, now expired," }[
              verdict
            ];
            const proxy = lender === undefined ? "" : ` for ${nameOf(lender)}`;
            return [`${nameOf(by)}${proxy} ${word} plan ${shortDigest(of)}`, note].filter(Boolean).join("; ");
          });
          return lines.join("\n") || undefined;
        },
      },
    ]),
  ];
}

function obligations(context: Export): RootContent[] {
  const { obligations: rules = [] } = context.plan;
  if (rules.length === 0) return [];
  return [
    heading(2, "Obligations"),
    table<ObligationRule>(rules, [
      { title: "ID", cell: ({ id }) => id, code: true },
      { title: "Obligation", cell: ({ what }) => what },
      { title: "Role", cell: ({ role }) => role },
      { title: "Within", cell: ({ within }) => spoken(within) },
      { title: "Counts From", cell: ({ from }) => from },
      {
        title: "Blocks Other Releases",
        cell: ({ blocks }) => (blocks === true ? "yes" : blocks || undefined),
      },
      answer(context, "Result", ({ id }, state) => {
        const owed = state.obligations?.[id];
        if (owed === undefined) return undefined;
        if (owed.completedAt === undefined) return `open, due ${shown(owed.due)}`;
        return [`done ${shown(owed.completedAt)}`, owed.note, owed.evidence].filter(Boolean).join("; ");
      }),
    ]),
  ];
}

function closing(context: Export): RootContent[] {
  const { closing: acts = [] } = context.plan;
  if (acts.length === 0) return [];
  return [
    heading(2, "Closing"),
    table<ClosingAct>(acts, [
      { title: "ID", cell: ({ id }) => id, code: true },
      { title: "Act", cell: ({ kind }) => kind },
      { title: "What", cell: ({ what }) => what },
      { title: "Owner", cell: ({ owner }) => owner },
      { title: "Within", cell: ({ within }) => spoken(within) },
      { title: "Channel", cell: ({ channel }) => channel },
      { title: "Text", cell: ({ text }) => text },
      { title: "Required", cell: ({ required }) => (required ? "yes" : undefined) },
      answer(context, "Result", ({ id }, state) => {
        const owed = state.obligations?.[id];
        if (owed === undefined) return undefined;
        if (owed.completedAt === undefined) return `open, due ${shown(owed.due)}`;
        const record =
          owed.record === undefined ? undefined : `record ${owed.record.seq}, ${owed.record.digest}`;
        return [`done ${shown(owed.completedAt)}`, owed.note, owed.evidence, record]
          .filter(Boolean)
          .join("; ");
      }),
    ]),
  ];
}
