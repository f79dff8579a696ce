import { z } from "zod";

/** Two while one is being changed for the other, and room for a third that was forgotten. */
const several = z
  .array(z.string().refine((text) => text.trim() !== "", "is empty"))
  .max(10)
  .default([]);

/** What alarm systems prove themselves with. A system of which nothing is known is not let in. */
export const HookSecrets = z.strictObject({
  sentry: z.strictObject({ clientSecrets: several }).prefault({}),
  grafana: z
    .strictObject({
      hmac: several,
      timestampHeader: z
        .string()
        .regex(/^[\w-]{1,100}$/)
        .optional(),
      tokens: several,
      passwords: several,
    })
    .prefault({}),
  alertmanager: z.strictObject({ tokens: several, passwords: several }).prefault({}),
  generic: z.strictObject({ hmac: several, tokens: several }).prefault({}),
  sns: z.strictObject({ topics: several }).prefault({}),
});
export type HookSecrets = z.infer<typeof HookSecrets>;
