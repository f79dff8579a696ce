import { checkPlan } from "@gonogo/core/plan/read";
import type { Plan, PlanInput } from "@gonogo/core/plan/schema";

export function planOf(input: PlanInput): Plan {
  const { plan, problems } = checkPlan(input);
  if (plan === undefined) throw new Error(JSON.stringify(problems, null, 2));
  return plan;
}

export type Phase = Extract<PlanInput["steps"][number], { kind: "phase" }>;

export function phase(id: string, at: string, percent: number, change: Partial<Phase> = {}): Phase {
  return {
    id,
    kind: "phase",
    at,
    do: `Shift to ${percent} %`,
    owner: "Ops",
    phase: id,
    component: "api",
    percent,
    watch: "2 min",
    ...change,
  };
}

/** The least that shifts, watches and can be rolled back: one alias, two phases of two minutes. */
export function shortPlan(change: Partial<PlanInput> = {}): Plan {
  return planOf({
    gonogo: 1,
    id: "REL-S",
    title: "Short",
    start: "2025-06-04T02:00:00Z",
    roles: ["Release Manager", "Ops", "CTO", "Security"].map((name) => ({ name })),
    components: [lambda("api")],
    approvals: [{ role: "CTO" }, { role: "Security" }],
    metrics: [
      {
        id: "errors",
        name: "API 5xx rate",
        threshold: "< 1 %",
        owner: "Ops",
        component: "api",
        source: { kind: "cloudwatch-alarm", alarm: "Api5xx" },
      },
    ],
    steps: [phase("p1", "T", 10), phase("p2", "T+3 min", 100)],
    triggers: [
      {
        id: "t5xx",
        when: "API 5xx > 3 % for 1 min",
        metric: "errors",
        signals: [{ from: "cloudwatch", name: "Api5xx" }],
        respond: "rollback",
        owner: "Ops",
      },
    ],
    ...change,
  });
}

export function lambda(id: string, version = "2"): PlanInput["components"][number] {
  return { id, name: id, target: { kind: "lambda-alias", function: id, alias: "prod", version } };
}
