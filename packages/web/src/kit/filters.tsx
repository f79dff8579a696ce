import { useState } from "preact/hooks";
import { useQuery } from "../app/route.ts";
import { useSession } from "../session/session.tsx";
import { Field } from "./field.tsx";
import { useLoaded } from "./use-loaded.ts";

/** What is looked at: of what, where, and in which days. */
export interface Filter {
  readonly component: string;
  readonly environment: string;
  /** Days, `2026-05-05`; empty where nothing is said. The last is looked at whole. */
  readonly from: string;
  readonly to: string;
}

/** The filter as the address has it, so that a view can be sent to somebody. */
export function useFilter(): Filter {
  const [query] = useQuery();
  const of = (name: keyof Filter) => query.get(name) ?? "";
  return { component: of("component"), environment: of("environment"), from: of("from"), to: of("to") };
}

/** The moments that a filter's days are from and to; none where none is said. */
export function momentsOf({ from, to }: Filter): { from?: string; to?: string } {
  return {
    ...(isDay(from) ? { from: `${from}T00:00:00.000Z` } : {}),
    ...(isDay(to) ? { to: new Date(Date.parse(`${to}T00:00:00Z`) + 86_400_000).toISOString() } : {}),
  };
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** A name is looked for when it is written out, not at every key. */
function Lazy({ name, label, known }: { name: keyof Filter; label: string; known: readonly string[] }) {
  const [query, set] = useQuery();
  const [typed, setTyped] = useState(query.get(name) ?? "");
  return (
    <div onFocusOut={() => set(name, typed.trim())}>
      <Field
        label={label}
        value={typed}
        known={known}
        type="search"
        onInput={(value) => {
          setTyped(value);
          if (value === "" || known.includes(value)) set(name, value);
        }}
      />
    </div>
  );
}

/** Component, environment and days, kept in the address. */
export function Filters({ children }: { readonly children?: preact.ComponentChildren }) {
  const { client } = useSession();
  const [query, set] = useQuery();
  const { value } = useLoaded(() => client.deployments({ limit: 100 }), []);
  const items = value?.items ?? [];
  const all = (names: readonly string[]) => [...new Set(names)].toSorted();
  const day = (name: "from" | "to", label: string) => (
    <Field label={label} type="date" value={query.get(name) ?? ""} onInput={(one) => set(name, one)} />
  );
  return (
    <form class="filters" aria-label="What is shown" onSubmit={(event) => event.preventDefault()}>
      <Lazy
        name="component"
        label="Component or service"
        known={all(items.flatMap(({ components }) => components.map(({ id }) => id)))}
      />
      <Lazy name="environment" label="Environment" known={all(items.map(({ environment }) => environment))} />
      {day("from", "From")}
      {day("to", "To")}
      {children}
      {query.size > 0 && (
        <button
          type="button"
          class="link"
          onClick={() => {
            location.hash = location.hash.split("?")[0] ?? "";
          }}
        >
          Show all
        </button>
      )}
    </form>
  );
}
