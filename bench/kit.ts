import { cpus, totalmem } from "node:os";
import { checkPlan } from "@gonogo/core/plan/read";
import type { Plan } from "@gonogo/core/plan/schema";

/** One line of the table: what was measured, how much it is, and what it is held against. */
export interface Measured {
  readonly what: string;
  readonly value: string;
  readonly beside?: string;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function ms(value: number): string {
  return value < 10 ? `${value.toFixed(2)} ms` : `${Math.round(value)} ms`;
}

export function machine(): string {
  const all = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${all.length} x ${all[0]?.model.trim() ?? "unknown"}, ${memory} GB, Node ${process.version}, ${process.platform}-${process.arch}`;
}

/** The smallest release there is: one function, one shift, one hour of watching, one alarm. */
export function smallPlan(id: string, functionName: string, start: string): Plan {
  const { plan, problems } = checkPlan({
    gonogo: 1,
    id,
    title: id,
    start,
    roles: [{ name: "Ops" }],
    components: [
      {
        id: "fn",
        name: "Function",
        target: { kind: "lambda-alias", function: functionName, alias: "live", version: "2" },
      },
    ],
    metrics: [
      {
        id: "errors",
        name: "Errors",
        threshold: "< 1 %",
        owner: "Ops",
        component: "fn",
        source: { kind: "cloudwatch-alarm", alarm: `${functionName}-errors` },
      },
    ],
    steps: [
      {
        id: "p1",
        kind: "phase",
        at: "T",
        do: "Shift to 100 %",
        owner: "Ops",
        phase: "1",
        component: "fn",
        percent: 100,
        watch: "60 min",
      },
    ],
    triggers: [
      {
        id: "t",
        when: "Errors > 3 % for 10 min",
        metric: "errors",
        signals: [{ from: "cloudwatch", name: `${functionName}-errors` }],
        respond: "rollback",
        owner: "Ops",
      },
    ],
  });
  if (plan === undefined) throw new Error(JSON.stringify(problems));
  return plan;
}
