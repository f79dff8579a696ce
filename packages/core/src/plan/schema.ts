import { z } from "zod";
import { ApprovalRule } from "../approval/schema.ts";
import { BaselineRule } from "../baseline/schema.ts";
import { ChangeClass } from "../change/schema.ts";
import { ClosingAct } from "../closing/schema.ts";
import { AlarmRule, DecisionRule } from "../decision/schema.ts";
import { Freeze } from "../freeze/schema.ts";
import { Check, OnRed } from "../gate/schema.ts";
import { Hotfix } from "../hotfix/schema.ts";
import { HypercareRule } from "../hypercare/schema.ts";
import { days, minutes } from "../kit/duration.ts";
import { duration, ident, instant, line, prose } from "../kit/schema.ts";
import { Commit } from "../measure/schema.ts";
import { Channel, Message } from "../message/schema.ts";
import { Metric } from "../metric/schema.ts";
import { ObligationRule } from "../obligation/schema.ts";
import { PollRule } from "../poll/schema.ts";
import { RehearsalOf, Rehearse } from "../rehearsal/schema.ts";
import { ReviewRule, Validation } from "../review/schema.ts";
import { Rehearsal, RollbackRule } from "../rollback/schema.ts";
import { Step } from "../step/schema.ts";
import { Target } from "../target/schema.ts";
import { Trigger } from "../trigger/schema.ts";

export const Role = z.strictObject({
  name: line.describe("The role, as the rest of the plan names it."),
  people: z.array(line).default([]).describe("Who is meant, where the document says."),
});

export const Environment = z.strictObject({
  name: line.describe("Its name, such as Production."),
  region: line.optional().describe("The AWS region."),
  account: z
    .string()
    .regex(/^\d{12}$/, "an AWS account id has twelve digits; quote it, so that YAML keeps a leading zero")
    .optional()
    .describe("The AWS account id, in quotation marks."),
  source: line.optional().describe("Where its infrastructure is described, and at which tag."),
  notes: prose.optional().describe("What else to know of it."),
});

export const Component = z.strictObject({
  id: ident.describe("What the rest of the plan calls it by."),
  name: line.describe("What people call it."),
  target: Target.describe("What it runs on, and so how it is shifted, read and put back."),
  commit: line.optional().describe("The commit that its new version was built from."),
  artifacts: z
    .array(line)
    .optional()
    .describe("What was built of it: image digests, package names, links; for the log of deployments."),
});

export const Limits = z.strictObject({
  maxDuration: duration
    .default(days(14))
    .describe(
      "Past this, counted from T, nothing shifts any more and a decision is asked for; silence means rollback.",
    ),
  decideWithin: duration
    .default(minutes(30))
    .describe("How long a question stays open before silence means rollback."),
  gatesWithin: duration
    .default(days(1))
    .describe("How long after the planned start the gates may still open."),
  bake: duration
    .default(minutes(0))
    .describe("How long all alarms stay armed after the last phase has passed."),
});

/** What a document says besides its tables; kept, so that it can be written back. */
export const Note = z.strictObject({
  document: line.describe("Which document said it: runbook or release-plan."),
  section: line.describe("Under which heading."),
  text: prose.describe("What it said."),
});

/** The title of a document that the plan came from. */
export const SourceDocument = z.strictObject({
  kind: z.enum(["runbook", "release-plan"]).describe("Which of the two documents."),
  title: line.describe("Its first heading."),
});

/**
 * The declared release. What a person writes is the input side; parsing gives the canonical plan, in which
 * every default is filled in and every value has one spelling, and over which the digest is taken.
 */
