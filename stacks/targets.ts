import { existsSync, readFileSync } from "node:fs";
import { LambdaAliasTarget } from "@gonogo/core/target/schema";
import { z } from "zod";

/** What an account says of its deployment, in `gonogo.targets.json` beside sst.config.ts. */
export const Declared = z.strictObject({
  $schema: z.string().optional(),
  /** What releases may move. A function that is not here cannot be touched. */
  targets: z
    .array(LambdaAliasTarget.pick({ kind: true, function: true, alias: true, region: true }))
    .max(100)
    .default([]),
  /** Alarms and a dashboard on gonogo itself: some three dollars a month. Without them it fails in silence. */
  alarms: z.boolean().default(true),
  /** Who is told when gonogo itself is not well. */
  tell: z.array(z.email()).max(10).default([]),
  /** US dollars a month; past it the same people are told. */
  budget: z.number().positive().default(20),
  /** The page's own name, with its certificate of ACM in us-east-1, where CloudFront looks for it. */
  domain: z.strictObject({ name: z.hostname(), certificate: z.string().startsWith("arn:") }).optional(),
});
export type Declared = z.infer<typeof Declared>;
export type DeclaredTarget = Declared["targets"][number];

export const FILE = "gonogo.targets.json";

/** Reads the declaration; without the file nothing may be moved. Throws, and says where the mistake is. */
export function readDeclared(file: string): Declared {
  if (!existsSync(file)) return Declared.parse({ targets: [] });
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${FILE} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  const result = Declared.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map(
    ({ path, message }) => `${path.map(String).join(".") || "the top"}: ${message}`,
  );
  throw new Error(
    `${FILE}: ${issues.join("; ")}. ${FILE.replace(".json", ".example.json")} shows one that holds`,
  );
}
