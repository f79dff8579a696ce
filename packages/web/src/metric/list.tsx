import type { Courses, ReleaseView } from "@gonogo/client";
import { parseThreshold } from "@gonogo/core/metric/threshold";
import type { Action } from "../action/inputs.ts";
import { LineChart } from "../chart/line.tsx";
import { domainOf } from "../chart/scale.ts";
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
  const parsed = parseThreshold(course.threshold);
  const limit = parsed.ok ? parsed.value.value : undefined;
  const domain = domainOf(points, limit);
  const t = view.t ?? view.plannedT;
  const values = points.map(({ value }) => value).filter(Number.isFinite);
  const range = `between ${amount(Math.min(...values))} and ${amount(Math.max(...values), course.unit)}`;
  return (
    <LineChart
      points={points}
      time={{ from: first.at, to: last.at }}
      domain={domain}
      label={`${course.name}: ${range}, last ${amount(last.value, course.unit)}; wanted ${printed(course.threshold)}`}
      top={amount(domain.high, course.unit)}
      bottom={amount(domain.low, course.unit)}
      begin={fromT(t, first.at)}
      end={fromT(t, last.at)}
      {...(limit === undefined ? {} : { threshold: { value: limit, text: printed(course.threshold) } })}
    />
  );
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
