import { z } from "zod";
import { days } from "../kit/duration.ts";
import { duration, instant, line } from "../kit/schema.ts";
import { DATES_FORMS, EVERY_FORMS, parseDates, parseEvery } from "./pattern.ts";
import { isZone } from "./zone.ts";

/** What of a deployment something in the calendar is about. Without either it is about everything. */
const scope = {
  environments: z
    .array(line)
    .min(1)
    .max(20)
    .optional()
    .describe("Only releases in these environments; unset: in all."),
  components: z
    .array(line)
    .min(1)
    .max(40)
    .optional()
    .describe("Only these components, by id or name; unset: all."),
};

export const Scope = z.strictObject(scope);
export type Scope = z.infer<typeof Scope>;

const time = z
  .string()
  .regex(
    /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/,
    "a time of the day such as 02:00 or 24:00, in quotation marks",
  )
  .describe("A time on the wall in the rule's zone.");

const zone = z.string().refine(isZone, "a time zone such as UTC or Europe/Berlin");

/** One line of the calendar: when it falls, every so often or on dates, and for whom. */
export const CalendarRule = z
  .strictObject({
    name: line.describe("What it is, such as Monthly maintenance."),
    every: z
      .string()
      .refine((text) => parseEvery(text) !== undefined, `expected ${EVERY_FORMS}`)
      .optional()
      .describe(`On which days: ${EVERY_FORMS}.`),
    dates: z
      .string()
      .refine((text) => parseDates(text) !== undefined, `expected ${DATES_FORMS}`)
      .optional()
      .describe(`From which date to which, both included: ${DATES_FORMS}.`),
    from: time.default("00:00").describe("From when, on the first day."),
    to: time.default("24:00").describe("Until when, on the last day; not after `from`, on the day after."),
    zone: zone.optional().describe("The time zone; unset: the calendar's."),
    ...scope,
  })
  .refine(({ every, dates }) => (every === undefined) !== (dates === undefined), {
    message: "say either every: or dates:",
  });
export type CalendarRule = z.infer<typeof CalendarRule>;

/** How long before a maintenance window its customers are told, and by which channel. */
export const Notice = z.strictObject({
  before: duration.default(days(7)).describe("How long before a window it is announced."),
  channel: line.default("default").describe("The channel that it goes to, by its name."),
});

/** The calendar's rules, as a person writes them. */
export const CalendarRules = z.strictObject({
  calendar: z.literal(1).describe("The version of this format."),
  zone: zone.default("UTC").describe("The time zone of rules that name none."),
  notice: Notice.prefault({}).describe("When and where maintenance windows are announced."),
  freezes: z
    .array(CalendarRule)
    .max(100)
    .default([])
    .describe("When nothing starts or is shifted. A rollback is never held."),
  windows: z.array(CalendarRule).max(100).default([]).describe("When maintenance may be done."),
});
export type CalendarRules = z.infer<typeof CalendarRules>;
export type CalendarRulesInput = z.input<typeof CalendarRules>;

export const NO_RULES: CalendarRules = CalendarRules.parse({ calendar: 1 });

/** `freeze`: nothing shifts in it. `window`: what must have a maintenance window runs in it. */
export const SpanKind = z.enum(["freeze", "window"]);
export type SpanKind = z.infer<typeof SpanKind>;

/** A stretch of time in the calendar. */
export const Span = z.strictObject({
  id: line,
  kind: SpanKind,
  name: line,
  from: instant,
  to: instant,
  source: z.enum(["rule", "declared", "import"]),
  ...scope,
  incident: line.optional(),
});
export type Span = z.infer<typeof Span>;
