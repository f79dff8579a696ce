import type { ReleaseView } from "@gonogo/client";
import { createContext } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import { useSession } from "../session/session.tsx";

export type Names = Readonly<Record<string, string>>;

const NamesContext = createContext<Names>({});
export const NamesProvider = NamesContext.Provider;

/** The ids of people that a release speaks of. */
export function peopleIn(view: ReleaseView): string[] {
  const ids = [
    view.requester,
    ...view.checklist.map(({ by }) => by),
    ...view.approvals.flatMap(({ signatures }) => signatures.flatMap(({ by, for: lender }) => [by, lender])),
    ...view.delegations.flatMap(({ from, to }) => [from, to]),
    ...(view.poll?.votes ?? []).map(({ by }) => by),
    ...view.steps.map(({ by }) => by),
    view.rollback?.by,
    view.review.signedBy,
  ];
  return [...new Set(ids.filter((id) => id?.startsWith("psn_")))] as string[];
}

/** Names for the ids in a release. They come with its records, and are asked for only when one is new. */
export function useNames(view: ReleaseView | undefined): Names {
  const { client, me } = useSession();
  const [names, setNames] = useState<Names>({});
  const asked = useRef(new Set<string>());
  const wanted = view === undefined ? [] : peopleIn(view).filter((id) => !asked.current.has(id));
  useEffect(() => {
    if (view === undefined || wanted.length === 0) return;
    for (const id of wanted) asked.current.add(id);
    const load = async () => {
      let after: string | undefined;
      do {
        const page = await client.records(view.id, { limit: 200, ...(after === undefined ? {} : { after }) });
        setNames((before) => ({ ...before, ...page.names }));
        after = page.next;
      } while (after !== undefined);
    };
    load().catch(() => {
      for (const id of wanted) asked.current.delete(id);
    });
  }, [wanted.join(" ")]);
  return me === undefined ? names : { ...names, [me.id]: `${me.name} (you)` };
}

/** The people who are known here, by id. */
export const usePeople = (): Names => useContext(NamesContext);

/** A person's name, or the id where it is not known. */
export function Person({ id }: { readonly id: string }) {
  const name = useContext(NamesContext)[id];
  return <span title={name === undefined ? undefined : id}>{name ?? shortId(id)}</span>;
}

function shortId(id: string): string {
  return id.startsWith("psn_") ? `${id.slice(0, 12)}…` : id;
}
