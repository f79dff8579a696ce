import { checkPlan } from "../plan/read.ts";
import type { Plan, PlanInput } from "../plan/schema.ts";

/** A small two-component release: a service behind an alias, and an app that is let out after it. */
export function samplePlan(
  change: Partial<PlanInput> = {},
  app: "app-store" | "google-play" = "google-play",
): Plan {
  const target = app === "app-store" ? { kind: "app-store" as const } : { kind: "google-play" as const };
  const input: PlanInput = {
    gonogo: 1,
    id: "REL-1",
    title: "Sample",
    start: "2025-06-04T02:00:00Z",
    roles: ["Release Manager", "Ops", "CTO", "Security", "Mobile Lead"].map((name) => ({ name })),
    components: [
      {
        id: "api",
        name: "API",
        target: { kind: "lambda-alias", function: "api", alias: "prod", version: "8" },
      },
      { id: "app", name: "App", target },
    ],
    checklist: [{ id: "signed", check: "Artefacts are signed", role: "Ops" }],
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
      {
        id: "crash-free",
        name: "Crash-free sessions",
        threshold: ">= 99.5 %",
        owner: "Mobile Lead",
        component: "app",
        source: { kind: "sentry" },
      },
    ],
    steps: [
      {
        id: "freeze",
        kind: "manual",
        at: "T-30 min",
        do: "Freeze main",
        owner: "Ops",
        undo: "Unfreeze main",
      },
      phase("p1", "T", "api", 10, "15 min"),
      {
        id: "look",
        kind: "check",
        at: "T+15 min",
        do: "5xx below 1 %",
        owner: "Ops",
        metric: "errors",
        needs: ["p1:shifted"],
      },
      phase("p2", "T+20 min", "api", 100, "30 min"),
      phase("p3", "T+30 min", "app", 10, "2 h", ["p2:shifted"]),
      phase("p4", "T+2.5 h", "app", 50, "4 h"),
      phase("p5", "T+6.5 h", "app", 100, "24 h"),
    ],
    triggers: [
      {
        id: "t5xx",
        when: "API 5xx > 3 % for 10 min",
        metric: "errors",
        signals: [{ from: "cloudwatch", name: "Api5xx" }],
        respond: "rollback",
        owner: "Ops",
      },
      {
        id: "tcrash",
        when: "Crash-free < 98 %",
        metric: "crash-free",
        signals: [{ from: "sentry", name: "Crash-free sessions" }],
        respond: "evaluate",
        owner: "Mobile Lead",
      },
    ],
    channels: [{ name: "Slack #ops", purpose: "Real-time status", owner: "Ops" }],
    messages: [
      {
        id: "live",
        at: "T+2 h",
        audience: "Customers",
        channel: "Status page",
        text: "Live to 10 %",
        owner: "Ops",
        needs: ["p3:shifted"],
      },
    ],
    ...change,
  };
  const { plan, problems } = checkPlan(input);
  if (plan === undefined) throw new Error(JSON.stringify(problems, null, 2));
  return plan;
}

export function phase(
  id: string,
  at: string,
  component: string,
  percent: number,
  watch: string,
  needs: string[] = [],
) {
  return {
    id,
    kind: "phase" as const,
    at,
    do: `Shift ${component} to ${percent} %`,
    owner: component === "app" ? "Mobile Lead" : "Ops",
    phase: id.slice(1),
    component,
    percent,
    watch,
    needs,
  };
}
