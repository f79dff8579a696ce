import type { CheckedPolicy, PolicyResult, PolicyView, PolicyWithdrawal } from "@gonogo/client/contract";
import { hasErrors, type Problem } from "@gonogo/core/kit/problem";
import { policyDigest } from "@gonogo/core/policy/govern";
import { readPolicy } from "@gonogo/core/policy/read";
import type { Policy } from "@gonogo/core/policy/schema";
import { writePolicy } from "@gonogo/core/policy/write";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { executeForDeployment } from "../execute-deployment.ts";
import type { Api, Serving } from "./context.ts";
import { policyOf } from "./governed.ts";
import { answers } from "./plans.ts";
import { REFUSALS, Refusal, refusalOf } from "./problem.ts";
import { json, Key, nameKeeper } from "./releases.ts";

const tags = ["Policy"];
const PolicyText = z
  .strictObject({
    text: z.string().describe("The policy, in YAML or JSON."),
    file: z.string().max(200).default("policy.yaml").describe("What problems call it."),
  })
  .openapi("PolicyText");
const Change = PolicyText.extend({ reason: z.string().trim().min(1).max(2_000).optional() }).openapi(
  "PolicyChange",
);

const routes = {
  show: createRoute({
    method: "get",
    path: "/v1/policy",
    tags,
    summary: "The policy in force, and those before it",
    request: {
      query: z.object({
        digest: z
          .string()
          .regex(/^sha256:[0-9a-f]{64}$/)
          .optional()
          .describe("Another than the one in force."),
      }),
    },
    responses: { 200: answers<PolicyView>("The policy; none where none is in force."), ...REFUSALS },
  }),
  check: createRoute({
    method: "post",
    path: "/v1/policy/check",
    tags,
    summary: "Check a policy, without putting it in force",
    request: { body: json(PolicyText) },
    responses: { 200: answers<CheckedPolicy>("What was found."), ...REFUSALS },
  }),
  withdraw: createRoute({
    method: "delete",
    path: "/v1/policy",
    tags,
    summary: "Take the policy out of force: plans are taken as they are from then on",
    description: "What was submitted under it keeps it, and so do revisions of that.",
    request: {
      headers: Key,
      body: json(
        z
          .strictObject({ reason: z.string().trim().min(1).max(2_000).optional() })
          .openapi("PolicyWithdrawal"),
      ),
    },
    responses: { 200: answers<PolicyWithdrawal>("It is out of force."), ...REFUSALS },
  }),
  set: createRoute({
    method: "put",
    path: "/v1/policy",
    tags,
    summary: "Put a policy in force for whatever is submitted from now on",
    description:
      "For the role Governance, with a reason. The policy that is in force already changes nothing.",
    request: { headers: Key, body: json(Change) },
    responses: { 200: answers<PolicyResult>("It is in force."), ...REFUSALS },
  }),
};

/** The deployment's policy. */
export function addPolicy(app: OpenAPIHono<Api>, runtime: Serving): void {
  const rememberName = nameKeeper(runtime);
  app.openapi(routes.show, async (c) => {
    const { digest } = c.req.valid("query");
    const { state } = await runtime.store.deployment();
    const { current, history } = state.policy;
    const names = await runtime.store.names(history.map(({ by }) => by));
    const versions = history.map((one) => ({ ...one, byName: names[one.by] ?? one.by })).toReversed();
    const wanted = digest ?? current?.digest;
    const policy = wanted === undefined ? undefined : await policyOf(runtime, wanted);
    if (digest !== undefined && policy === undefined) {
      throw new Refusal(404, "policy.unknown", `no policy ${digest} was ever in force here`);
    }
    const found =
      policy === undefined || wanted === undefined
        ? {}
        : { digest: wanted, yaml: writePolicy(policy), policy };
    return c.json({ inForce: current?.digest ?? null, ...found, history: versions }, 200);
  });
  app.openapi(routes.check, (c) => {
    const { text, file } = c.req.valid("json");
    const { policy, problems } = readPolicy(text, file);
    const ok = policy !== undefined && !hasErrors(problems);
    return c.json({ ok, problems, ...(policy === undefined ? {} : { digest: policyDigest(policy) }) }, 200);
  });
  app.openapi(routes.set, async (c) => {
    const { text, file, reason } = c.req.valid("json");
    const { policy, problems } = readPolicy(text, file);
    if (policy === undefined) throw badPolicy(problems);
    const outcome = await executeForDeployment(runtime, {
      id: c.req.valid("header")["idempotency-key"],
      actor: c.get("actor"),
      reason,
      body: { type: "SetPolicy", policy },
    });
    await rememberName(c, outcome);
    if (!outcome.ok) throw refusedWith(outcome.rejection, problems);
    return c.json(resultOf(policy, outcome.seq, outcome.events.length > 0), 200);
  });
  app.openapi(routes.withdraw, async (c) => {
    const outcome = await executeForDeployment(runtime, {
      id: c.req.valid("header")["idempotency-key"],
      actor: c.get("actor"),
      reason: c.req.valid("json").reason,
      body: { type: "WithdrawPolicy" },
    });
    await rememberName(c, outcome);
    if (!outcome.ok) throw refusalOf(outcome.rejection);
    return c.json({ seq: outcome.seq, inForce: outcome.state.policy.current?.digest ?? null }, 200);
  });
}

function resultOf(policy: Policy, seq: number, changed: boolean): PolicyResult {
  return { digest: policyDigest(policy), name: policy.name, seq, changed };
}

function badPolicy(problems: readonly Problem[]): Refusal {
  const first = problems.find(({ severity }) => severity === "error");
  const { place, message = "it cannot be read" } = first ?? {};
  const where = place === undefined ? "" : `${place.file}:${place.line}:${place.column}: `;
  return new Refusal(422, "policy.invalid", `${where}${message}`, problems);
}

/** What was decided, with the places in the text where that helps. */
function refusedWith(rejection: Parameters<typeof refusalOf>[0], problems: readonly Problem[]): Refusal {
  if (rejection.code !== "policy.unsatisfiable") return refusalOf(rejection);
  return new Refusal(422, rejection.code, rejection.message, problems);
}
