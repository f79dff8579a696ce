import { formatProblem, hasErrors } from "@gonogo/core/kit/problem";
import { readPolicy } from "@gonogo/core/policy/read";
import { GOVERNANCE } from "@gonogo/core/policy/schema";
import { executeForDeployment } from "@gonogo/functions/execute-deployment";
import type { Runtime } from "@gonogo/functions/runtime";

/** Puts the policy of `--policy` in force. Throws with everything that is wrong with it. */
export async function putInForce(
  runtime: Runtime,
  { text, file }: { readonly text: string; readonly file: string },
): Promise<void> {
  const { policy, problems } = readPolicy(text, file);
  if (policy === undefined || hasErrors(problems)) {
    throw new Error(`the policy cannot be put in force:\n${problems.map(formatProblem).join("\n")}`);
  }
  const outcome = await executeForDeployment(runtime, {
    id: runtime.newId(),
    actor: { kind: "tool", id: "npm-start", roles: [GOVERNANCE] },
    reason: `npm start --policy ${file}`,
    body: { type: "SetPolicy", policy },
  });
  if (!outcome.ok) throw new Error(outcome.rejection.message);
}
