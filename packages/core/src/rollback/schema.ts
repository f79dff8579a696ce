import { z } from "zod";
import { ident, line, prose } from "../kit/schema.ts";

/** How a component is put back, as the documents say. A target with an adapter is put back by it. */
export const RollbackRule = z.strictObject({
  component: ident.describe("What is put back."),
  name: line.optional().describe("What the document calls it, where that is not the component's name."),
  command: prose.describe("How; a target with an adapter is put back by it, and this is for people."),
  reference: line.optional().describe("Where more is said of it."),
});
export type RollbackRule = z.infer<typeof RollbackRule>;

/** The proof that the way back was tried. */
export const Rehearsal = z.strictObject({
  environment: line.default("staging").describe("Where it is tried."),
  withinDays: z.number().int().min(1).max(365).default(7).describe("How long ago it may have been, in days."),
  lastOn: z.iso.date().optional().describe("When it was last tried."),
});
export type Rehearsal = z.infer<typeof Rehearsal>;
