import type { DemoPerson } from "@gonogo/adapters/identity/demo";
import { rolesOf } from "@gonogo/core/authority/authority";
import { slug } from "@gonogo/core/kit/text";
import type { Plan } from "@gonogo/core/plan/schema";

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
export const PIPELINE: DemoPerson = { id: "pipeline", name: "Release pipeline", roles: ["Release Manager"] };

/** One person for each role that the plan names, and the pipeline that submits it. */
export function peopleOf(plan: Plan): DemoPerson[] {
  const people = [...rolesOf(plan)].toSorted().map((role, index) => {
    const stated = plan.roles.find(({ name }) => name === role)?.people[0];
    return { id: slug(role), name: stated ?? NAMES[index % NAMES.length] ?? role, roles: [role] };
  });
  return [...people, PIPELINE];
}
