import { samplePlan } from "@gonogo/local/sample/sample";
import { simulate } from "@gonogo/local/simulation/simulation";
import type { Measured } from "./kit.ts";

/** Whole releases of the sample plan on the virtual clock, handlers and machines included. */
export async function simulations(): Promise<Measured[]> {
  const plan = samplePlan();
  const broken = { text: "", alarms: [{ name: "API5xxAlarm", at: "T+17m" }] };
  await simulate(plan, broken);
  const began = performance.now();
  const runs = 5;
  for (let run = 0; run < runs; run++) await simulate(plan, { ...broken, seed: run });
  const back = (performance.now() - began) / runs;
  const whole = await simulate(plan, { text: "" });
  const days = (Date.parse(whole.to) - Date.parse(whole.from)) / 86_400_000;
  return [
    {
      what: "sample releases simulated a second, rolled back at T+17 min",
      value: (1000 / back).toFixed(2),
      beside: "each over a day of virtual time",
    },
    {
      what: "the sample release simulated to its end",
      value: `${(whole.wallMs / 1000).toFixed(1)} s`,
      beside: `${days.toFixed(1)} days of virtual time: ${Math.round((days * 86_400_000) / whole.wallMs).toLocaleString("en")} x real time`,
    },
  ];
}
