import type { RefusalEntry } from "@gonogo/client";
import { useQuery } from "../app/route.ts";
import { ShortTime } from "../clock/time.tsx";
import { useNow } from "../clock/use-now.ts";
import { Field } from "../kit/field.tsx";
import { Empty, Load, Scroll, Section } from "../kit/parts.tsx";
import { useKept } from "../kit/use-kept.ts";
import { NamesProvider, Person } from "../person/names.tsx";
import { useSession } from "../session/session.tsx";
import { matching } from "./matching.ts";

/** Why something was refused, by the status of its answer. */
const KINDS: Readonly<Record<string, string>> = {
  401: "not let in",
  403: "not allowed",
  429: "one too many",
};

/** Who was refused what on a day, from where, and how often. */
export function Refusals() {
  const { client } = useSession();
  const [query, set] = useQuery();
  const today = new Date(useNow(60_000)).toISOString().slice(0, 10);
  const day = query.get("day") ?? today;
  const [kind, text] = [query.get("kind") ?? "", query.get("find") ?? ""];
  const loaded = useKept(() => client.refusals(day), [day]);
  return (
    <Section title="What was refused">
      <search class="filters">
        <Field label="Day, in UTC" type="date" value={day} onInput={(one) => set("day", one)} />
        <Field
          label="Because it was"
          value={kind}
          onInput={(one) => set("kind", one)}
          options={[
            { value: "", text: "anything" },
            ...Object.entries(KINDS).map(([value, words]) => ({ value, text: words })),
          ]}
        />
        <Field label="Find" type="search" value={text} onInput={(one) => set("find", one)} />
      </search>
      <Load what="what was refused" loaded={loaded}>
        {({ items, names }) => {
          const found = matching(items, names, kind, text);
          return (
            <NamesProvider value={names}>
              <p role="status" class="quiet">
                Of {items.length} different refusals on this day, {found.length} shown. They are kept for 90
                days; what a release or the deployment refused is in its log.
              </p>
              {found.length === 0 ? <Empty>Nothing was refused.</Empty> : <Table items={found} />}
            </NamesProvider>
          );
        }}
      </Load>
    </Section>
  );
}

function Table({ items }: { readonly items: readonly RefusalEntry[] }) {
  return (
    <Scroll label="What was refused, as a table">
      <table>
        <thead>
          <tr>
            {["Last", "Who", "What", "Why", "From", "Times"].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map(({ status, code, route, who, network, count, first, last }) => (
            <tr key={`${status} ${code} ${route} ${who} ${network}`}>
              <td>
                <ShortTime at={last} />
                {first !== last && (
                  <div class="quiet">
                    since <ShortTime at={first} />
                  </div>
                )}
              </td>
              <td>{who === undefined ? "nobody known" : <Person id={who} />}</td>
              <td>
                <code>{route}</code>
              </td>
              <td>
                {KINDS[status]} <code>{code}</code>
              </td>
              <td>{network}</td>
              <td>{count}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
