import { z } from "zod";
import { ApprovalRule } from "../approval/schema.ts";
import { Check } from "../gate/schema.ts";
import { GOVERNANCE_BOARD, Hotfix } from "../hotfix/schema.ts";
import { duration, line, offset, prose } from "../kit/schema.ts";
import { ObligationRule } from "../obligation/schema.ts";

/** Who may change the policy. */
export const GOVERNANCE = "Governance";

/** The vote that a plan has to have. */
export const PollDemand = z.strictObject({
  roles: z.array(line).min(1).max(40).describe("Roles that have to vote; a plan may ask more."),
  at: offset.optional().describe("When the vote opens, where a plan has none of its own; T-15 min."),
  closes: offset.optional().describe("When silence becomes NO-GO, where a plan has no vote of its own; T."),
  abstain: z.boolean().optional().describe("Whether a plan may let a role abstain; left out, it may not."),
});

/** What an emergency change has to say and show of its hotfix. */
export const HotfixDemand = z.strictObject({
  severities: z
    .array(Hotfix.shape.severity)
    .min(1)
    .default(["SEV-1"])
    .describe("Faults that are grave enough for it."),
  board: line.default(GOVERNANCE_BOARD).describe("The role any two holders of which let it through."),
  soak: duration.optional().describe("The least time in staging."),
  tests: z.boolean().default(true).describe("Whether it has to name the tests that it was tried on."),
  testedBy: line.optional().describe("Who answers, as a line of the checklist, that they have passed."),
});

/** What is demanded of a plan. What it leaves out is filled in; what is weaker is refused. */
export const Demands = z.strictObject({
  approvals: z.array(ApprovalRule).max(40).default([]).describe("Who has to sign."),
  expires: duration
    .optional()
    .describe("How long a signature holds at the most, where its own line does not say."),
  checks: z.array(Check).max(200).default([]).describe("Lines that the checklist has to have."),
  poll: PollDemand.optional().describe("The go/no-go vote that there has to be."),
  maxDuration: duration.optional().describe("How long a release may take at the most."),
  decideWithin: duration.optional().describe("How long a question may stay open at the most."),
  gatesWithin: duration
    .optional()
    .describe("How long after its start a plan's gates may still open, at the most."),
  bake: duration.optional().describe("How long every alarm stays armed after the last phase, at the least."),
  watch: duration.optional().describe("How long each phase is watched at the least."),
  authors: z
    .boolean()
    .optional()
    .describe("Whether a plan has to name its authors, who approve nothing of it."),
  hotfix: HotfixDemand.optional().describe("What a plan has to say of its hotfix."),
  obligations: z.array(ObligationRule).max(40).default([]).describe("What is owed after the release."),
  require: z
    .record(line, z.unknown())
    .default({})
    .describe(
      "Any other part of a plan, as it is written in one: lists are joined by id, name or role, and what a plan says otherwise is refused.",
    ),
});
export type Demands = z.infer<typeof Demands>;

const demands = (about: string) => Demands.prefault({}).describe(about);

export const EnvironmentPolicy = z.strictObject({
  name: line.describe("As plans name it; `*` is every other."),
  all: demands("Of every change."),
  standard: demands("Besides, of a standard change."),
  elevated: demands("Besides, of an elevated change."),
  emergency: demands("Besides, of an emergency change."),
  inFreeze: demands(
    "Besides, of a change that is not an emergency and whose start, or a step of which, falls into a freeze, as lint says.",
  ),
});

/** A team's rules for its plans. */
export const Policy = z.strictObject({
  policy: z.literal(1).describe("The version of this format."),
  name: line.describe("What it is called."),
  notes: prose.optional().describe("Why it is as it is."),
  people: z
    .array(z.strictObject({ id: line, roles: z.array(line).min(1).max(60) }))
    .max(2_000)
    .optional()
    .describe(
      "Everybody who may sign, by their ids as `gonogo whoami` shows them. With it approvals that nobody is left for are refused.",
    ),
  environments: z.array(EnvironmentPolicy).min(1).max(40).describe("What is demanded where."),
});
export type Policy = z.infer<typeof Policy>;
export type PolicyInput = z.input<typeof Policy>;
