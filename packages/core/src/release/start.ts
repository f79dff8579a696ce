import { inForce } from "../approval/standing.ts";
import { baselineOf } from "../baseline/decide.ts";
import { notLookedAt } from "../check/decide.ts";
import { DEPLOYMENT } from "../deployment/state.ts";
import { noteExemption, settleCalendar } from "../freeze/decide.ts";
import { heldBack } from "../freeze/hold.ts";
import { gateBlockers, settleGates } from "../gate/decide.ts";
import { oneOf } from "../kit/text.ts";
import { tell } from "../message/auto.ts";
import { oweAll } from "../obligation/owe.ts";
import { planDigest } from "../plan/digest.ts";
import { alarmsOf, triggersOf } from "../signal/decide.ts";
import { settleTagged, tagSetsOf, tagsKey } from "../signal/tagged.ts";
import type { MachineCommand, SeenAlarm } from "./commands.ts";
import { type Decision, type Draft, reject } from "./draft.ts";
import type { ReleaseEvent } from "./events.ts";
import { spokenStatus } from "./spoken.ts";
import { startsAt } from "./start-time.ts";

/** The first command of every release. */
export function submit(body: Extract<MachineCommand, { type: "Submit" }>): Decision {
  const { plan, revision, release } = body;
  if (release === DEPLOYMENT) {
    const message = `"${DEPLOYMENT}" is what the deployment's own log is filed under; give the release another id`;
    return reject("invalid", "release.reserved-id", message);
  }
  const submitted: ReleaseEvent = {
    type: "ReleaseSubmitted",
    plan: planDigest(plan),
    revision,
    title: plan.title,
    environment: plan.environment,
    plannedT: plan.start,
    ...(body.policy === undefined ? {} : { policy: body.policy }),
  };
  return { ok: true, events: [submitted] };
}

/**
 * The machine has read every target and alarm, and asks to start: the baseline is fixed, the targets are
 * locked. Gates that were open once must be open still.
 */
export function start(draft: Draft, wish: Extract<MachineCommand, { type: "Start" }>): Decision {
  const { plan, now } = draft;
  if (wish.plan !== undefined && wish.plan !== draft.state.plan) {
    return reject("conflict", "start.other-plan", "the plan was revised while its targets were read");
  }
  settleTagged(draft, wish.tagged);
  settleGates(draft);
  settleCalendar(draft, wish.calendar);
  const { state } = draft;
  if (state.status === "running") return draft.decided();
  if (state.status !== "ready") {
    if (draft.events.length > 0) return draft.decided();
    const why = gateBlockers(plan, state, now).join("; ") || `the release is ${spokenStatus(state.status)}`;
    return reject("conflict", "start.not-ready", why);
  }
  if (state.paused !== undefined) {
    return reject(
      "conflict",
      "start.paused",
      `it is paused since ${state.paused.since}: ${state.paused.cause}`,
    );
  }
  const due = startsAt(draft);
  if (due !== undefined && now < due) {
    if (draft.events.length > 0) return draft.decided();
    return reject("conflict", "start.early", `it starts at ${due}`);
  }
  const held = heldBack(plan, state, "start", now);
  if (held !== undefined) {
    if (draft.events.length > 0) return draft.decided();
    return reject("conflict", "start.held", `it waits for the ${held.for}`);
  }
  const red = wish.alarms.filter((alarm) => isBound(draft, alarm) && isRed(alarm)).map(({ name }) => name);
  const refusal = red.length === 0 ? undefined : whyHeld(draft, wish.alarms, red);
  const listened = alarmsOf(plan, draft.state);
  const unread = listened.filter((name) => !wish.alarms.some((alarm) => alarm.name === name));
  const unlooked = tagSetsOf(plan).filter(
    (tags) => !(wish.tagged ?? []).some((one) => tagsKey(one.tags) === tagsKey(tags)),
  );
  const baseline = baselineOf(draft, wish.baseline ?? []);
  const reasons = [
    ...wish.problems,
    ...notLookedAt(draft),
    ...unlooked.map((tags) => `which alarms are tagged ${tagsKey(tags)} could not be looked up`),
    ...(unread.length === 0 ? [] : [`${oneOf(unread, "and")} could not be read`]),
    ...(refusal === undefined ? [] : [refusal]),
    ...baseline.reasons,
  ];
  if (reasons.length > 0) {
    if (state.startHeld.join() !== reasons.join()) {
      draft.emit({ type: "StartHeld", reasons });
      tell(draft, `start-held-${now}`, "page", `cannot start: ${reasons.join("; ")}`);
    }
    return draft.decided();
  }
  baseline.record();
  noteExemption(draft, "start");
  draft.emit({
    type: "ReleaseStarted",
    components: wish.components,
    red,
    alarms: wish.alarms
      .filter((alarm) => listened.includes(alarm.name))
      .map(({ name, digest, muted }) => ({ name, digest, muted })),
  });
  oweAll(draft, "start");
  return draft.decided();
}

function isBound(draft: Draft, alarm: SeenAlarm): boolean {
  return triggersOf(draft.plan, draft.state, { source: "cloudwatch", name: alarm.name }).length > 0;
}

function isRed(alarm: SeenAlarm): boolean {
  return alarm.state === "alarm" || alarm.state === "missing";
}

/** The plan's choice about a red alarm; undefined when it lets the release start. */
function whyHeld(draft: Draft, alarms: readonly SeenAlarm[], red: readonly string[]): string | undefined {
  const { plan, state } = draft;
  const missing = alarms.filter((alarm) => alarm.state === "missing" && red.includes(alarm.name));
  if (missing.length > 0) {
    return `${oneOf(
      missing.map(({ name }) => name),
      "and",
    )} cannot be found, and triggers are bound to it`;
  }
  const said = `${oneOf(red, "and")} ${red.length === 1 ? "is" : "are"} red already`;
  switch (plan.onRed.choice) {
    case "block":
      return `${said}: waiting until it is not (onRed: block)`;
    case "fix-forward": {
      const given = new Set(inForce(state, draft.now).map(({ by }) => by));
      return given.size >= 2
        ? undefined
        : `${said}: a fix forward needs the approval of two people, it has ${given.size}`;
    }
    case "override":
      return undefined;
  }
}
