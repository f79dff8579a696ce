import { z } from "zod";
import { ident, line, prose } from "../kit/schema.ts";

/** How a component is put back, as the documents say. A target with an adapter is put back by it. */
export const RollbackRule = z.strictObject({
  component: ident,
  name: line.optional().describe("What the document calls it, where that is not the component's name."),
  command: prose,
  reference: line.optional(),
});
export type RollbackRule = z.infer<typeof RollbackRule>;

/** The proof that the way back was tried. */
export const Rehearsal = z.strictObject({
  environment: line.default("staging"),
  withinDays: z.number().int().min(1).max(365).default(7),
  lastOn: z.iso.date().optional(),
});
export type Rehearsal = z.infer<typeof Rehearsal>;
