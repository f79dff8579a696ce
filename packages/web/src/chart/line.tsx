import { type Domain, height, type Point, pathOf } from "./scale.ts";

interface Props {
  readonly points: readonly Point[];
  readonly time: { readonly from: number; readonly to: number };
  readonly domain: Domain;
  /** What the chart says, in words. */
  readonly label: string;
  readonly steps?: boolean;
  readonly threshold?: { readonly value: number; readonly text: string };
  readonly top: string;
  readonly bottom: string;
  readonly begin: string;
  readonly end: string;
}

/** A line over time. Its numbers stand around it as text, so that they keep their size on every screen. */
export function LineChart({ points, time, domain, label, steps, threshold, ...texts }: Props) {
  const path = pathOf(points, time, domain, steps);
  const limit = threshold === undefined ? undefined : height(threshold.value, domain);
  return (
    <div class="chart" role="img" aria-label={label}>
      <div class="plot">
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          {steps && path !== "" && <path class="area" d={`${path}V100H0Z`} />}
          <path class="line" d={path} />
          {limit !== undefined && <path class="limit" d={`M0 ${limit}H100`} />}
        </svg>
        <span class="chart-top">{texts.top}</span>
        <span class="chart-bottom">{texts.bottom}</span>
        {threshold !== undefined && limit !== undefined && (
          <span class="chart-limit" style={{ top: `${limit}%` }}>
            {threshold.text}
          </span>
        )}
      </div>
      <div class="chart-time">
        <span>{texts.begin}</span>
        <span>{texts.end}</span>
      </div>
    </div>
  );
}
