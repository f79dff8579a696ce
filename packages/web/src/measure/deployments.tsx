import type { DeploymentEntry, DeploymentsPage } from "@gonogo/client";
import { useState } from "preact/hooks";
import { releaseAddress } from "../app/route.ts";
import { Time } from "../clock/time.tsx";
import { Save } from "../document/save-button.tsx";
import { type Filter, momentsOf } from "../kit/filters.tsx";
import { plainWords, span } from "../kit/format.ts";
import { Badge, Empty, Load, Scroll, Section, type Tone } from "../kit/parts.tsx";
import { useLoaded } from "../kit/use-loaded.ts";
import { NamesProvider, Person } from "../person/names.tsx";
import { useSession } from "../session/session.tsx";

const PAGE = 20;
const TONES: Record<DeploymentEntry["outcome"], Tone> = {
  "rolling-out": "busy",
  deployed: "good",
  "rolling-back": "bad",
  "rolled-back": "bad",
  "rollback-unconfirmed": "bad",
};

/** What was deployed and put back, the newest first: the same as the file beside it. */
export function Deployments({ filter }: { readonly filter: Filter }) {
  const { client } = useSession();
  const [count, setCount] = useState(PAGE);
  const wanted = wantedBy(filter);
  const mark = JSON.stringify(wanted);
  const loaded = useLoaded(() => client.deployments({ ...wanted, limit: count }), [mark, count]);
  const csv = async () => ({
    name: "deployments.csv",
    text: await client.deploymentsCsv(wanted),
    type: "text/csv",
  });
  return (
    <Section title="Log of deployments" aside={<Save text="CSV" make={csv} of="the deployments" />}>
      <Load what="the deployments" loaded={loaded}>
        {({ items, names, next }) => (
          <NamesProvider value={names}>
            {items.length === 0 ? <Empty>Nothing was deployed.</Empty> : <Table items={items} />}
            {next !== undefined && count < 100 && (
              <button type="button" onClick={() => setCount(Math.min(100, count + PAGE))}>
                Show more
              </button>
            )}
          </NamesProvider>
        )}
      </Load>
    </Section>
  );
}

function wantedBy(filter: Filter) {
  const { component, environment } = filter;
  return {
    ...(component === "" ? {} : { component }),
    ...(environment === "" ? {} : { environment }),
    ...momentsOf(filter),
  };
}

function Table({ items }: Pick<DeploymentsPage, "items">) {
  return (
    <Scroll label="Log of deployments, as a table">
      <table>
        <thead>
          <tr>
            {["Started", "What", "Where", "Outcome", "Approved by"].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <tr key={`${one.release} ${one.startedAt}`}>
              <td>
                <Time at={one.startedAt} />
              </td>
              <td>
                <a href={releaseAddress(one.release)}>{one.title}</a>
                {one.components.map(({ id, name, previous, version }) => (
                  <div key={id} class="quiet">
                    {name} {previous} → {version}
                  </div>
                ))}
              </td>
              <td>{one.environment}</td>
              <td>
                <Badge tone={TONES[one.outcome]}>{plainWords(one.outcome)}</Badge>
                {one.rollback !== undefined && (
                  <div class="quiet">
                    {one.rollback.cause}
                    {one.rollback.endedAt !== undefined &&
                      `, within ${span(Date.parse(one.rollback.endedAt) - Date.parse(one.rollback.startedAt))}`}
                  </div>
                )}
              </td>
              <td>
                {one.approvals.map(({ role, by }) => (
                  <div key={`${role} ${by}`}>
                    <Person id={by} /> <span class="quiet">({role})</span>
                  </div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
