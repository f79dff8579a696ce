import type { Measures } from "@gonogo/client";
import { useState } from "preact/hooks";
import { Plot, type Series } from "../chart/plot.tsx";
import { amount, span } from "../kit/format.ts";
import { Loading, Scroll, Section, Trouble } from "../kit/parts.tsx";
import { useLoaded } from "../kit/use-loaded.ts";
import { useSession } from "../session/session.tsx";

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
  const [by, setBy] = useState<(typeof PERIODS)[number]>("week");
  const { value, error, again } = useLoaded(() => client.measures({ by }), [by]);
  return (
    <>
      <h1 tabIndex={-1}>Measures</h1>
      <label class="inline">
        By
        <select
          value={by}
          onChange={({ currentTarget: { selectedIndex } }) => setBy(PERIODS[selectedIndex] ?? by)}
        >
          {PERIODS.map((period) => (
            <option key={period}>{period}</option>
          ))}
        </select>
      </label>
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
          <Section title={`By ${by}`}>
            <Table measures={value} />
          </Section>
        </>
      )}
    </>
  );
}

interface Props {
  readonly measures: Measures;
  readonly column: Column;
}

function Tile({ measures: { whole, periods }, column: { name, of, told, target } }: Props) {
  const found = of(whole);
  const points = periods.map((one) => ({ at: Date.parse(one.from), value: of(one) ?? Number.NaN }));
  const values = points.map(({ value }) => value).filter(Number.isFinite);
  const high = (Math.max(0, ...values, target ?? 0) || 1) * 1.15;
  const [first, last] = [points[0], points.at(-1)];
  const series: Series[] = [
    { name, points, colour: "busy", steps: true },
    ...(target === undefined || first === undefined || last === undefined
      ? []
      : [
          {
            name: "target",
            points: [first, last].map(({ at }) => ({ at, value: target })),
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
          value={told}
          time={(at) => new Date(at).toISOString().slice(5, 10)}
          origin={first.at}
          height={110}
        />
      )}
    </>
  );
}

function Table({ measures: { whole, periods } }: { readonly measures: Measures }) {
  const row = (one: Measured) =>
    COLUMNS.map(({ name, of, told }) => {
      const found = of(one);
      return <td key={name}>{found === undefined ? "–" : told(found)}</td>;
    });
  return (
    <Scroll label="Measures as a table">
      <table>
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
          {periods.toReversed().map((one) => (
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
