import { z } from "zod";
import { days, hours } from "../kit/duration.ts";
import { duration, ident, line } from "../kit/schema.ts";

const url = z.url({ protocol: /^https?$/ }).max(2_000);
const jsonPointer = z
  .string()
  .max(500)
  .regex(/^(\/[^/]*)*$/, "a JSON pointer such as /status (RFC 6901)");
const plainValue = z.union([line, z.number(), z.boolean()]);
const HttpProbe = z
  .strictObject({
    kind: z.literal("http"),
    url: url.describe("What is asked for. No secret belongs here: a deployment adds its headers itself."),
    status: z.number().int().min(100).max(599).default(200).describe("The status that the answer must have."),
    pointer: jsonPointer.optional().describe("Where in the JSON answer to look."),
    equals: plainValue.optional().describe("What must stand there."),
    atLeast: z.number().optional().describe("The number there must be no less."),
  })
  .refine(
    (probe) => (probe.pointer === undefined) === (probe.equals === undefined && probe.atLeast === undefined),
    {
      message: "`pointer` says where to look: write `equals` or `atLeast` with it, or none of them",
    },
  )
  .describe("An HTTP request is answered as it should be, now.");

const TlsProbe = z
  .strictObject({
    kind: z.literal("tls"),
    host: z.hostname().describe("Whose certificate."),
    port: z.number().int().min(1).max(65_535).default(443).describe("The port it is shown on."),
    validFor: duration.default(days(30)).describe("How long it must be valid yet."),
  })
  .describe("A certificate is trusted, is for this host, and is valid for long enough.");

const AgeProbe = z
  .strictObject({
    kind: z.literal("age"),
    url: url.describe("What is asked for."),
    pointer: jsonPointer.describe("Where in the JSON answer the time stands."),
    within: duration.default(hours(24)).describe("How long ago that may be."),
    where: z
      .strictObject({
        pointer: jsonPointer.describe("Where to look."),
        equals: plainValue.describe("What must stand there."),
      })
      .optional()
      .describe("What must be so besides, such as a status that says available."),
  })
  .describe("A time in a JSON answer, such as a backup's, is not long ago.");

const StagingProbe = z
  .strictObject({
    kind: z.literal("staging"),
    environment: line.default("staging").describe("Where it must have run, as its plan names it."),
    component: ident.optional().describe("Unset: every component of the plan."),
    soak: duration
      .optional()
      .describe("How long it must have had all traffic there; unset: 24 h, and a hotfix's own."),
  })
  .describe("This version ran in staging for long enough, by gonogo's own log.");

/** What answers a line of the checklist in a person's place. */
export const Probe = z.discriminatedUnion("kind", [HttpProbe, TlsProbe, AgeProbe, StagingProbe]);
export type Probe = z.infer<typeof Probe>;
export type ProbeKind = Probe["kind"];
export type ProbeOf<K extends ProbeKind> = Extract<Probe, { kind: K }>;
