import type { Preview, PreviewRow, SimulationRequest, SimulationResult } from "@gonogo/client";
import { toMs } from "@gonogo/core/kit/duration";
import { at, offset, offsetMs } from "@gonogo/core/kit/offset";
import { readPlan } from "@gonogo/core/plan/read";
import type { Plan } from "@gonogo/core/plan/schema";
import { plannedEnd, plannedTimeline } from "@gonogo/core/plan/timeline";
import { isPhase } from "@gonogo/core/step/schema";
import { quickSimulation } from "@gonogo/local/simulation/quick";

export function previewOf(plan: Plan): Preview["rows"] {
  const row = (
    start: number,
    end: number,
    rest: Pick<PreviewRow, "kind" | "what" | "owner" | "lane" | "heldUpBy">,
  ) => ({
    at: at(plan.start, offset(start)),
    offset: offset(start),
    ends: at(plan.start, offset(end)),
    endsOffset: offset(end),
    ...rest,
  });
  const steps = plannedTimeline(plan).map(({ step, starts, ends, heldUpBy }) =>
    row(offsetMs(starts), offsetMs(ends), {
      kind: step.kind,
      what: step.do,
      owner: step.owner,
      lane: isPhase(step) ? step.component : "runbook",
      heldUpBy,
    }),
  );
  const messages = plan.messages.map((message) =>
    row(offsetMs(message.at), offsetMs(message.at), {
      kind: "message",
      what: message.text,
      owner: message.owner,
      lane: "messages",
      heldUpBy: [],
    }),
  );
  const end = offsetMs(plannedEnd(plan));
  const bake = toMs(plan.limits.bake);
  const tail = row(end - bake, end, {
    kind: "bake",
    what: "Bake: every alarm stays armed",
    owner: "",
    lane: "runbook",
    heldUpBy: [],
  });
  return [...steps, ...messages, ...(bake > 0 ? [tail] : [])].sort((a, b) => a.at.localeCompare(b.at));
}

export function simulate(request: SimulationRequest): SimulationResult | undefined {
  const { plan } = readPlan(request.text, request.file);
  return plan === undefined ? undefined : quickSimulation(plan, request);
}
