import { Time } from "../clock/time.tsx";
import { Scroll } from "../kit/parts.tsx";
import type { Series } from "./plot.tsx";

interface Props {
  readonly name: string;
  readonly series: readonly Series[];
  readonly value: (value: number) => string;
}

/** As many rows as are read; a longer line is told by every n-th of its points. */
const MOST_ROWS = 40;

/** A chart as a table, for those who do not see it and those who want the numbers. */
export function PlotTable({ name, series, value }: Props) {
  const [first] = series;
  const points = first?.points ?? [];
  const every = Math.max(1, Math.ceil(points.length / MOST_ROWS));
  const rows = points.filter((_, index) => index % every === 0 || index === points.length - 1);
  return (
    <details>
      <summary>
        As a table<span class="hidden"> ({name})</span>
      </summary>
      <Scroll label={`${name}, as a table`}>
        <table class="numbers">
          <caption class="hidden">{name} over time</caption>
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Value</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ at, value: found }) => (
              <tr key={at}>
                <th scope="row">
                  <Time at={new Date(at).toISOString()} />
                </th>
                <td>{Number.isFinite(found) ? value(found) : "no value"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  );
}
