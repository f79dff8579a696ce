import { z } from "zod";
import { duration, ident, line, prose } from "../kit/schema.ts";
import { formatCondition, parseCondition } from "../metric/threshold.ts";

/** A condition in its canonical spelling, such as `API 5xx > 3 % for 10 min`. */
export const condition = z.string().transform((text, context) => {
  const result = parseCondition(text);
  if (result.ok) return formatCondition(result.value);
  context.addIssue({ code: "custom", message: result.message, params: { column: result.column } });
  return z.NEVER;
});

/** Systems whose alarms arrive as signals. */
export const SIGNAL_SOURCES = [
  "cloudwatch",
  "sentry",
  "grafana",
  "alertmanager",
  "webhook",
  "codedeploy",
  "health",
] as const;
export type SignalSource = (typeof SIGNAL_SOURCES)[number];

/** Tags of AWS, all of which an alarm has to carry. https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
export const Tags = z
  .record(
    z.string().trim().min(1, "a tag has a key").max(128),
    z.string().trim().max(256, "a tag's value has 256 characters at most"),
  )
  .refine((tags) => Object.keys(tags).length > 0, "give at least one tag, such as { service: checkout }")
  .refine((tags) => Object.keys(tags).length <= 10, "ten tags at most");
export type Tags = z.infer<typeof Tags>;

/** An alarm that a trigger listens to, by the name it has where it comes from; or CloudWatch's, by their tags. */
export const SignalBinding = z
  .strictObject({
    from: z.enum(SIGNAL_SOURCES).describe("Which system it comes from."),
    name: line
      .optional()
      .describe("The alarm's name, the alert rule's title, or the `name` of a plain webhook."),
    tags: Tags.optional().describe(
      "In place of a name, for CloudWatch: every alarm that carries all of these tags, such as { service: checkout }.",
    ),
  })
  .superRefine(({ from, name, tags }, context) => {
    const refuse = (message: string, ...path: string[]) =>
      context.addIssue({ code: "custom", message, path });
    if (name !== undefined && tags !== undefined) {
      refuse("an alarm is bound by its name or by tags, not by both: make two signals of it", "tags");
    } else if (name === undefined && tags === undefined) {
      refuse(
        from === "cloudwatch"
          ? "name the alarm, or give the tags that it carries: tags: { service: checkout }"
          : "name the alarm",
        "name",
      );
    } else if (tags !== undefined && from !== "cloudwatch") {
      refuse(`only CloudWatch's alarms are bound by tags; name the one of ${from}`, "tags");
    }
  });

export type SignalBinding = z.infer<typeof SignalBinding>;

/** An alarm by its name, as it is listened to. */
export interface NamedSignal {
  readonly from: SignalSource;
  readonly name: string;
}

/**
 * What a trigger does: put everything back; pause and ask those who may decide, rolling back if they stay
 * silent; pause and wait; take traffic off, then ask; tell the owner; or go on and have the owner repair it.
 */
export const RESPONSES = ["rollback", "evaluate", "pause", "reduce", "notify", "fix-forward"] as const;
export type Response = (typeof RESPONSES)[number];

export const Trigger = z
  .strictObject({
    id: ident.describe("What the record refers to."),
    when: condition.optional().describe("The condition, such as API 5xx > 3 % for 10 min."),
    says: prose
      .optional()
      .describe("The condition in words, where it is no comparison; then only a signal fires it."),
    metric: ident.optional().describe("The metric that the condition is about."),
    signals: z.array(SignalBinding).default([]).describe("The alarms that fire it."),
    respond: z.enum(RESPONSES).describe("What it does."),
    reduceTo: z
      .number()
      .min(0)
      .max(100)
      .optional()
      .describe("For reduce: the share to go down to, in percent."),
    decideWithin: duration.optional().describe("For evaluate and reduce: silence this long means rollback."),
    component: ident
      .optional()
      .describe("Put back this component and what depends on it; unset: everything."),
    detect: line.optional().describe("How it is noticed, as the document says."),
    action: line.optional().describe("The immediate action, as the document says."),
    process: prose.optional().describe("The command or process, as the document says."),
    owner: line.describe("The role that answers for it."),
  })
  .refine((trigger) => trigger.when !== undefined || trigger.says !== undefined, {
    message: "a trigger needs `when` (a comparison) or `says` (words)",
  });

export type Trigger = z.infer<typeof Trigger>;
