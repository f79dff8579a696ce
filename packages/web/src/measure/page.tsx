import type { Measures, MeasuresQuery } from "@gonogo/client";
import { useQuery } from "../app/route.ts";
import { Plot, type Series } from "../chart/plot.tsx";
import { Save } from "../document/save-button.tsx";
import { Field } from "../kit/field.tsx";
import { type Filter, Filters, momentsOf, useFilter } from "../kit/filters.tsx";
import { amount, span } from "../kit/format.ts";
import { Loading, Scroll, Section, Trouble } from "../kit/parts.tsx";
import { useLoaded } from "../kit/use-loaded.ts";
import { useSession } from "../session/session.tsx";
import { Deployments } from "./deployments.tsx";

type Measured = Measures["whole"];

interface Column {
  readonly name: string;
  readonly of: (one: Measured) => number | undefined;
  readonly told: (value: number) => string;
  /** What it is held against. */
  readonly target?: number;
}

const percent = (ratio: number) => `${amount(ratio * 100)} %`;
const MINUTE = 60_000;

const COLUMNS: readonly Column[] = [
  { name: "Deployments", of: ({ deployments }) => deployments, told: (value) => `${Math.round(value)}` },
  { name: "Lead time (median)", of: ({ leadTime }) => leadTime?.median, told: span },
  { name: "Change failure rate", of: ({ changeFailureRatio }) => changeFailureRatio, told: percent },
  { name: "Time to restore (median)", of: ({ timeToRestore }) => timeToRestore?.median, told: span },
  { name: "Rollback (p90)", of: ({ rollback }) => rollback?.p90, told: span, target: 5 * MINUTE },
  { name: "Rollout (median)", of: ({ duration }) => duration?.median, told: span, target: 60 * MINUTE },
];

const PERIODS = ["day", "week", "month"] as const;

/** How releases went: the four keys, rollbacks and rollouts, by period. */
export function MeasuresPage() {
  const { client } = useSession();
  const [query, set] = useQuery();
  const by = PERIODS.find((one) => one === query.get("by")) ?? "week";
  const filter = useFilter();
  const { value, error, again } = useLoaded(
    () => client.measures({ by, ...queryOf(filter) }),
    [by, JSON.stringify(filter)],
  );
  const csv = async () => ({
    name: `measures-by-${by}.csv`,
    text: await client.measuresCsv({ by, ...queryOf(filter) }),
    type: "text/csv",
  });
  return (
    <>
      <h1 tabIndex={-1}>Measures</h1>
      <Filters>
        <Field
          label="By"
          value={by}
          options={PERIODS}
          onInput={(one) => set("by", one === "week" ? "" : one)}
        />
      </Filters>
      {value === undefined && error === undefined && <Loading what="measures" />}
      {error !== undefined && <Trouble error={error} retry={again} />}
      {value !== undefined && (
        <>
          <ul class="tiles">
            {COLUMNS.map((column) => (
              <li key={column.name} class="tile">
                <Tile column={column} measures={value} />
              </li>
            ))}
          </ul>
          <Section title={`By ${by}`} aside={<Save text="CSV" make={csv} of="the measures" />}>
            <Table measures={value} />
          </Section>
        </>
      )}
      <Deployments filter={filter} />
    </>
  );
}

function queryOf(filter: Filter): MeasuresQuery {
  const { component, environment } = filter;
  return {
    ...(component === "" ? {} : { component }),
    ...(environment === "" ? {} : { environment }),
    ...(momentsOf(filter) as MeasuresQuery),
  };
}

interface Props {
  readonly measures: Measures;
  readonly column: Column;
}

function Tile({ measures: { whole, periods }, column: { name, of, told, target } }: Props) {
  const found = of(whole);
  const size = told === span ? unitFor(periods.map((one) => of(one) ?? 0)) : undefined;
  const scaled = (value: number | undefined) => (value === undefined ? Number.NaN : value / (size?.[1] ?? 1));
  // The last of them goes on to its end.
  const points = periods.flatMap((one, index) => {
    const value = scaled(of(one));
    const ends = index === periods.length - 1 ? [{ at: Date.parse(one.to), value }] : [];
    return [{ at: Date.parse(one.from), value }, ...ends];
  });
  const values = points.map(({ value }) => value).filter(Number.isFinite);
  const high = (Math.max(0, ...values, target === undefined ? 0 : scaled(target)) || 1) * 1.15;
  const [first, last] = [points[0], points.at(-1)];
  const series: Series[] = [
    { name, points, colour: "busy", steps: true },
    ...(target === undefined || first === undefined || last === undefined
      ? []
      : [
          {
            name: "target",
            points: [first, last].map(({ at }) => ({ at, value: scaled(target) })),
            colour: "bad" as const,
            dash: [6, 4],
          },
        ]),
  ];
  return (
    <>
      <h2>{name}</h2>
      <p>
        <b class="figure">{found === undefined ? "–" : told(found)}</b>
        {target !== undefined && <span class="quiet"> wanted within {span(target)}</span>}
      </p>
      {values.length > 0 && first !== undefined && (
        <Plot
          series={series}
          label={`${name} over time: the table under the charts has the same`}
          low={0}
          high={high}
          value={size === undefined ? told : (value) => amount(value, size[0])}
          time={(at) => new Date(at).toISOString().slice(5, 10)}
          origin={first.at}
          height={110}
        />
      )}
    </>
  );
}

const UNITS = [
  ["d", 24 * 60 * MINUTE],
  ["h", 60 * MINUTE],
  ["min", MINUTE],
] as const;

/** The largest unit of which the longest is some: an axis in it has whole steps. */
function unitFor(lengths: readonly number[]): (typeof UNITS)[number] {
  const longest = Math.max(...lengths);
  return UNITS.find(([, size]) => longest >= 2 * size) ?? UNITS[2];
}

function Table({ measures: { whole, periods } }: { readonly measures: Measures }) {
  const row = (one: Measured) =>
    COLUMNS.map(({ name, of, told }) => {
      const found = of(one);
      return <td key={name}>{found === undefined ? "–" : told(found)}</td>;
    });
  const told = periods
    .filter(({ deployments, rollback }) => deployments > 0 || rollback !== undefined)
    .toReversed();
  const silent = periods.length - told.length;
  return (
    <Scroll label="Measures as a table">
      <table>
        {silent > 0 && <caption class="quiet">Left out, for nothing was deployed in them: {silent}.</caption>}
        <thead>
          <tr>
            <th scope="col">From</th>
            {COLUMNS.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {told.map((one) => (
            <tr key={one.from}>
              <th scope="row">{one.from.slice(0, 10)}</th>
              {row(one)}
            </tr>
          ))}
          <tr>
            <th scope="row">In all</th>
            {row(whole)}
          </tr>
        </tbody>
      </table>
    </Scroll>
  );
}
