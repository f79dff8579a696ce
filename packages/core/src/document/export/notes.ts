import type { RootContent } from "mdast";
import type { Plan } from "../../plan/schema.ts";
import { heading, paragraph } from "./markdown.ts";

type Kind = "runbook" | "release-plan";

/** The title the document had, or one made of the plan's. */
export function titleOf(plan: Plan, kind: Kind): string {
  const own = plan.documents.find((document) => document.kind === kind)?.title;
  return own ?? `${plan.title}: ${kind === "runbook" ? "deployment runbook" : "release and rollback plan"}`;
}

/** What the document said besides its tables: under its title (`top`), and the rest at its end. */
export function notesOf(plan: Plan, kind: Kind, where: "top" | "rest"): RootContent[] {
  const title = titleOf(plan, kind);
  const own = plan.notes.filter(
    ({ document }) => document === kind || (document !== "runbook" && kind === "release-plan"),
  );
  const notes = own.filter(({ section }) => (section === title) === (where === "top"));
  if (where === "top") return notes.map(({ text }) => paragraph(text));
  if (notes.length === 0) return [];
  return [
    heading(2, "Notes"),
    ...notes.flatMap(({ section, text }) => [heading(3, section), paragraph(text)]),
  ];
}
