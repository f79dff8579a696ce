import type { Plan } from "@gonogo/core/plan/schema";
import type { SeenQuota } from "@gonogo/core/quota/schema";
import type { LambdaAliasTarget } from "@gonogo/core/target/schema";
import type { z } from "zod";
import type { Using } from "../runtime.ts";

/** What the targets of a plan may use now; undefined where none of them has such quotas. */
export async function readQuotas(
  { targets: adapters, log }: Using<"targets">,
  plan: Plan,
): Promise<readonly SeenQuota[] | undefined> {
  const having = plan.components.flatMap(({ id, target }): [string, z.infer<typeof LambdaAliasTarget>][] =>
    target.kind === "lambda-alias" ? [[id, target]] : [],
  );
  const adapter = adapters["lambda-alias"];
  if (having.length === 0 || adapter?.quotas === undefined) return undefined;
  const answers = await adapter.quotas(having.map(([, target]) => target));
  return answers.flatMap((answer, index): SeenQuota[] => {
    const component = having[index]?.[0];
    if (component === undefined) return [];
    if (answer.kind !== "read") log.warn("quotas could not be read", { component, error: answer.why });
    return [{ component, answer }];
  });
}
