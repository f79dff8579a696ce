import type { Gonogo, LentRole, ReleaseView } from "@gonogo/client";
import type { Names } from "../person/names.tsx";

/** Who changes what holds for the whole deployment. */
export const GOVERNANCE = "Governance";

/** A role that is lent: for every release, or for one. */
export interface Lent extends Omit<LentRole, "id" | "at" | "since" | "reason"> {
  readonly key: string;
  /** Of the deployment's; withdrawn by it. */
  readonly id?: string;
  /** The release that it is for, where it is for one. */
  readonly release?: string;
  readonly since?: string;
  readonly reason?: string;
}

export interface Lending {
  readonly items: readonly Lent[];
  readonly names: Names;
  /** The releases that somebody could be lent a role for. */
  readonly active: readonly { readonly id: string; readonly title: string }[];
}

/** So many active releases are looked into; the rest have theirs in their gates. */
const MOST = 20;

/** Every role that is lent now, for every release and for single ones, with the names of whoever is known. */
export async function lending(client: Gonogo): Promise<Lending> {
  const [list, { items: active }, known] = await Promise.all([
    client.delegations(),
    client.releases({ status: "active", limit: MOST }),
    client.deployments({ limit: 100 }),
  ]);
  const views = await Promise.all(active.map(({ id }) => client.release(id)));
  // Names come with records; those who lend or are lent a role for one release are in its own.
  const speaking = views.filter(({ delegations }) => delegations.length > 0);
  const pages = await Promise.all(speaking.map(({ id }) => client.records(id, { limit: 500 })));
  return {
    items: [...list.items.map((one) => ({ ...one, key: one.id })), ...views.flatMap(ofRelease)],
    names: Object.assign({}, known.names, ...pages.map(({ names }) => names), list.names),
    active,
  };
}

/** What is lent for one release alone: what holds for every release is told once, with those. */
export function ofRelease({ id, delegations }: Pick<ReleaseView, "id" | "delegations">): Lent[] {
  return delegations
    .filter(({ over, everywhere }) => !over && everywhere === undefined)
    .map(({ role, from, to, until, reason }) => ({
      key: `${id} ${role} ${from} ${to}`,
      release: id,
      role,
      from,
      to,
      until,
      ...(reason === undefined ? {} : { reason }),
    }));
}
