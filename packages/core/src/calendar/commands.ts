import { z } from "zod";
import { duration, instant, line } from "../kit/schema.ts";
import { CalendarRules, Scope, Span, SpanKind } from "./schema.ts";

/** The name of an imported calendar. */
export const importName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "lower-case letters, digits and hyphens, such as black-friday");

/** What may be asked of the deployment's calendar. The reason travels beside the command. */
export const CalendarCommand = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("SetCalendarRules"), rules: CalendarRules }),
  z.strictObject({
    type: z.literal("DeclareSpan"),
    kind: SpanKind,
    name: line,
    from: instant.optional().describe("Unset: at once."),
    to: instant.optional().describe("Until when; everything that is declared ends."),
    for: duration.optional().describe("In place of `to`: for how long."),
    ...Scope.shape,
    incident: line.optional().describe("The incident that it is for."),
  }),
  z.strictObject({ type: z.literal("LiftSpan"), span: line }),
  z.strictObject({
    type: z.literal("ImportCalendar"),
    name: importName,
    kind: SpanKind,
    scope: Scope.default({}),
    host: line
      .optional()
      .describe("Where a feed is fetched from; its address is kept elsewhere, for it is secret."),
    spans: z.array(Span).max(1_000),
    until: instant,
  }),
  z.strictObject({ type: z.literal("RemoveImport"), name: importName }),
]);
export type CalendarCommand = z.infer<typeof CalendarCommand>;

/** What the sweep and the effects report. */
export type CalendarReport =
  | {
      readonly type: "RecordFeed";
      readonly name: string;
      readonly outcome:
        | { readonly ok: true; readonly spans: readonly Span[]; readonly until: Span["to"] }
        | { readonly ok: false; readonly why: string };
    }
  | { readonly type: "AnnounceWindows" }
  | {
      readonly type: "RecordNotice";
      readonly notice: string;
      readonly sent: boolean;
      readonly detail: string;
    };
