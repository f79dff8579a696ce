import { z } from "zod";
import { minutes } from "../kit/duration.ts";
import { duration, line } from "../kit/schema.ts";

/** Any so many of its members let a hotfix through. */
export const GOVERNANCE_BOARD = "Governance Board";

/** What makes an emergency change a hotfix: why it cannot wait, and what it is tried on all the same. */
export const Hotfix = z.strictObject({
  severity: z.enum(["SEV-1", "SEV-2", "SEV-3"]).describe("Of the fault that it mends."),
  board: line
    .default(GOVERNANCE_BOARD)
    .describe("The role any two holders of which let it through, in a freeze as well where it is SEV-1."),
  targetedTests: z
    .array(line)
    .max(50)
    .default([])
    .describe("The tests that are run in place of the whole suite."),
  soak: duration.default(minutes(15)).describe("How long it runs in staging before production."),
});
export type Hotfix = z.infer<typeof Hotfix>;
