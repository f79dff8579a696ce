import type { RootContent } from "mdast";
import { answeredByProbe } from "../../check/view.ts";
import { describeShown } from "../../evidence/state.ts";
import { spokenOffset } from "../../kit/offset.ts";
import { findComponent, timelineOrder } from "../../plan/graph.ts";
import type { Plan } from "../../plan/schema.ts";
import { whyNoGo } from "../../poll/standing.ts";
import { stepState } from "../../step/evolve.ts";
import { isPhase, type Step } from "../../step/schema.ts";
import type { Target } from "../../target/schema.ts";
import { answer, type Export, idColumn, shown } from "./context.ts";
import { heading, paragraph, table } from "./markdown.ts";
import { notesOf, titleOf } from "./notes.ts";
import { moment } from "./release-plan.ts";
import { reviewSection } from "./review.ts";
import { statusOf } from "./status.ts";

/** The deployment runbook: what is done minute by minute, with what came of it. */
export function runbook(context: Export): RootContent[] {
  const { plan } = context;
  return [
    heading(1, titleOf(plan, "runbook")),
    ...notesOf(plan, "runbook", "top"),
    ...checklist(context),
    ...environments(plan),
    ...components(context),
    ...poll(context),
    ...freezes(plan),
    ...timeline(context),
    ...validation(context),
    ...rollback(context),
    ...channels(plan),
    ...contacts(plan),
    ...reviewSection(context),
    ...notesOf(plan, "runbook", "rest"),
  ];
}

function word<K extends string>(key: K | undefined, words: Readonly<Record<K, string>>): string | undefined {
  return key === undefined ? undefined : words[key];
}

function checklist(context: Export): RootContent[] {
  const { plan, nameOf } = context;
  if (plan.checklist.length === 0) return [];
  type Check = Plan["checklist"][number];
  const { state } = context;
  const answers = state?.checks ?? {};
  /** A person's No goes before what a probe says, and nothing else does. */
  const given = ({ id, probe }: Check) => {
    const person = answers[id];
    const probed = state?.probes?.[id];
    if (probe === undefined || person?.answer === "no" || probed === undefined) {
      return person === undefined || (probe !== undefined && person.answer === "yes")
        ? undefined
        : { answer: person.answer, at: person.at, by: nameOf(person.by) };
    }
    return { answer: probed.answer, at: probed.askedAt, by: `probe (${probe.kind})` };
  };
  return [
    heading(2, "Pre-deployment checklist"),
    table<Check>(plan.checklist, [
      idColumn(context, "checklist"),
      { title: "Check", cell: ({ check }) => check },
      { title: "Responsible", cell: ({ role }) => role },
      {
        title: "Completed? (Yes/No)",
        cell: (check) => word(given(check)?.answer, { yes: "Yes", no: "No", unknown: "No" }),
      },
      { title: "Timestamp", cell: (check) => shown(given(check)?.at) },
      { title: "Notes", cell: ({ notes }) => notes },
      answer(context, "Answered by", (check) => given(check)?.by),
      answer(context, "Evidence", ({ id, ...check }, state) =>
        [answeredByProbe({ id, ...check }, state)?.text, describeShown(answers[id] ?? {}), answers[id]?.note]
          .filter(Boolean)
          .join("; "),
      ),
    ]),
  ];
}

function environments(plan: Plan): RootContent[] {
  if (plan.environments.length === 0) return [];
  return [
    heading(2, "Environments"),
    table(plan.environments, [
      { title: "Environment", cell: ({ name }) => name },
      { title: "Region", cell: ({ region }) => region },
      { title: "AWS Account ID", cell: ({ account }) => account },
      { title: "IaC Repo / Tag", cell: ({ source }) => source, code: true },
      { title: "Notes", cell: ({ notes }) => notes },
    ]),
  ];
}

