import { z } from "zod";
import { ApprovalRule, Check, OnRed, PollRule } from "../gate/schema.ts";
import { days, minutes } from "../kit/duration.ts";
import { duration, ident, instant, line, prose } from "../kit/schema.ts";
import { Channel, Message } from "../message/schema.ts";
import { Metric } from "../metric/schema.ts";
import { ReviewRule, Validation } from "../review/schema.ts";
import { Rehearsal, RollbackRule } from "../rollback/schema.ts";
import { Step } from "../step/schema.ts";
import { Target } from "../target/schema.ts";
import { Trigger } from "../trigger/schema.ts";

export const Role = z.strictObject({
  name: line,
  people: z.array(line).default([]).describe("Who is meant, where the document says."),
});

export const Environment = z.strictObject({
  name: line,
  region: line.optional(),
  account: z
    .string()
    .regex(/^\d{12}$/, "an AWS account id has twelve digits; quote it, so that YAML keeps a leading zero")
    .optional(),
  source: line.optional().describe("Where its infrastructure is described, and at which tag."),
  notes: prose.optional(),
});

export const Component = z.strictObject({
  id: ident,
  name: line,
  target: Target,
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
export const Note = z.strictObject({ document: line, section: line, text: prose });

/** The title of a document that the plan came from. */
export const SourceDocument = z.strictObject({ kind: z.enum(["runbook", "release-plan"]), title: line });

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
    ),
  title: line,
  description: prose.optional(),
  start: instant.describe("T: when the first shift is planned, in UTC."),
  expectedCompletion: instant.optional(),
  environment: line.default("Production").describe("Which of the environments this release changes."),
  releaseManager: line.optional(),
  change: line.optional().describe("The change request or ticket this release belongs to."),
  documents: z.array(SourceDocument).max(10).default([]),
  environments: z.array(Environment).max(20).default([]),
  roles: z.array(Role).max(60).default([]),
  components: z.array(Component).min(1, "a release needs at least one component").max(40),
  checklist: z.array(Check).max(200).default([]),
  approvals: z.array(ApprovalRule).max(40).default([]),
  poll: PollRule.optional(),
  onRed: OnRed,
  metrics: z.array(Metric).max(100).default([]),
  steps: z.array(Step).min(1, "a release needs at least one step").max(200),
  triggers: z.array(Trigger).max(100).default([]),
  rollback: z.array(RollbackRule).max(60).default([]),
  rehearsal: Rehearsal.optional(),
  validations: z.array(Validation).max(100).default([]),
  messages: z.array(Message).max(100).default([]),
  channels: z.array(Channel).max(40).default([]),
  review: ReviewRule.prefault({}),
  limits: Limits.prefault({}),
  notes: z.array(Note).max(200).default([]),
});

export type Plan = z.infer<typeof Plan>;
export type PlanInput = z.input<typeof Plan>;
export type Component = z.infer<typeof Component>;
export type Limits = z.infer<typeof Limits>;
