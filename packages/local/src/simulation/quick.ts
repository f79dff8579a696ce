import type { SimulationRequest, SimulationResult } from "@gonogo/client/contract";
import { verifyChain } from "@gonogo/core/audit/chain";
import type { CalendarState } from "@gonogo/core/calendar/state";
import { yes } from "@gonogo/core/check/look";
import { days, hours } from "@gonogo/core/kit/duration";
import { fromMillis, type Instant, minus, plus, toMillis } from "@gonogo/core/kit/instant";
import { at, offsetMs, parseOffset } from "@gonogo/core/kit/offset";
import { openIn } from "@gonogo/core/obligation/state";
import type { Plan } from "@gonogo/core/plan/schema";
import { leadOffset } from "@gonogo/core/plan/timeline";
import { hasEnded, type ReleaseState } from "@gonogo/core/release/state";
import { imagined, namedSignals } from "@gonogo/core/signal/tagged";
import { Drive, person } from "@gonogo/core/testing/drive";
import { releaseView } from "@gonogo/core/view/release";
import type { ReleaseView } from "@gonogo/core/view/schema";
import { Refusal } from "@gonogo/functions/api/problem";

/** Past this, counted from T, nothing is looked at any more. */
const LONGEST = days(60);
/** Different people at most for one role. */
const MOST_PEOPLE = 9;

/**
 * A plan's release by the rules alone: the same decisions as everywhere, without the machines, queues and
 * retries between them, and so in a few milliseconds. For a slider that is being moved; `simulate` has the
 * machines as well.
 */
export function quickSimulation(
  plan: Plan,
  request: SimulationRequest,
  { calendar }: { readonly calendar?: CalendarState } = {},
): SimulationResult {
  const started = performance.now();
  const drive = new Drive(plan, minus(at(plan.start, leadOffset(plan)), hours(2)));
  drive.calendar = calendar;
  drive.look = () => yes("simulation", "as it should be (simulated)");
  const from = drive.now;
  drive.punctual = request.people !== "absent";
  drive.bold = drive.punctual;
  if (drive.punctual) openGates(drive);
  for (const alarm of request.alarms ?? []) redden(drive, alarm.name, alarm.at);
  runToEnd(drive);
  const { state } = drive;
  return {
    status: state.status,
    view: withVersions(plan, releaseView(plan, state, person("everyone", "Release Manager"), drive.now)),
    records: drive.log,
    verified: verifyChain(plan.id, drive.log).ok,
    from,
    to: state.endedAt ?? drive.now,
    wallMs: Math.round(performance.now() - started),
  };
}

/** The world of the rules alone has versions of its own; what is shown speaks of the plan's. */
function withVersions(plan: Plan, view: ReleaseView): ReleaseView {
  const nextOf = (component: string) => {
    const target = plan.components.find(({ id }) => id === component)?.target;
    return target !== undefined && "version" in target ? target.version : "the new one";
  };
  const previousOf = (component: string) => `before ${nextOf(component)}`;
  const components = view.components.map((one) =>
    one.previous === undefined ? one : { ...one, previous: previousOf(one.id), next: nextOf(one.id) },
  );
  if (view.rollback === undefined) return { ...view, components };
  const items = view.rollback.items.map((item) =>
    item.kind === "target" ? { ...item, call: { ...item.call, previous: previousOf(item.component) } } : item,
  );
  return { ...view, components, rollback: { ...view.rollback, items } };
}

/** Everybody says Yes, as many of them as a role wants, in whatever order they have to. */
function openGates(drive: Drive): void {
  for (const { id, role } of drive.plan.checklist) {
    drive.ask(person(`check-${role}`, role), { type: "AnswerCheck", check: id, answer: "yes" });
  }
  for (let turn = 0; turn < MOST_PEOPLE; turn++) {
    for (const { role } of drive.plan.approvals) {
      const plan = drive.state.plan;
      drive.ask(person(`approver-${role}-${turn}`, role), { type: "Approve", role, plan });
    }
  }
}

function redden(drive: Drive, name: string, when: string): void {
  const { plan } = drive;
  const binding = plan.triggers
    .flatMap((trigger) => namedSignals(imagined(plan), trigger))
    .find((signal) => signal.name === name);
  if (binding === undefined) {
    throw new Refusal(422, "simulate.unknown-alarm", `the plan binds no alarm "${name}"`);
  }
  const offset = parseOffset(when);
  if (!offset.ok) throw new Refusal(422, "simulate.bad-offset", `"${when}": ${offset.message}`);
  const moment = (state: ReleaseState): Instant =>
    fromMillis(toMillis(state.t ?? plan.start) + offsetMs(offset.value));
  run(drive, moment(drive.state));
  // T may have moved meanwhile.
  if (moment(drive.state) > drive.now) run(drive, moment(drive.state));
  if (hasEnded(drive.state.status)) return;
  drive.world.redden(name, drive.now);
  drive.signal({ name, source: binding.from });
}

function runToEnd(drive: Drive): void {
  const end = plus(drive.plan.start, LONGEST);
  run(drive, end);
  if (!drive.punctual) return;
  if (drive.state.status === "validating") {
    const view = releaseView(drive.plan, drive.state, person("everyone"), drive.now);
    for (const { id, byPerson, verdict } of view.validations) {
      if (!byPerson || verdict !== undefined) continue;
      drive.person({ type: "RecordValidation", validation: id, pass: true, result: "passes (simulated)" });
    }
    drive.person({ type: "Promote" });
    run(drive, end);
  }
  const { role } = drive.plan.review;
  if (drive.state.status !== "reviewing") return;
  drive.ask(person("reviewer", role), { type: "SignReview", role, entries: {} });
  for (const owed of openIn(drive.state).filter(({ closes }) => closes === true)) {
    const evidence = "a stand-in says so";
    drive.ask(person("closer", owed.role), { type: "CompleteObligation", obligation: owed.id, evidence });
  }
}

function run(drive: Drive, until: Instant): void {
  drive.runUntil(
    ({ status }) => hasEnded(status) || status === "validating" || status === "reviewing",
    until,
  );
}
