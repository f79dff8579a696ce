import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { linePath, momentsIn, nearest, roundSteps, wholeSteps } from "./geometry.ts";
import type { Point } from "./scale.ts";

/** One line of a chart. */
export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
  /** Which of the page's colours. */
  readonly colour: "busy" | "bad" | "soft" | "good";
  readonly dash?: readonly number[];
  /** Holds each value until the next. */
  readonly steps?: boolean;
  readonly fill?: boolean;
}

interface Props {
  readonly series: readonly Series[];
  /** What the chart says, in words. */
  readonly label: string;
  readonly low: number;
  readonly high: number;
  readonly value: (value: number) => string;
  readonly time: (at: number) => string;
  /** Times on the axis are whole steps from here. Milliseconds. */
  readonly origin: number;
  /** Moments marked by an upright line. */
  readonly marks?: readonly { readonly at: number; readonly colour: "bad" | "ask" | "soft" }[];
  readonly height?: number;
}

/** Room for the names of the axes, and so that the last line does not touch the edge. Pixels. */
const [TOP, RIGHT, BOTTOM, LEFT] = [8, 34, 24, 62];

/** Lines over time, with the values under the pointer. The same is beside it as a table. */
export function Plot(props: Props) {
  const { series, label, low, high, value, time, origin, marks = [], height = 150 } = props;
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [under, setUnder] = useState<number>();
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    setWidth(element.clientWidth);
    const resized = new ResizeObserver(() => setWidth(element.clientWidth));
    resized.observe(element);
    return () => resized.disconnect();
  }, []);

  const moments = momentsIn(series.map(({ points }) => points));
  const from = moments[0] ?? 0;
  const to = Math.max(moments.at(-1) ?? 1, from + 60_000);
  const [right, bottom] = [Math.max(LEFT + 1, width - RIGHT), height - BOTTOM];
  const x = (at: number) => LEFT + ((at - from) / (to - from)) * (right - LEFT);
  const y = (one: number) => bottom - ((one - low) / (high - low || 1)) * (bottom - TOP);
  const look = (event: PointerEvent) => {
    const left = event.clientX - (box.current?.getBoundingClientRect().left ?? 0);
    setUnder(nearest(moments, from + ((left - LEFT) / (right - LEFT)) * (to - from)));
  };
  return (
    <div class="plot">
      <div ref={box} role="img" aria-label={label} style={{ height: `${height}px` }}>
        {width > 0 && (
          <svg
            width={width}
            height={height}
            aria-hidden="true"
            onPointerMove={look}
            onPointerLeave={() => setUnder(undefined)}
          >
            {wholeSteps(from, to, Math.max(1, (right - LEFT) / 90), origin).map((at) => (
              <g key={at}>
                <path d={`M${x(at)} ${TOP}V${bottom + 4}`} />
                <text x={x(at)} y={height - 6} text-anchor="middle">
                  {time(at)}
                </text>
              </g>
            ))}
            {roundSteps(low, high, (bottom - TOP) / 36).map((one) => (
              <g key={one}>
                <path d={`M${LEFT - 4} ${y(one)}H${right}`} />
                <text x={LEFT - 8} y={y(one) + 4} text-anchor="end">
                  {value(one)}
                </text>
              </g>
            ))}
            {series.map(({ name, points, colour, dash, steps, fill }) => {
              const d = linePath(points, x, y, steps);
              return (
                <g key={name} style={{ stroke: `var(--${colour})` }}>
                  {fill === true && points[0] !== undefined && (
                    <path class="area" d={`${d}H${right}V${bottom}H${x(points[0].at)}Z`} />
                  )}
                  <path class="line" d={steps ? `${d}H${right}` : d} stroke-dasharray={dash?.join(" ")} />
                </g>
              );
            })}
            {marks
              .filter(({ at }) => at >= from && at <= to)
              .map(({ at, colour }) => (
                <path
                  key={at}
                  class="line"
                  style={{ stroke: `var(--${colour})` }}
                  d={`M${x(at)} ${TOP}V${bottom}`}
                />
              ))}
            {under !== undefined && <path class="pointer" d={`M${x(under)} ${TOP}V${bottom}`} />}
            {under !== undefined &&
              valuesAt(series, under).map(({ name, colour, found }) => (
                <circle key={name} cx={x(under)} cy={y(found)} r={3.5} style={{ fill: `var(--${colour})` }} />
              ))}
          </svg>
        )}
      </div>
      <p class="under" aria-hidden="true">
        {under === undefined
          ? " "
          : `${time(under)}: ${valuesAt(series, under)
              .map(({ name, found }) => `${name} ${value(found)}`)
              .join(", ")}`}
      </p>
    </div>
  );
}

/** What each line says at a moment; those that say nothing then are left out. */
function valuesAt(series: readonly Series[], moment: number) {
  return series.flatMap(({ name, colour, points }) => {
    const found = points.find(({ at }) => at === moment)?.value;
    return found !== undefined && Number.isFinite(found) ? [{ name, colour, found }] : [];
  });
}