export const Plan = z.strictObject({
  gonogo: z.literal(1).describe("The version of this format."),
  id: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
      "letters, digits, dot, hyphen and underscore, such as REL-2025-06-04",
    )
    .describe("What the release is filed under."),
  title: line.describe("What the release is called."),
  description: prose.optional().describe("What it brings, for whoever approves it."),
  start: instant.describe("T: when the first shift is planned, in UTC."),
  expectedCompletion: instant.optional().describe("When it should be over, in UTC."),
  environment: line.default("Production").describe("Which of the environments this release changes."),
  releaseManager: line.optional().describe("Who runs it: a name."),
  change: line.optional().describe("The change request or ticket this release belongs to."),
  commit: Commit.optional().describe(
    "What is released: its lead time is counted from the time of its commit.",
  ),
  changeClass: ChangeClass.optional().describe(
    "How much it asks of those who let it through; standard, if it is left out.",
  ),
  hotfix: Hotfix.optional().describe("Of an emergency change: the fault it mends, and what it is tried on."),
  authors: z
    .array(line)
    .max(200)
    .optional()
    .describe(
      "Who wrote what it brings, by their ids as `gonogo whoami` shows them: they approve nothing of it.",
    ),
  documents: z
    .array(SourceDocument)
    .max(10)
    .default([])
    .describe("The documents that the plan was imported from."),
  environments: z
    .array(Environment)
    .max(20)
    .default([])
    .describe("The environments, as the runbook lists them."),
  roles: z
    .array(Role)
    .max(60)
    .default([])
    .describe("Every role that has a part in the release. Without a list any role may be named."),
  components: z
    .array(Component)
    .min(1, "a release needs at least one component")
    .max(40)
    .describe("What has versions and is shifted or put back."),
  checklist: z
    .array(Check)
    .max(200)
    .default([])
    .describe("What has to be answered Yes before the release may start."),
  approvals: z
    .array(ApprovalRule)
    .max(40)
    .default([])
    .describe("Who signs off on this plan: nobody twice, and never who submits it."),
  poll: PollRule.optional().describe("The go/no-go vote; without it there is none."),
  onRed: OnRed.describe("What to do about an alarm that is red already when the release wants to start."),
  freezes: z
    .array(Freeze)
    .max(40)
    .default([])
    .describe("When nothing may be shifted, whatever else holds. A rollback is never held."),
  window: z
    .enum(["required"])
    .optional()
    .describe(
      "required: nothing of it starts or is shifted outside of a maintenance window of the deployment's calendar.",
    ),
  metrics: z.array(Metric).max(100).default([]).describe("What is measured, and what passes."),
  baseline: BaselineRule.optional().describe(
    "What is measured before the start and compared with afterwards; without it nothing is.",
  ),
  steps: z
    .array(Step)
    .min(1, "a release needs at least one step")
    .max(200)
    .describe("The timeline: what is done, checked and shifted, and when."),
  triggers: z.array(Trigger).max(100).default([]).describe("What stops the release or puts it back."),
  decisions: DecisionRule.optional().describe(
    "Who decides when it looks bad; without it the release manager and the owners of phases do.",
  ),
  alarms: AlarmRule.optional().describe(
    "When alarms are told of together, and when one is no longer believed.",
  ),
  rollback: z
    .array(RollbackRule)
    .max(60)
    .default([])
    .describe("How components are put back, as the documents say."),
  rehearse: Rehearse.optional().describe("Where the way back of this plan is tried, by gonogo itself."),
  rehearsalOf: RehearsalOf.optional().describe("Set in a rehearsal: what it tries the way back of."),
  rehearsal: Rehearsal.optional().describe("The proof that the way back was tried."),
  validations: z.array(Validation).max(100).default([]).describe("What is validated after the rollout."),
  messages: z.array(Message).max(100).default([]).describe("Who is told what, and when."),
  channels: z.array(Channel).max(40).default([]).describe("The ways to reach people, and what each is for."),
  review: ReviewRule.prefault({}).describe("What is asked after the release, and who signs it."),
  obligations: z
    .array(ObligationRule)
    .max(40)
    .optional()
    .describe("What people owe once the traffic has moved: by whom, within how long, and what it holds up."),
  closing: z
    .array(ClosingAct)
    .max(40)
    .optional()
    .describe(
      "What is done once the release is over: change log, status page, ticket, stakeholders, load test.",
    ),
  architectureChanged: z
    .boolean()
    .optional()
    .describe("Whether it changes the architecture: then the load test is owed again afterwards."),
  hypercare: HypercareRule.optional().describe("The care after the rollout; unset: there is none."),
  limits: Limits.prefault({}).describe("How long things may take before people are asked."),
  notes: z.array(Note).max(200).default([]).describe("What the documents say besides their tables."),
});

export type Plan = z.infer<typeof Plan>;
export type PlanInput = z.input<typeof Plan>;
export type Component = z.infer<typeof Component>;
export type Limits = z.infer<typeof Limits>;
