import { adapterFor } from "@gonogo/adapters/targets";
import type { Actor } from "@gonogo/core/actor/schema";
import { toMillis } from "@gonogo/core/kit/instant";
import { hasErrors } from "@gonogo/core/kit/problem";
import { planDigest } from "@gonogo/core/plan/digest";
import type { Component, Plan } from "@gonogo/core/plan/schema";
import type { Loaded } from "@gonogo/core/release/ports";
import type { Target } from "@gonogo/core/target/schema";
import { blockedBy } from "../blocking.ts";
import { tellOfCalendar } from "../events/calendar.ts";
import { CALENDAR_CHANGED, execute, type Outcome } from "../execute.ts";
import { attempt } from "../follow-up.ts";
import type { Serving } from "./context.ts";
import { governedAs, governedForSubmission, readGoverned } from "./governed.ts";
import { badPlan, Refusal } from "./problem.ts";

export interface Submission {
  readonly text: string;
  readonly file: string;
  readonly key: string;
  readonly actor: Actor;
}

/** How far in the past a plan's start may lie: a release that was held up still runs, an old file does not. */
const OLDEST_START_MS = 7 * 86_400_000;

/**
 * Takes a plan in. What it leaves open (`newest`) is settled here, so that what is approved is what runs.
 * Nothing is written unless all of it is right.
 */
export async function submit(runtime: Serving, submission: Submission): Promise<Outcome> {
  const { plan, problems, governed } = await readGoverned(runtime, submission);
  if (plan === undefined) throw badPlan(problems);
  // What was submitted before was held against the policy of its time.
  const isNew = (await runtime.store.load(plan.id)) === undefined;
  if (isNew && (hasErrors(problems) || governed === undefined)) throw badPlan(problems);
  const outcome = await submitPlan(runtime, plan, submission);
  if (outcome.ok && isNew)
    await attempt(runtime, "tell it of the calendar", async () => {
      await tellOfCalendar(runtime, plan.id);
    });
  return outcome;
}

/** The same for a plan that has been read. */
export async function submitPlan(
  runtime: Serving,
  plan: Plan,
  submission: Pick<Submission, "key" | "actor">,
): Promise<Outcome> {
  const before = await asSubmitted(runtime, plan.id);
  const pinned = before === undefined ? await pin(runtime, plan) : pinnedAs(plan, before.plan);
  if (before === undefined) {
    refuseIfPast(runtime, plan);
    await refuseIfBlocked(runtime, pinned);
  }
  for (let attempt = 1; ; attempt++) {
    const { deploymentAt, ...governed } =
      before === undefined
        ? await governedForSubmission(runtime, pinned, submission.actor)
        : await governedAs(runtime, pinned, before);
    const outcome = await execute(runtime, {
      release: plan.id,
      id: submission.key,
      actor: submission.actor,
      ...(deploymentAt === undefined ? {} : { deploymentAt }),
      body: { type: "Submit", ...governed, release: plan.id, revision: 1 },
    });
    // Another policy may have come into force in this moment: then it is that one which counts.
    const isOver = outcome.ok || outcome.rejection.code !== CALENDAR_CHANGED;
    if (isOver || attempt === MOST_TRIES) return outcome;
  }
}

const MOST_TRIES = 5;

/** A release with the plan that it was submitted with: the same request asked again is answered as it was then. */
async function asSubmitted(runtime: Serving, release: string): Promise<Loaded | undefined> {
  const loaded = await runtime.store.load(release);
  if (loaded === undefined || loaded.state.revision === 1) return loaded;
  const plan = await runtime.store.revision(release, 1);
  return plan === undefined
    ? loaded
    : { ...loaded, plan, state: { ...loaded.state, plan: planDigest(plan) } };
}

export function refuseIfPast(runtime: Serving, plan: Plan): void {
  if (toMillis(runtime.clock.now()) - toMillis(plan.start) < OLDEST_START_MS) return;
  const detail = `its start, ${plan.start}, is long past; give it a start that lies ahead`;
  throw new Refusal(422, "plan.start-past", detail);
}

/** What an earlier release of the same components owes comes first, where its plan says so. */
export async function refuseIfBlocked(runtime: Serving, plan: Plan): Promise<void> {
  const owed = await blockedBy(runtime, plan);
  if (owed.length === 0) return;
  const detail = `it has to wait: ${owed.join("; ")}. Complete what is owed, then submit again`;
  throw new Refusal(409, "release.blocked", detail);
}

/** The plan with what was settled when it was first taken in: the same text asked again is the same plan. */
export function pinnedAs(plan: Plan, before: Plan): Plan {
  const components = plan.components.map((component) => {
    const known = before.components.find(({ id }) => id === component.id);
    const isSame = known !== undefined && isSettledFrom(known.target, component.target);
    return isSame ? { ...component, target: known.target } : component;
  });
  return { ...plan, components };
}

/** Whether all that a target says, `newest` aside, is in the other as well: what it left open was settled. */
function isSettledFrom(settled: Target, open: Target): boolean {
  const known = new Map(Object.entries(settled));
  return Object.entries(open).every(
    ([field, value]) => known.get(field) === value || (field === "version" && value === "newest"),
  );
}

export async function pin(runtime: Serving, plan: Plan): Promise<Plan> {
  const components = await Promise.all(plan.components.map((component) => pinOne(runtime, component)));
  return { ...plan, components };
}

async function pinOne(runtime: Serving, component: Component): Promise<Component> {
  const { id, target } = component;
  let adapter: ReturnType<typeof adapterFor>;
  try {
    adapter = adapterFor(runtime.targets, target);
  } catch (error) {
    throw new Refusal(
      422,
      "target.not-set-up",
      `${id}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (adapter === undefined) return component;
  const pinned = await adapter.pin(target);
  if (!pinned.ok) throw new Refusal(422, "target.not-ready", `${id}: ${pinned.message}`);
  return { ...component, target: pinned.target };
}
