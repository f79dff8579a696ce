import type { RootContent } from "mdast";
import type { ReviewAnswers } from "../../review/answers.ts";
import { answer, type Export, shown } from "./context.ts";
import { heading, paragraph, table } from "./markdown.ts";

/** What the review asks for, and what was answered. It stands in both documents, as in their templates. */
export function reviewSection(context: Export): RootContent[] {
  const { plan, state, nameOf } = context;
  const { fields, attendees } = plan.review;
  const known = new Set(fields.map(({ field }) => field));
  const more = Object.keys(state?.review.entries ?? {}).filter((field) => !known.has(field));
  const rows: { field: string; hint?: string | undefined }[] = [
    ...(attendees.length === 0 ? [] : [{ field: "Attendees", hint: attendees.join(", ") }]),
    ...fields,
  ];
  if (rows.length === 0) return [];
  return [
    heading(2, "Post-release review"),
    table(rows, [
      { title: "Field", cell: ({ field }) => field },
      { title: "Description", cell: ({ hint }) => hint },
      answer(context, "Answer", ({ field }, { review }) => review.entries[field]),
    ]),
    ...answered(state?.review, more, nameOf),
  ];
}

/** What was written into the review beyond its fields is part of the record, not of the plan. */
function answered(
  review: NonNullable<Export["state"]>["review"] | undefined,
  more: readonly string[],
  nameOf: Export["nameOf"],
): RootContent[] {
  if (review === undefined) return [];
  const signed =
    review.signedAt === undefined
      ? []
      : [`Signed ${shown(review.signedAt)} by ${nameOf(review.signedBy ?? "")}`];
  const lines = [
    ...more.map((field) => `${field}: ${review.entries[field]}`),
    ...said(review.answers ?? {}, nameOf),
    ...signed,
  ];
  return lines.length === 0 ? [] : [heading(3, "Release record: review"), ...lines.map(paragraph)];
}

/** The typed answers, a line each. */
function said(answers: ReviewAnswers, nameOf: Export["nameOf"]): string[] {
  const { heldOn, attendees = [], feedback, userImpact, wentWell = [], improve = [] } = answers;
  const { lessons = [], actions = [] } = answers;
  return [
    ...(heldOn === undefined ? [] : [`Held on: ${heldOn}`]),
    ...(attendees.length === 0 ? [] : [`Attendees: ${attendees.map(nameOf).join(", ")}`]),
    ...(userImpact === undefined ? [] : [`User impact: ${userImpact}`]),
    ...(feedback === undefined ? [] : [`Customer feedback: ${feedback}`]),
    ...wentWell.map((text) => `Went well: ${text}`),
    ...improve.map((text) => `To improve: ${text}`),
    ...lessons.map((text) => `Lesson: ${text}`),
    ...actions.map(({ what, role, due }) => `Action: ${what} (${role}, due ${shown(due)})`),
  ];
}
