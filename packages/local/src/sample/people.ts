import type { DemoPerson } from "@gonogo/adapters/identity/demo";
import { rolesOf } from "@gonogo/core/authority/authority";
import { slug } from "@gonogo/core/kit/text";
import type { Plan } from "@gonogo/core/plan/schema";
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

/** One person for each role that the plan names, and the pipeline that submits it. */
export function peopleOf(plan: Plan): DemoPerson[] {
  const people = [...rolesOf(plan)].toSorted().map((role, index) => {
    const stated = plan.roles.find(({ name }) => name === role)?.people[0];
    return { id: slug(role), name: stated ?? NAMES[index % NAMES.length] ?? role, roles: [role] };
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
    return [...this.#base.filter(({ id }) => id !== PIPELINE.id), ...added, PIPELINE];
  }

  /** Adds somebody for each role that nobody has yet. */
  welcome(plan: Plan): void {
    const held = new Set(this.all.flatMap(({ roles }) => roles));
    for (const person of peopleOf(plan)) {
      if (person.id !== PIPELINE.id && !person.roles.some((role) => held.has(role)))
        this.#table.set(person.id, person);
    }
  }
}
