import { parseDocument } from "yaml";
import type { Findings } from "../findings.ts";
import { applied, type Json } from "../patch.ts";
import type { Code } from "../read/parse.ts";

/** In place of a difference: the whole plan, where the tables cannot hold it. */
export const WHOLE_PLAN = "$plan";

/**
 * Applies the blocks in which a document keeps what its tables cannot say. A block that cannot be read is an
 * error: without it the plan would be another.
 */
export function withSettings(plan: unknown, blocks: readonly Code[], findings: Findings): unknown {
  let result = plan as Json;
  for (const block of blocks) {
    const document = parseDocument(block.text, { uniqueKeys: true, stringKeys: true });
    const [problem] = document.errors;
    if (problem !== undefined) {
      const message = `the settings cannot be read: ${problem.message.split("\n")[0]}`;
      findings.error(
        "settings",
        block.place,
        message,
        "they are YAML; export the plan again to get them back",
      );
      continue;
    }
    let patch: Json;
    try {
      patch = document.toJS({ maxAliasCount: 0 }) as Json;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      findings.error("settings", block.place, `the settings cannot be read: ${why}`);
      continue;
    }
    if (patch === null) continue;
    if (typeof patch !== "object" || Array.isArray(patch)) {
      findings.error("settings", block.place, "the settings are not a map of fields");
      continue;
    }
    const { [WHOLE_PLAN]: whole } = patch as { readonly [WHOLE_PLAN]?: Json };
    if (whole !== undefined) {
      result = whole;
      continue;
    }
    const lost: string[] = [];
    result = applied(result, patch, lost);
    for (const name of lost) {
      const message = `the settings speak of ${name}, which is in none of the tables any more`;
      findings.warning(
        "settings-lost",
        block.place,
        message,
        "take it out of the settings, or put its row back",
      );
    }
  }
  return result;
}
