import { z } from "zod";
import type { Instant } from "../kit/instant.ts";
import { ident, instant, line } from "../kit/schema.ts";

/** A stretch of time in which nothing is shifted. It never holds a rollback (S8). */
export const Freeze = z
  .strictObject({
    name: line.describe("What it is for, such as Quarter end."),
    from: instant.describe("From this moment on, in UTC."),
    to: instant.describe("Up to this moment, in UTC."),
    components: z
      .array(ident)
      .min(1)
      .max(40)
      .optional()
      .describe("Only these components stand still; unset: the whole release."),
  })
  .refine(({ from, to }) => from < to, { path: ["to"], message: "a freeze ends after it begins" });
export type Freeze = z.infer<typeof Freeze>;

/** The freeze that holds at a moment; of several the one that ends last. */
export function freezeAt<F extends Pick<Freeze, "from" | "to">>(
  freezes: readonly F[],
  now: Instant,
): F | undefined {
  return freezes
    .filter(({ from, to }) => from <= now && now < to)
    .toSorted((a, b) => (a.to < b.to ? 1 : -1))
    .at(0);
}
