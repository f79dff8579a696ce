import type { Problem } from "../kit/problem.ts";
import { pointer } from "../kit/problem.ts";
import { lintPlan } from "../plan/lint/index.ts";
import { Plan } from "../plan/schema.ts";
import { everyDemand } from "./demands.ts";
import { govern } from "./govern.ts";
import type { Demands, Policy } from "./schema.ts";

/**
 * What no plan could ever satisfy (S7): approvals that wait for one another, more signatures than people, or a
 * part of a plan that is none. Found by governing a plan that leaves everything out.
 */
export function policyProblems(policy: Policy): Problem[] {
  const names = policy.environments.map(({ name }) => name);
  const twice = names.flatMap((name, index): Problem[] =>
    names.indexOf(name) === index
      ? []
      : [
          {
            code: "policy.environment-twice",
            severity: "error",
            message: `"${name}" stands here twice`,
            fix: "make one of the two",
            pointer: pointer("environments", index, "name"),
          },
        ],
  );
  return [...twice, ...everyDemand(policy).flatMap((one) => unsatisfiable(policy, one))];
}

function unsatisfiable(
  policy: Policy,
  { environment, change, index, demands }: ReturnType<typeof everyDemand>[number],
): Problem[] {
  const isFrozen = change.endsWith("in a freeze");
  const plan = emptyPlan(environment, change.split(" ")[0] ?? "standard", demands);
  const { plan: governed, problems } = govern(plan, policy, { isFrozen });
  const people = policy.people === undefined ? {} : { people: policy.people };
  const linted =
    governed === undefined
      ? []
      : lintPlan(governed, undefined, people).filter(({ code }) => CONCERNS.includes(code));
  return [...problems, ...linted].map((problem) => ({
    ...problem,
    severity: "error",
    code: problem.code.replace(/^plan\./, "policy."),
    message: `${environment}, ${change}: ${problem.message}`,
    pointer: pointer("environments", index),
  }));
}

/** What is the policy's doing, of all that lint finds in an empty plan. */
const CONCERNS = [
  "plan.approvals-unsatisfiable",
  "plan.approval-circle",
  "plan.approval-after-nobody",
  "plan.duplicate-approval",
  "plan.duplicate-id",
  "plan.hotfix-quorum",
  "plan.poll-empty",
];

/** A plan with nothing in it but what every plan has, and what nothing but a person can fill in. */
function emptyPlan(environment: string, change: string, { hotfix: demanded }: Demands): Plan {
  const hotfix =
    demanded === undefined || change !== "emergency"
      ? {}
      : {
          hotfix: {
            severity: demanded.severities[0],
            board: demanded.board,
            targetedTests: ["smoke"],
            ...(demanded.soak === undefined ? {} : { soak: demanded.soak }),
          },
        };
  return Plan.parse({
    gonogo: 1,
    id: "EMPTY",
    title: "An empty plan",
    start: "2030-01-01T00:00:00Z",
    environment: environment === "*" ? "Any other" : environment,
    changeClass: change,
    ...hotfix,
    authors: ["somebody"],
    components: [{ id: "thing", name: "Thing", target: { kind: "manual" } }],
    steps: [{ id: "do", kind: "manual", at: "T", do: "Do it", owner: "Release Manager" }],
  });
}
