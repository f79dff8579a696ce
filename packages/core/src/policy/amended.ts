import { RELEASE_MANAGER } from "../authority/authority.ts";
import { type Problem, pointer } from "../kit/problem.ts";
import type { Plan } from "../plan/schema.ts";

/** A plan while a policy is laid over it: what is filled in, and what was found to be weaker. */
export class Amended {
  plan: Plan;
  readonly problems: Problem[] = [];
  readonly #roles = new Set<string>();

  constructor(plan: Plan) {
    this.plan = plan;
  }

  set(change: Partial<Plan>): void {
    this.plan = { ...this.plan, ...change };
  }

  weaker(code: string, where: readonly (string | number)[], message: string, fix: string): void {
    this.problems.push({
      code: `policy.${code}`,
      severity: "error",
      message: `the policy asks for more: ${message}`,
      fix,
      pointer: pointer(...where),
    });
  }

  /** A role that the policy brings in, and that the plan's list of roles has to have. */
  needsRole(...roles: readonly string[]): void {
    for (const role of roles) this.#roles.add(role);
  }

  /** A plan without a list of roles is not given one. */
  withRoles(): Plan {
    const { roles } = this.plan;
    if (roles.length === 0) return this.plan;
    const known = new Set([RELEASE_MANAGER, ...roles.map(({ name }) => name)]);
    const added = [...this.#roles].filter((role) => !known.has(role)).map((name) => ({ name, people: [] }));
    return { ...this.plan, roles: [...roles, ...added] };
  }
}
