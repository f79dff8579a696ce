import type { Courses, ReleaseView } from "@gonogo/client";
import { Plot, type Series } from "../chart/plot.tsx";
import { PlotTable } from "../chart/table.tsx";
import { fromT, plainWords } from "../kit/format.ts";
import { Badge, Section } from "../kit/parts.tsx";

interface Props {
  readonly view: ReleaseView;
  readonly courses: Courses | undefined;
}

/** Which share each component's new version has, now and over time. */
export function Traffic({ view, courses }: Props) {
  return (
    <Section title="Traffic">
      <ul class="tiles">
        {view.components.map((component) => (
          <li key={component.id} class="tile">
            <Component component={component} view={view} courses={courses} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

type ComponentView = ReleaseView["components"][number];

function Component({ component, view, courses }: Props & { readonly component: ComponentView }) {
  const { name, kind, previous, next, share, held, drift, observed, revertCommand } = component;
  return (
    <>
      <div class="tile-head">
        <h3>{name}</h3>
        <span class="quiet">{plainWords(kind)}</span>
      </div>
      <p>
        <b>{share} %</b> on {next === undefined ? "the new version" : `version ${next}`}
        {previous !== undefined && share < 100 && <span class="quiet">, the rest on {previous}</span>}
      </p>
      {held && <Badge tone="ask">rollout stopped for now</Badge>}
      {observed?.note !== undefined && <p>{observed.note}</p>}
      {drift !== undefined && (
        <p class="trouble">
          Changed by another hand: {drift.primary}
          {drift.secondary !== undefined && ` and ${drift.secondary}`} at {drift.share} %.
        </p>
      )}
      <Share component={component} view={view} courses={courses} />
      {revertCommand !== undefined && (
        <details>
          <summary>
            How to put it back by hand<span class="hidden"> ({name})</span>
          </summary>
          <pre>
            <code>{revertCommand}</code>
          </pre>
        </details>
      )}
    </>
  );
}

function Share({ component, view, courses }: Props & { readonly component: ComponentView }) {
  const course = courses?.shares.find((one) => one.component === component.id);
  const points = (course?.points ?? []).map(({ at, value }) => ({ at: Date.parse(at), value }));
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return <p class="quiet">Nothing was shifted yet.</p>;
  const to = Math.max(first.at + 60_000, Date.parse(view.endedAt ?? view.now));
  const t = view.t ?? view.plannedT;
  const changes = points.filter(({ value }, index) => value !== points[index - 1]?.value);
  const told = changes.map(({ at, value }) => `${value} % at ${fromT(t, at)}`).join(", ");
  const series: Series[] = [
    {
      name: "share",
      points: [...points, { at: to, value: last.value }],
      colour: "busy",
      steps: true,
      fill: true,
    },
  ];
  const percent = (value: number) => `${Math.round(value)} %`;
  return (
    <>
      <Plot
        series={series}
        label={`Share of ${component.name} over time: ${told}`}
        low={0}
        high={100}
        value={percent}
        time={(at) => fromT(t, at)}
        origin={Date.parse(t)}
      />
      <PlotTable
        name={`Share of ${component.name}`}
        series={[{ name: "share", points: changes, colour: "busy" }]}
        value={percent}
      />
    </>
  );
}
