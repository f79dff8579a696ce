import type { Courses, ReleaseView } from "@gonogo/client";
import type { Action } from "../action/inputs.ts";
import { Plot, type Series } from "../chart/plot.tsx";
import { domainOf, limitIn } from "../chart/scale.ts";
import { PlotTable } from "../chart/table.tsx";
import { Time } from "../clock/time.tsx";
import { amount, fromT, printed } from "../kit/format.ts";
import { Badge, Empty, Section } from "../kit/parts.tsx";
import { isOver, verdictWords } from "../release/status.ts";

interface Props {
  readonly view: ReleaseView;
  readonly courses: Courses | undefined;
  readonly choose: (action: Action) => void;
  readonly roles: readonly string[];
}

/** Each metric against its threshold, with its verdict. */
export function Metrics({ view, courses, choose, roles }: Props) {
  return (
    <Section title="Metrics">
      {view.metrics.length === 0 && <Empty>The plan names no metrics.</Empty>}
      <ul class="tiles">
        {view.metrics.map((metric) => (
          <li key={metric.id} class="tile">
            <Metric metric={metric} view={view} courses={courses} />
            {metric.byPerson && !isOver(view.status) && mayRead(view, roles, metric.owner) && (
              <button type="button" aria-haspopup="dialog" onClick={() => choose(readingAction(metric))}>
                Give reading<span class="hidden"> of {metric.name}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

type MetricView = ReleaseView["metrics"][number];

function Metric({ metric, view, courses }: Omit<Props, "choose" | "roles"> & { metric: MetricView }) {
  const { verdict, reading, at } = metric;
  return (
    <>
      <div class="tile-head">
        <h3>{metric.name}</h3>
        {verdict === undefined ? (
          <Badge tone="quiet">not judged</Badge>
        ) : (
          <Badge tone={verdictWords(verdict).tone}>{verdict}</Badge>
        )}
      </div>
      <p>
        {reading?.value !== undefined && <b>{amount(reading.value, reading.unit)} </b>}
        <span class="quiet">wanted {printed(metric.threshold)}</span>
        {reading?.count !== undefined && <span class="quiet">, of {reading.count}</span>}
      </p>
      {metric.baseline !== undefined && (
        <p class="quiet">
          Before the release {amount(metric.baseline.value, metric.baseline.unit)}
          {metric.baseline.change !== undefined &&
            `, now ${metric.baseline.change >= 0 ? "+" : ""}${amount(metric.baseline.change)} %`}
          {metric.limit !== undefined && `; that makes the limit ${printed(metric.limit)}`}
        </p>
      )}
      {reading?.note !== undefined && <p>{reading.note}</p>}
      {metric.byPerson ? (
        <p class="quiet">Read by {metric.owner}.</p>
      ) : (
        <Line metric={metric} view={view} courses={courses} />
      )}
      {at !== undefined && (
        <p class="quiet">
          Judged <Time at={at} />
        </p>
      )}
    </>
  );
}

function Line({ metric, view, courses }: Omit<Props, "choose" | "roles"> & { metric: MetricView }) {
  const course = courses?.metrics.find((one) => one.metric === metric.id);
  const points = (course?.points ?? []).map(({ at, value }) => ({ at: Date.parse(at), value }));
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || course === undefined) {
    return <p class="quiet">No values yet.</p>;
  }
  const limit = limitIn(metric.limit ?? course.threshold);
  const before = metric.baseline?.value;
  const domain = domainOf(
    before === undefined ? points : [...points, { at: first.at, value: before }],
    limit,
  );
  const t = view.t ?? view.plannedT;
  const values = points.map(({ value }) => value).filter(Number.isFinite);
  const range = `between ${amount(Math.min(...values))} and ${amount(Math.max(...values), course.unit)}`;
  const told = (value: number) => amount(value, course.unit);
  const flat = (value: number) => [
    { at: first.at, value },
    { at: last.at, value },
  ];
  const series: Series[] = [
    { name: course.name, points, colour: "busy" },
    ...(limit === undefined
      ? []
      : [{ name: "wanted", points: flat(limit), colour: "bad" as const, dash: [6, 4] }]),
    ...(before === undefined
      ? []
      : [{ name: "before the release", points: flat(before), colour: "soft" as const, dash: [2, 4] }]),
  ];
  return (
    <>
      <Plot
        series={series}
        label={`${course.name}: ${range}, last ${told(last.value)}; wanted ${printed(course.threshold)}`}
        low={domain.low}
        high={domain.high}
        value={told}
        time={(at) => fromT(t, at)}
        origin={Date.parse(t)}
        marks={marksOf(view)}
      />
      <PlotTable name={course.name} series={series} value={told} />
    </>
  );
}

/** Where a rollback began. */
function marksOf({ rollback }: ReleaseView) {
  return rollback === undefined ? [] : [{ at: Date.parse(rollback.startedAt), colour: "bad" as const }];
}

function mayRead(view: ReleaseView, roles: readonly string[], owner: string): boolean {
  return roles.includes(owner) || roles.includes(view.review.role);
}

function readingAction(metric: MetricView): Action {
  return {
    label: `Give reading of ${metric.name}`,
    effect: `Records what you read; wanted is ${printed(metric.threshold)}.`,
    command: { type: "GiveReading", metric: metric.id, value: 0 },
    needsReason: false,
    tone: "answer",
  };
}
