import type { Preview, PreviewRow, SimulationRequest, SimulationResult } from "@gonogo/client";
import { verifyChain } from "@gonogo/core/audit/chain";
import { toMs } from "@gonogo/core/kit/duration";
import { fromMillis, type Instant, toMillis } from "@gonogo/core/kit/instant";
import { at, offset, offsetMs, parseOffset } from "@gonogo/core/kit/offset";
import { readPlan } from "@gonogo/core/plan/read";
import type { Plan } from "@gonogo/core/plan/schema";
import { plannedEnd, plannedTimeline } from "@gonogo/core/plan/timeline";
import { hasEnded } from "@gonogo/core/release/state";
import { isPhase } from "@gonogo/core/step/schema";
import { Drive, person } from "@gonogo/core/testing/drive";
import { releaseView } from "@gonogo/core/view/release";

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
  if (plan === undefined) return undefined;
  const began = performance.now();
  const drive = new Drive(plan, fromMillis(toMillis(plan.start) - 4 * 3_600_000));
  drive.punctual = request.people !== "absent";
  if (drive.punctual) drive.openGates();
  for (const alarm of request.alarms ?? []) {
    const parsed = parseOffset(alarm.at);
    const when = at(plan.start, parsed.ok ? parsed.value : offset(0)) as Instant;
    drive.runUntil(({ status }) => hasEnded(status), when);
    drive.world.redden(alarm.name, drive.now);
    const source = plan.triggers
      .flatMap(({ signals }) => signals)
      .find(({ name }) => name === alarm.name)?.from;
    drive.signal({ name: alarm.name, ...(source === undefined ? {} : { source }) });
  }
  const stops = ["validating", "reviewing"];
  drive.runUntil(({ status }) => hasEnded(status) || stops.includes(status), drive.at(20_000));
  const first = drive.log[0]?.at ?? drive.now;
  return {
    status: drive.state.status,
    view: releaseView(plan, drive.state, person("everyone", "Release Manager"), drive.now),
    records: drive.log,
    verified: verifyChain(plan.id, drive.log).ok,
    from: first,
    to: drive.now,
    wallMs: Math.round(performance.now() - began),
  };
}