/** Only where the phases and commands do not tell what the components run on. */
function components({ plan, withIds }: Export): RootContent[] {
  if (!withIds.has("components")) return [];
  return [
    heading(2, "Components"),
    table<Plan["components"][number]>(plan.components, [
      { title: "ID", cell: ({ id }) => id, code: true },
      { title: "Component", cell: ({ name }) => name },
      { title: "Target", cell: ({ target }) => target.kind },
      { title: "Function / Package", cell: ({ target }) => placeOf(target), code: true },
      { title: "Alias / Track", cell: ({ target }) => trackOf(target), code: true },
      { title: "Version", cell: ({ target }) => (target.kind === "manual" ? undefined : target.version) },
      { title: "Region", cell: ({ target }) => (target.kind === "lambda-alias" ? target.region : undefined) },
      {
        title: "Account",
        cell: ({ target }) => (target.kind === "lambda-alias" ? target.account : undefined),
      },
    ]),
  ];
}

function placeOf(target: Target): string | undefined {
  switch (target.kind) {
    case "lambda-alias":
      return target.function;
    case "app-store":
      return target.app;
    case "google-play":
      return target.package;
    case "manual":
      return undefined;
  }
}

function trackOf(target: Target): string | undefined {
  if (target.kind === "lambda-alias") return target.alias;
  return target.kind === "google-play" ? target.track : undefined;
}

function poll(context: Export): RootContent[] {
  const { plan, state, nameOf } = context;
  if (plan.poll === undefined) return [];
  const { at, closes } = plan.poll;
  const votes = state?.poll?.votes ?? {};
  return [
    heading(2, "Go/no-go vote"),
    table(plan.poll.roles, [
      { title: "Role", cell: (role) => role },
      { title: "Opens", cell: () => spokenOffset(at) },
      { title: "Closes", cell: () => spokenOffset(closes) },
      {
        title: "Vote",
        cell: (role) => {
          const said = word(votes[role]?.vote, { go: "GO", "no-go": "NO-GO", abstain: "Abstained" });
          return [said, votes[role]?.reason].filter(Boolean).join(": ") || undefined;
        },
      },
      { title: "Timestamp", cell: (role) => shown(votes[role]?.at) },
      answer(context, "Answered by", (role) =>
        votes[role] === undefined ? undefined : nameOf(votes[role].by),
      ),
    ]),
    ...(state?.earlierPolls ?? []).map((earlier, index) => {
      const at = shown(earlier.closedAt) ?? "never";
      return paragraph(`Poll ${earlier.n ?? index + 1} closed ${at}, NO-GO: ${whyNoGo(earlier)}.`);
    }),
  ];
}

function freezes(plan: Plan): RootContent[] {
  if (plan.freezes.length === 0) return [];
  return [
    heading(2, "Freezes"),
    table<Plan["freezes"][number]>(plan.freezes, [
      { title: "Freeze", cell: ({ name }) => name },
      { title: "From (UTC)", cell: ({ from }) => moment(from) },
      { title: "To (UTC)", cell: ({ to }) => moment(to) },
      plan.freezes.some(({ components }) => components !== undefined)
        ? { title: "Components", cell: ({ components = [] }) => components.join(", ") }
        : undefined,
    ]),
  ];
}

/** A phase has a row of its own where the runbook says something of it that the release plan does not. */
function isRow(plan: Plan, step: Step): boolean {
  if (!isPhase(step)) return true;
  const usual = `Shift ${findComponent(plan, step.component)?.name} to ${step.percent} %`;
  return (
    step.command !== undefined || step.expect !== undefined || step.stated !== undefined || step.do !== usual
  );
}

function hasUndo(step: Step): step is Step & { undo: string } {
  return (step.kind === "manual" || step.kind === "probe") && step.undo !== undefined;
}

function timeline(context: Export): RootContent[] {
  const { plan, nameOf } = context;
  const rows = timelineOrder(plan).filter((step) => isRow(plan, step));
  if (rows.length === 0) return [];
  return [
    heading(2, "Deployment timeline (UTC)"),
    table<Step>(rows, [
      idColumn(context, "timeline"),
      {
        title: "T-Offset",
        cell: (step) => spokenOffset((isPhase(step) ? step.stated?.at : undefined) ?? step.at),
      },
      { title: "Action", cell: (step) => step.do },
      { title: "Command / Console Steps", cell: ({ command }) => command, code: true },
      { title: "Expected Output", cell: ({ expect }) => expect },
      { title: "Owner", cell: (step) => (isPhase(step) ? step.stated?.owner : undefined) ?? step.owner },
      rows.some(hasUndo)
        ? { title: "Undo", cell: (step) => (hasUndo(step) ? step.undo : undefined) }
        : undefined,
      answer(context, "Actual time", ({ id }, state) => {
        const { shiftedAt, startedAt, endedAt } = stepState(state, id);
        return shown(shiftedAt ?? endedAt ?? startedAt);
      }),
      answer(context, "Status", ({ id }, state) => statusOf(state, stepState(state, id))),
      answer(context, "Result", ({ id }, state) => resultOf(id, state, nameOf)),
    ]),
  ];
}

