import type { DemoPerson } from "@gonogo/adapters/identity/demo";
import { rolesOf } from "@gonogo/core/authority/authority";
import { slug } from "@gonogo/core/kit/text";
import type { Plan } from "@gonogo/core/plan/schema";
import { GOVERNANCE } from "@gonogo/core/policy/schema";
import type { EngineStore, Table } from "../kernel/store.ts";

const NAMES = [
  "Amara Diallo",
  "Bence Kovács",
  "Chiara Conti",
  "Dawit Bekele",
  "Elif Şahin",
  "Farid Nazari",
  "Greta Lindqvist",
  "Hiro Tanaka",
  "Ines Okafor",
  "Jonas Weber",
  "Keira Walsh",
  "Luis Ortega",
  "Mina Park",
  "Nadia Haddad",
  "Oskar Nowak",
  "Priya Nair",
];

/** Who begins the sample release: a pipeline, since nobody approves a release of their own. */
export const PIPELINE: DemoPerson = { id: "pipeline", name: "Release pipeline", roles: ["Release pipeline"] };

/** Who keeps the policy. They have no part in releases. */
export const GOVERNOR: DemoPerson = { id: "governance", name: "Rosa Lindgren", roles: [GOVERNANCE] };

/** One person for each role that the plan names, as many as have to sign, and the pipeline that submits it. */
export function peopleOf(plan: Plan): DemoPerson[] {
  const people = [...rolesOf(plan)].toSorted().flatMap((role, index) => {
    const stated = plan.roles.find(({ name }) => name === role)?.people ?? [];
    const count = plan.approvals.find((rule) => rule.role === role)?.count ?? 1;
    return Array.from({ length: count }, (_, n) => ({
      id: n === 0 ? slug(role) : `${slug(role)}-${n + 1}`,
      name: stated[n] ?? NAMES[(index + n * 5) % NAMES.length] ?? role,
      roles: [role],
    }));
  });
  return [...people, PIPELINE];
}

/**
 * The people of the demonstration: those of the sample plan, and one for each role of any other plan that is
 * submitted here, or nobody could approve it. Kept with the engine's state.
 */
export class DemoPeople {
  readonly #table: Table<DemoPerson>;
  readonly #base: readonly DemoPerson[];

  constructor(store: EngineStore, base: readonly DemoPerson[]) {
    this.#table = store.table<DemoPerson>("sample/people");
    this.#base = base;
  }

  get all(): readonly DemoPerson[] {
    const added = this.#table.entries().map(([, person]) => person);
    return [...this.#base.filter(({ id }) => id !== PIPELINE.id), ...added, GOVERNOR, PIPELINE];
  }

  /** Adds somebody for each role that nobody has yet. */
  welcome(plan: Plan): void {
    const known = this.all;
    const held = new Set(known.flatMap(({ roles }) => roles));
    for (const person of peopleOf(plan)) {
      const isOneMore = /-\d+$/.test(person.id) && !known.some(({ id }) => id === person.id);
      if (person.id !== PIPELINE.id && (isOneMore || !person.roles.some((role) => held.has(role))))
        this.#table.set(person.id, person);
    }
  }
}
