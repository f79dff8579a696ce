import { z } from "zod";
import { duration, ident, line, offset, percent, prose } from "../kit/schema.ts";
import { threshold } from "../metric/schema.ts";

/** `step-id`, which must be done, or `step-id:shifted`, whose share must have been reached. */
export const need = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}(:shifted)?$/, "a step's id, or a phase's id with :shifted behind it");

/** There is no way back from it: said with `true`, or with why, who has to approve it, and what it takes along. */
export const OneWay = z
  .union([
    z.literal(true),
    z.strictObject({
      why: prose.optional().describe("Why it cannot be undone."),
      approvals: z
        .array(line)
        .default([])
        .describe("The roles that have to approve this step, on this plan, before it begins."),
      endangers: z
        .array(ident)
        .default([])
        .describe("The components that cannot go back after it; of a phase, its own."),
    }),
  ])
  .describe("It cannot be undone: true, or why, which approvals it needs, and what cannot go back after it.");

/** What every line of the timeline has. */
const row = {
  id: ident.describe("What other steps and messages call it by."),
  at: offset.describe("When at the earliest: T, T-30 min, T+2.5 h."),
  do: line.describe("The action."),
  owner: line.describe("The role that does it or answers for it."),
  command: prose.optional().describe("The command or console steps."),
  expect: prose.optional().describe("The expected output."),
  needs: z
    .array(need)
    .default([])
    .describe("What must have come about before: a step that is done, or phase-1:shifted."),
  oneWay: OneWay.optional(),
};

/** A person does it and says what they saw. */
export const ManualStep = z.strictObject({
  ...row,
  kind: z.literal("manual"),
  undo: prose.optional().describe("How a person undoes it when the release is rolled back."),
  inFreeze: z
    .enum(["wait", "go"])
    .optional()
    .describe("Whether it is done in a freeze: go for what only looks or tells; unset, it waits."),
  undoneBy: ident.optional().describe("The later step that undoes it; a rollback asks for that step."),
  within: duration
    .optional()
    .describe("How long it may take before its owner is reminded and the pager called."),
});

/** A metric is read and must meet its threshold. */
export const CheckStep = z.strictObject({
  ...row,
  kind: z.literal("check"),
  metric: ident.describe("The metric that is read."),
  threshold: threshold.optional().describe("Where it differs from the metric's own."),
});

/** An HTTP request is made and must be answered as expected. */
export const ProbeStep = z.strictObject({
  ...row,
  kind: z.literal("probe"),
  url: z.url({ protocol: /^https?$/ }).describe("What is asked for."),
  method: z.enum(["GET", "HEAD", "POST"]).default("GET").describe("How it is asked for."),
  status: z.number().int().min(100).max(599).default(200).describe("The status that the answer must have."),
  contains: line.optional().describe("Text that the body must contain."),
  undo: prose.optional().describe("How a person undoes it when the release is rolled back."),
});

/** A share of traffic or users is shifted, and then watched. */
export const PhaseStep = z.strictObject({
  ...row,
  kind: z.literal("phase"),
  phase: line.describe("Its number or name in the release plan."),
  component: ident.describe("What is shifted."),
  percent: percent.describe("The share that the new version has after it."),
  of: z.enum(["traffic", "users"]).default("traffic").describe("What it is a share of."),
  mechanism: line.optional().describe("The channel or mechanism, as the document names it."),
  watch: duration.describe("The monitoring window after the shift."),
  judge: z
    .array(ident)
    .optional()
    .describe("The metrics that must pass; unset: the component's own that a machine can read."),
  stated: z
    .strictObject({
      at: offset.optional().describe("When the runbook has it."),
      owner: line.optional().describe("Who does it by the runbook."),
    })
    .optional()
    .describe("What the runbook says of this phase where it differs; the phase's own values are followed."),
});

export const Step = z.discriminatedUnion("kind", [ManualStep, CheckStep, ProbeStep, PhaseStep]);

export type ManualStep = z.infer<typeof ManualStep>;
export type CheckStep = z.infer<typeof CheckStep>;
export type ProbeStep = z.infer<typeof ProbeStep>;
export type PhaseStep = z.infer<typeof PhaseStep>;
export type Step = z.infer<typeof Step>;

export function isPhase(step: Step): step is PhaseStep {
  return step.kind === "phase";
}