function resultOf(id: string, state: NonNullable<Export["state"]>, nameOf: Export["nameOf"]): string {
  const { output, heldWhy, by, status, ...shown } = stepState(state, id);
  const who = by === undefined ? undefined : `by ${nameOf(by)}`;
  return [output, describeShown(shown), status === "held" ? heldWhy : undefined, who]
    .filter(Boolean)
    .join("; ");
}

function validation(context: Export): RootContent[] {
  const { plan, nameOf } = context;
  if (plan.validations.length === 0) return [];
  const hasEvidence = plan.validations.some(
    ({ id }) => describeShown(context.state?.validations[id] ?? {}) !== undefined,
  );
  const hasOwner = plan.validations.some(({ owner }) => owner !== undefined);
  return [
    heading(2, "Post-deployment validation"),
    table<Plan["validations"][number]>(plan.validations, [
      idColumn(context, "validation"),
      { title: "Validation", cell: ({ check }) => check },
      { title: "Tool / Query", cell: ({ tool }) => tool },
      { title: "Threshold", cell: ({ threshold }) => threshold },
      hasOwner ? { title: "Owner", cell: ({ owner }) => owner } : undefined,
      { title: "Result", cell: ({ id }) => context.state?.validations[id]?.result },
      {
        title: "Pass/Fail",
        cell: ({ id }) =>
          word(context.state?.validations[id]?.verdict, { pass: "Pass", fail: "Fail", hold: "Hold" }),
      },
      hasEvidence
        ? answer(context, "Evidence", ({ id }, state) => describeShown(state.validations[id] ?? {}))
        : undefined,
      answer(context, "Timestamp", ({ id }, state) => shown(state.validations[id]?.at)),
      answer(context, "Answered by", ({ id }, state) => {
        const found = state.validations[id];
        return found === undefined ? undefined : nameOf(found.by);
      }),
    ]),
  ];
}

function rollback(context: Export): RootContent[] {
  const { plan } = context;
  if (plan.rollback.length === 0) return [];
  return [
    heading(2, "Rollback commands"),
    table<Plan["rollback"][number]>(plan.rollback, [
      {
        title: "Component",
        cell: ({ name, component }) => name ?? findComponent(plan, component)?.name ?? component,
      },
      { title: "Command", cell: ({ command }) => command, code: true },
      { title: "Reference", cell: ({ reference }) => reference },
      answer(context, "Outcome", ({ component }, { rollback: done }) => {
        const item = done?.items.find(({ id }) => id === component || id === `asked-${component}`);
        return item === undefined
          ? undefined
          : [item.status, shown(item.at), item.detail].filter(Boolean).join("; ");
      }),
    ]),
  ];
}

function channels(plan: Plan): RootContent[] {
  if (plan.channels.length === 0) return [];
  return [
    heading(2, "Communication and escalation"),
    table(plan.channels, [
      { title: "Channel", cell: ({ name }) => name },
      { title: "Purpose", cell: ({ purpose }) => purpose },
      { title: "Owner", cell: ({ owner }) => owner },
    ]),
  ];
}

/** The people behind roles that no other table names. */
function contacts(plan: Plan): RootContent[] {
  const elsewhere = new Set(plan.approvals.map(({ role }) => role));
  const named = plan.roles.filter(
    ({ name, people }) =>
      people.length > 0 &&
      !elsewhere.has(name) &&
      !(people.length === 1 && people[0] === plan.releaseManager),
  );
  if (named.length === 0) return [];
  return [
    heading(2, "Contacts"),
    table(named, [
      { title: "Role", cell: ({ name }) => name },
      { title: "Name", cell: ({ people }) => people.join(", ") },
    ]),
  ];
}
