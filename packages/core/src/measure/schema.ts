import { z } from "zod";
import { instant, line } from "../kit/schema.ts";

/** Where the change was made: what its lead time is counted from. */
export const Commit = z.strictObject({
  sha: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/, "a commit's hash, in hexadecimal")
    .describe("The commit that is released, by its hash."),
  at: instant.describe("When it was committed, in UTC."),
  branch: line.optional().describe("The branch that it is on."),
});
export type Commit = z.infer<typeof Commit>;
