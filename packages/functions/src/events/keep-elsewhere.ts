import type { ElsewhereState } from "@gonogo/core/audit/ports";
import { canonicalJson } from "@gonogo/core/kit/digest";
import { messageOf } from "@gonogo/core/kit/text";
import type { Using } from "../runtime.ts";
import { checkpointKey, successionKey } from "./copies.ts";

/** Copies that one run makes. */
const MOST = 100;

/**
 * Copies what was signed into another account, those included that could not be copied before. Answers why, where it
 * could not: nothing waits for that account, and nothing stops with it. `signed` and `successions` are how far the
 * log has come.
 */
export async function keepElsewhere(
  runtime: Using<"anchors" | "elsewhere">,
  log: { readonly signed: number; readonly successions: number },
): Promise<string | undefined> {
  const { anchors, elsewhere, clock } = runtime;
  const { where } = elsewhere;
  if (where === undefined) return undefined;
  const known = await anchors.elsewhere();
  // Another place begins with the first.
  const before = known?.where === where ? known : undefined;
  let { failed, ...done }: ElsewhereState = before ?? { where, size: 0, successions: 0 };
  if (failed === undefined && done.size >= log.signed && done.successions >= log.successions)
    return undefined;
  const put = (key: string, signed: object) =>
    elsewhere.put(`${anchors.origin}/${key}`, new TextEncoder().encode(canonicalJson(signed)));
  try {
    for (const signed of await anchors.checkpoints(done.size, MOST)) {
      const { size } = signed.checkpoint;
      await put(checkpointKey(size), signed);
      done = { ...done, size };
    }
    for (const [at, signed] of (await anchors.successions()).entries()) {
      if (at < done.successions) continue;
      await put(successionKey(signed.succession.size, at + 1), signed);
      done = { ...done, successions: at + 1 };
    }
    failed = undefined;
  } catch (error) {
    const at = clock.now();
    failed = { since: failed?.since ?? at, at, why: messageOf(error) };
  }
  await anchors.putElsewhere({ ...done, ...(failed === undefined ? {} : { failed }) });
  return failed === undefined ? undefined : `what was signed cannot be copied to ${where}: ${failed.why}`;
}
