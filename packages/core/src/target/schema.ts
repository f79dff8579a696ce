import { z } from "zod";
import { line } from "../kit/schema.ts";

/**
 * What a component runs on, and so which adapter reads, shifts, reverts and verifies it. A target names a
 * place, never a secret. `newest` is settled when the plan is submitted and is part of what is approved.
 */
export const LambdaAliasTarget = z
  .strictObject({
    kind: z.literal("lambda-alias"),
    function: line
      .regex(/^[a-zA-Z0-9-_]{1,64}$/, "a Lambda function's name: letters, digits, - and _")
      .describe("The function."),
    alias: line
      .regex(/^(?!^[0-9]+$)[a-zA-Z0-9-_]{1,128}$/, "an alias: letters, digits, - and _, not digits alone")
      .describe("The alias that callers use."),
    version: z
      .union([
        z.literal("newest"),
        z.string().regex(/^[1-9][0-9]{0,9}$/, "a published version's number, or newest"),
      ])
      .default("newest")
      .describe("The version to release; newest is settled when the plan is submitted."),
    region: line.optional().describe("Unset: where the deployment runs."),
    account: z
      .string()
      .regex(/^[0-9]{12}$/, "an AWS account: twelve digits, in quotes")
      .optional()
      .describe("Unset: the deployment's own. Another one is reached by the role that is declared for it."),
    minConcurrency: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe(
        "Executions at once that it must be allowed: reserved for it, or reserved for nobody in its account. Fewer close the gates.",
      ),
  })
  .describe("A Lambda function behind an alias with weighted routing.");

export const AppStoreTarget = z
  .strictObject({
    kind: z.literal("app-store"),
    app: line.optional().describe("Bundle id. Without it the account must have exactly one app."),
    version: line.default("newest").describe("The version that waits for release."),
  })
  .describe("App Store phased release: Apple's own seven-day curve, which can be paused but not steered.");

export const GooglePlayTarget = z
  .strictObject({
    kind: z.literal("google-play"),
    package: line.optional().describe("Package name. Without it the account must have exactly one app."),
    track: line.default("production").describe("The track."),
    version: line.default("newest").describe("The version code to roll out."),
  })
  .describe("Google Play staged rollout: any fraction, and it can be halted.");

export const ManualTarget = z
  .strictObject({ kind: z.literal("manual") })
  .describe("A person shifts it, puts it back and says what they saw.");

export const Target = z.discriminatedUnion("kind", [
  LambdaAliasTarget,
  AppStoreTarget,
  GooglePlayTarget,
  ManualTarget,
]);

export type Target = z.infer<typeof Target>;
export type TargetKind = Target["kind"];
