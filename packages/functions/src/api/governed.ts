import { type Actor, principal } from "@gonogo/core/actor/schema";
import type { LoadedDeployment } from "@gonogo/core/deployment/ports";
import { NEW_DEPLOYMENT } from "@gonogo/core/deployment/state";
import type { Digest } from "@gonogo/core/kit/digest";
import type { Problem } from "@gonogo/core/kit/problem";
import { planDigest } from "@gonogo/core/plan/digest";
import { lintPlan } from "@gonogo/core/plan/lint/index";
import { readPlan } from "@gonogo/core/plan/read";
import type { Plan } from "@gonogo/core/plan/schema";
import { runsIntoFreeze } from "@gonogo/core/policy/frozen";
import { govern } from "@gonogo/core/policy/govern";
import type { Policy } from "@gonogo/core/policy/schema";
import { type Loaded, StoreUnavailable } from "@gonogo/core/release/ports";
import type { Using } from "../runtime.ts";
import { badPlan } from "./problem.ts";

/** A plan as it is approved, and by which policy it came to be so. */
export interface GovernedPlan {
  readonly plan: Plan;
  readonly policy?: Digest;
  /** Where the deployment's log stood: the policy was in force then. */
  readonly deploymentAt?: number;
}

/** What the policy in force makes of a plan. A plan is as it is where none is. */
function governedBy(
  { state, seq }: Pick<LoadedDeployment, "state" | "seq">,
  plan: Plan,
  actor: Actor,
): { readonly governed?: GovernedPlan; readonly problems: readonly Problem[] } {
  const { current } = state.policy;
  if (current === undefined) return { governed: { plan }, problems: [] };
  const { digest, policy } = current;
  const isFrozen = runsIntoFreeze(plan, state.calendar);
  const result = govern(plan, policy, { requester: principal(actor), isFrozen });
  if (result.plan === undefined) return { problems: result.problems };
  return { governed: { plan: result.plan, policy: digest, deploymentAt: seq }, problems: [] };
}

export interface GovernedText {
  /** As it was written; absent where it cannot be read. */
  readonly plan?: Plan;
  /** Absent where the policy refuses it. */
  readonly governed?: GovernedPlan;
  /** Everything that is wrong with it under the policy in force, each with its place in the text. */
  readonly problems: readonly Problem[];
}

/** The same as advice, which is given as well as it can be while the store is away. */
export async function adviseOn(runtime: Using<"store">, submitted: Submitted): Promise<GovernedText> {
  try {
    return await readGoverned(runtime, submitted);
  } catch (error) {
    if (error instanceof StoreUnavailable) return readUnder(NOTHING, submitted);
    throw error;
  }
}

const NOTHING = { state: NEW_DEPLOYMENT, seq: 0 };

interface Submitted {
  readonly text: string;
  readonly file: string;
  readonly actor: Actor;
}

/** Reads a plan, lays the policy over it, and lints what comes of that: what is filled in is no fault of the plan. */
export async function readGoverned(runtime: Using<"store">, submitted: Submitted): Promise<GovernedText> {
  return readUnder(await runtime.store.deployment(), submitted);
}

function readUnder(
  around: Pick<LoadedDeployment, "state" | "seq">,
  { text, file, actor }: Submitted,
): GovernedText {
  const { plan, problems: unread, locate } = readPlan(text, file);
  if (plan === undefined) return { problems: unread };
  const { governed, problems: weaker } = governedBy(around, plan, actor);
  const found = [
    ...unread,
    ...weaker,
    ...lintPlan(governed?.plan ?? plan, undefined, { calendar: around.state.calendar }),
  ].map((problem) =>
    problem.pointer === undefined || problem.place !== undefined
      ? problem
      : { ...problem, place: locate(problem.pointer) },
  );
  return { plan, problems: found, ...(governed === undefined ? {} : { governed }) };
}

/**
 * The policy that a revision is held against: the one in force, and where none is any more, the one that the
 * release was submitted under.
 */
async function aroundRevision(runtime: Using<"store">, { state }: Loaded): Promise<LoadedDeployment> {
  const around = await runtime.store.deployment();
  if (around.state.policy.current !== undefined || state.policy === undefined) return around;
  const policy = await policyOf(runtime, state.policy);
  if (policy === undefined) return around;
  const kept = { ...around.state.policy, current: { digest: state.policy, policy } };
  return { ...around, state: { ...around.state, policy: kept } };
}

/** Reads the text of a revision, as that of a submission is read. */
export async function readForRevision(
  runtime: Using<"store">,
  submitted: Submitted,
  loaded: Loaded,
): Promise<GovernedText> {
  return readUnder(await aroundRevision(runtime, loaded), submitted);
}

/** The same, for a plan that takes the place of a release's. Throws Refusal with what the policy refuses. */
export async function governedForRevision(
  runtime: Using<"store">,
  plan: Plan,
  loaded: Loaded,
  actor: Actor,
): Promise<GovernedPlan> {
  const { governed, problems } = governedBy(await aroundRevision(runtime, loaded), plan, actor);
  if (governed === undefined) throw badPlan(problems);
  return governed;
}

/** The same, for a plan that is submitted. Throws Refusal with what the policy refuses. */
export async function governedForSubmission(
  runtime: Using<"store">,
  plan: Plan,
  actor: Actor,
): Promise<GovernedPlan> {
  const { governed, problems } = governedBy(await runtime.store.deployment(), plan, actor);
  if (governed === undefined) throw badPlan(problems);
  return governed;
}

/** What a plan that was submitted before became then: the same text asked again is the same plan. */
export async function governedAs(
  runtime: Using<"store">,
  plan: Plan,
  { state }: Loaded,
): Promise<GovernedPlan> {
  if (state.policy === undefined) return { plan };
  const policy = await policyOf(runtime, state.policy);
  if (policy === undefined) return { plan };
  const governed = [false, true].flatMap((isFrozen) => govern(plan, policy, { isFrozen }).plan ?? []);
  const same = governed.find((one) => planDigest(one) === state.plan) ?? governed[0];
  return same === undefined ? { plan } : { plan: same, policy: state.policy };
}

/** A policy by its digest: the one in force, or out of the deployment's log. */
export async function policyOf(runtime: Using<"store">, digest: string): Promise<Policy | undefined> {
  const { state, seq } = await runtime.store.deployment();
  if (state.policy.current?.digest === digest) return state.policy.current.policy;
  for (let to = seq; to > 0; to -= PAGE) {
    const from = Math.max(1, to - PAGE + 1);
    const records = await runtime.store.deploymentRecords(from, to - from + 1);
    for (const { event } of records.toReversed()) {
      if (event.type === "PolicySet" && event.digest === digest) return event.policy;
    }
  }
  return undefined;
}

const PAGE = 100;
