import { RELEASE_MANAGER } from "../authority/authority.ts";
import { type Duration, days, spoken } from "../kit/duration.ts";
import { oneOf } from "../kit/text.ts";
import { owe } from "../obligation/owe.ts";
import type { Plan } from "../plan/schema.ts";
import type { Draft } from "../release/draft.ts";
import { describeBinding } from "../signal/tagged.ts";
import { isPhase } from "../step/schema.ts";
import type { Response, Trigger } from "../trigger/schema.ts";

/** Who answers a question about a trigger, and how. */
export interface Authority {
  readonly roles: readonly string[];
  /** May answer with a rollback alone. */
  readonly alone: readonly string[];
  readonly votes: "any" | "all";
}

/** The plan's own, or the release manager and the owners of its phases, any one of them. */
export function authorityOf(plan: Plan): Authority {
  if (plan.decisions !== undefined) {
    const { authority, alone, votes } = plan.decisions;
    return { roles: authority, alone, votes };
  }
  const owners = plan.steps.filter(isPhase).map(({ owner }) => owner);
  return { roles: [...new Set([RELEASE_MANAGER, ...owners])], alone: [], votes: "any" };
}

/** `Deployment Lead and Engineering Manager together; On-Call Engineer alone for a rollback` */
export function whoDecides(plan: Plan): string {
  const { roles, alone, votes } = authorityOf(plan);
  const all = votes === "all" && roles.length > 1 ? `${oneOf(roles, "and")} together` : oneOf(roles);
  return alone.length === 0 ? all : `${all}; ${oneOf(alone)} alone for a rollback`;
}

/** How soon what is fixed forward has to be fixed, where the plan does not say. */
const FIX_WITHIN: Duration = days(1);

/** What was chosen to be fixed forward is owed, like all that outlives a release. */
export function oweFix(draft: Draft, id: string, cause: string, role: string): void {
  const within = draft.plan.decisions?.fixWithin ?? FIX_WITHIN;
  owe(draft, {
    id: `fix-forward-${id}`,
    what: `Fix forward: ${cause}`.slice(0, 500),
    role,
    within,
    blocks: false,
  });
}

/** One line of the decision matrix: what is seen, and what is done about it. */
export interface MatrixRow {
  readonly trigger: string;
  readonly respond: Response;
  readonly when: string;
  readonly by: readonly string[];
  readonly owner: string;
  /** What happens at once. */
  readonly happens: string;
  readonly decides: string;
  readonly within?: string;
  readonly onSilence?: "rollback" | "wait";
}

/** The most urgent first, as the documents have it: back at once, people decide, goes on. */
const ORDER: readonly Response[] = ["rollback", "evaluate", "reduce", "pause", "fix-forward", "notify"];

/** What the plan does when things look bad, a line each: immediate, evaluate, fix forward. */
export function decisionMatrix(plan: Plan): MatrixRow[] {
  return plan.triggers
    .map((trigger) => rowOf(plan, trigger))
    .toSorted((a, b) => ORDER.indexOf(a.respond) - ORDER.indexOf(b.respond));
}

function rowOf(plan: Plan, trigger: Trigger): MatrixRow {
  const { id, respond, owner, signals, metric, component, reduceTo = 0 } = trigger;
  const measured = plan.metrics.find((one) => one.id === metric)?.name;
  const base = {
    trigger: id,
    respond,
    when: trigger.when ?? trigger.says ?? id,
    by: [
      ...(trigger.when === undefined || measured === undefined ? [] : [measured]),
      ...signals.map((signal) => describeBinding(signal).replace(":", " ")),
    ],
    owner,
  };
  const within = spoken(trigger.decideWithin ?? plan.limits.decideWithin);
  const back = component === undefined ? "everything" : component;
  switch (respond) {
    case "rollback":
      return { ...base, happens: `${back} is put back at once`, decides: "nobody is asked" };
    case "evaluate":
      return { ...base, happens: "it pauses", decides: whoDecides(plan), within, onSilence: "rollback" };
    case "reduce": {
      const happens = `it pauses and goes down to ${reduceTo} %`;
      return { ...base, happens, decides: whoDecides(plan), within, onSilence: "rollback" };
    }
    case "pause":
      return { ...base, happens: "it pauses", decides: whoDecides(plan), onSilence: "wait" };
    case "fix-forward":
      return { ...base, happens: "it goes on; the repair is owed", decides: owner };
    case "notify":
      return { ...base, happens: "it goes on; its owner is told", decides: owner };
  }
}
