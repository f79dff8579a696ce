import { z } from "zod";
import { ARCHIVE_PLACES } from "../archive/schema.ts";
import { ANSWERS } from "../decision/events.ts";
import { Evidence } from "../evidence/schema.ts";
import { instant, line, prose } from "../kit/schema.ts";
import { VOTES } from "../poll/schema.ts";
import { ReviewAnswers } from "../review/answers.ts";

/**
 * What a person or a tool may ask of a release. One schema a command: the API's bodies, the CLI's flags and
 * the page's forms are made from these. The reason travels beside the command, not in it.
 */
export const PersonCommand = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("AnswerCheck"),
    check: line,
    answer: z.enum(["yes", "no"]),
    note: prose.optional(),
    evidence: Evidence.optional(),
  }),
  z.strictObject({ type: z.literal("OverrideCheck"), check: line }),
  z.strictObject({
    type: z.literal("Approve"),
    role: line,
    plan: line.describe("The digest of the plan that was read."),
    note: prose.optional(),
  }),
  z.strictObject({ type: z.literal("Decline"), role: line, plan: line, note: prose.optional() }),
  z.strictObject({ type: z.literal("WithdrawApproval"), role: line }),
  z.strictObject({
    type: z.literal("Delegate"),
    role: line,
    to: line.describe("The id of the person who speaks in your place."),
    until: instant,
  }),
  z.strictObject({ type: z.literal("EndDelegation"), role: line, to: line.optional() }),
  z.strictObject({ type: z.literal("Vote"), role: line, vote: z.enum(VOTES) }),
  z.strictObject({
    type: z.literal("CompleteStep"),
    step: line,
    ok: z.boolean().default(true),
    output: prose.optional(),
    evidence: Evidence.optional(),
  }),
  z.strictObject({ type: z.literal("Pause") }),
  z.strictObject({ type: z.literal("Resume") }),
  z.strictObject({ type: z.literal("Promote"), step: line.optional() }),
  z.strictObject({ type: z.literal("Retry"), step: line.optional() }),
  z.strictObject({ type: z.literal("Skip"), step: line }),
  z.strictObject({
    type: z.literal("ApproveStep"),
    step: line.describe("The step from which there is no way back."),
    role: line,
    plan: line.describe("The digest of the plan that was read."),
  }),
  z.strictObject({
    type: z.literal("Decide"),
    answer: z.enum(ANSWERS).describe("What is to be done about what was asked."),
    role: line.optional().describe("The role you answer in; unset: the first that may."),
    decision: line.optional().describe("Which question; unset: the one that is open."),
  }),
  z.strictObject({
    type: z.literal("LiftQuarantine"),
    alarm: line.describe("The alarm that is to be believed again, by its name or source:name."),
  }),
  z.strictObject({
    type: z.literal("CopyArchive"),
    place: z.enum(ARCHIVE_PLACES).describe("Where a closed release's archive is to be copied, once more."),
  }),
  z.strictObject({ type: z.literal("Rollback") }),
  z.strictObject({ type: z.literal("Abort") }),
  z.strictObject({
    type: z.literal("CompletePutBack"),
    item: line,
    ok: z.boolean().default(true),
    output: prose.optional(),
  }),
  z.strictObject({
    type: z.literal("GiveReading"),
    metric: line,
    value: z.number(),
    /** Of how many, where the threshold counts: `19 of 20`. Unset: as many as the threshold says. */
    count: z.number().int().min(1).optional(),
    note: prose.optional(),
  }),
  z.strictObject({
    type: z.literal("RecordValidation"),
    validation: line,
    pass: z.boolean(),
    result: line,
    evidence: Evidence.optional(),
  }),
  z.strictObject({
    type: z.literal("CompleteObligation"),
    obligation: line,
    note: prose.optional().describe("What was done."),
    evidence: prose.optional().describe("Where that can be seen."),
  }),
  z.strictObject({
    type: z.literal("AnswerHypercare"),
    check: line,
    pass: z.boolean(),
    result: line,
  }),
  z.strictObject({
    type: z.literal("DeclareIncident"),
    summary: prose.describe("What is wrong."),
    components: z.array(line).max(40).optional().describe("What it is about; unset: all of the release."),
    detectedAt: instant.optional().describe("When it was first seen; unset: now."),
  }),
  z.strictObject({ type: z.literal("ResolveIncident"), how: prose.describe("What mended it.") }),
  z.strictObject({
    type: z.literal("SaveReview"),
    entries: z.record(line, z.string().max(10_000)),
    answers: ReviewAnswers.optional(),
  }),
  z.strictObject({
    type: z.literal("SignReview"),
    role: line,
    entries: z.record(line, z.string().max(10_000)).default({}),
    answers: ReviewAnswers.optional(),
  }),
]);

export type PersonCommand = z.infer<typeof PersonCommand>;

/** Commands that must say why: they step over the plan or end it. */
const NEEDS_REASON: readonly PersonCommand["type"][] = [
  "OverrideCheck",
  "Pause",
  "Resume",
  "Promote",
  "Retry",
  "Skip",
  "Rollback",
  "Abort",
  "Decline",
  "WithdrawApproval",
  "Delegate",
  "Decide",
  "LiftQuarantine",
];

/** Whether a command has to say why. A vote does unless it is GO. */
export function needsReason(command: PersonCommand): boolean {
  return NEEDS_REASON.includes(command.type) || (command.type === "Vote" && command.vote !== "go");
}
