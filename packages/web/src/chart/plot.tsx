import { useEffect, useRef, useState } from "preact/hooks";
import type uPlotType from "uplot";
import { onThemeChange } from "../theme/theme.ts";
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

/** The chart's library, fetched when the first chart is shown. */
async function library(): Promise<typeof uPlotType> {
  try {
    new Intl.NumberFormat(navigator.language);
  } catch {
    // Chrome under the C locale calls itself `en-US@posix`, which the library cannot stand.
    Object.defineProperty(navigator, "language", { value: "en-US", configurable: true });
  }
  return (await import("uplot")).default;
}

/** Lines over time, with the values under the pointer. The same is beside it as a table. */
export function Plot(props: Props) {
  const { series, label, low, high, height = 150 } = props;
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlotType | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const [under, setUnder] = useState<string>();
  const [turn, setTurn] = useState(0);
  const shape = series.map(({ name }) => name).join("|");

  useEffect(() => onThemeChange(() => setTurn((count) => count + 1)), []);

  // Made anew when the lines or the colours are others; fed when only the points are.
  useEffect(() => {
    let left = false;
    const resized = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry?.contentRect.width ?? 0);
      if (width > 0) chart.current?.setSize({ width, height });
    });
    // Where it cannot be fetched the table is there all the same.
    const made = library().then((Library) => {
      const element = box.current;
      if (left || element === null) return;
      const width = Math.max(120, Math.floor(element.clientWidth));
      const options = optionsOf(latest, element, { width, height }, setUnder);
      chart.current = new Library(options, aligned(latest.current.series), element);
      resized.observe(element);
    });
    made.catch(() => setUnder("The chart cannot be drawn now; the table has the same."));
    return () => {
      left = true;
      resized.disconnect();
      chart.current?.destroy();
      chart.current = undefined;
    };
  }, [shape, height, turn]);

  useEffect(() => {
    chart.current?.setData(aligned(series), false);
    chart.current?.redraw();
    chart.current?.setScale("x", rangeOf(series));
    chart.current?.setScale("y", { min: low, max: high });
  }, [series, low, high]);

  return (
    <div class="uplot-box">
      <div ref={box} role="img" aria-label={label} style={{ minHeight: `${height}px` }} />
      <p class="under" aria-hidden="true">
        {under ?? " "}
      </p>
    </div>
  );
}

type Aligned = [number[], ...(number | null | undefined)[][]];

/** All lines on one row of moments: null is a gap, undefined a moment of another line's. */
export function aligned(series: readonly Series[]): Aligned {
  const moments = [...new Set(series.flatMap(({ points }) => points.map(({ at }) => at)))].sort(
    (a, b) => a - b,
  );
  const lines = series.map(({ points }) => {
    const known = new Map(points.map(({ at, value }) => [at, Number.isFinite(value) ? value : null]));
    return moments.map((at) => known.get(at));
  });
  return [moments, ...lines];
}

function rangeOf(series: readonly Series[]): { min: number; max: number } {
  const [moments] = aligned(series);
  const min = moments[0] ?? 0;
  return { min, max: Math.max(moments.at(-1) ?? 1, min + 60_000) };
}

function optionsOf(
  latest: { readonly current: Props },
  element: HTMLElement,
  size: { width: number; height: number },
  setUnder: (text: string | undefined) => void,
): uPlotType.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => resolved(element, style.getPropertyValue(`--${name}`));
  const soft = colour("soft");
  const edge = { stroke: colour("edge"), width: 1 };
  const font = `12px ${style.fontFamily}`;
  const axis = { stroke: soft, font, grid: edge, ticks: edge };
  return {
    ...size,
    ms: 1,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    padding: [8, 24, 0, 0],
    scales: {
      x: { time: false, range: () => both(rangeOf(latest.current.series)) },
      y: { range: () => [latest.current.low, latest.current.high] },
    },
    axes: [
      {
        ...axis,
        space: 90,
        size: 24,
        incrs: STEPS_MS,
        splits: (_chart, _axis, min, max, step) => wholeSteps(min, max, step, latest.current.origin),
        values: (_, at) => at.map((one) => latest.current.time(one)),
      },
      { ...axis, space: 36, size: 62, values: (_, at) => at.map((one) => latest.current.value(one)) },
    ],
    series: [
      {},
      ...latest.current.series.map(({ name, colour: which, dash, steps, fill }) => ({
        label: name,
        stroke: colour(which),
        width: 2,
        points: { show: false },
        spanGaps: false,
        ...(dash === undefined ? {} : { dash: [...dash] }),
        ...(fill === true ? { fill: colour("busy-back") } : {}),
        ...(steps === true ? { paths: stepped } : {}),
      })),
    ],
    hooks: {
      setCursor: [
        ({ cursor, data }) => {
          const index = cursor.idx;
          setUnder(typeof index === "number" ? told(latest.current, data, index) : undefined);
        },
      ],
      draw: [
        (chart) => {
          for (const { at, colour: which } of latest.current.marks ?? []) {
            const x = chart.valToPos(at, "x", true);
            if (x < chart.bbox.left || x > chart.bbox.left + chart.bbox.width) continue;
            chart.ctx.fillStyle = colour(which);
            chart.ctx.fillRect(Math.round(x) - 1, chart.bbox.top, 2, chart.bbox.height);
          }
        },
      ],
    },
  };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 672, 2016].map((count) => count * HOUR),
];

/** Moments between two that lie whole steps from an origin: T-15 min, T, T+15 min. */
export function wholeSteps(min: number, max: number, step: number, origin: number): number[] {
  const first = origin + Math.ceil((min - origin) / step) * step;
  const count = Math.max(0, Math.floor((max - first) / step) + 1);
  return Array.from({ length: count }, (_, index) => first + index * step);
}

const stepped: uPlotType.Series.PathBuilder = (chart, index, from, to) => {
  const { valToPos, data, bbox } = chart;
  const path = new Path2D();
  let before: number | undefined;
  for (let i = from; i <= to; i++) {
    const value = data[index]?.[i];
    const at = data[0][i];
    if (typeof value !== "number" || at === undefined) continue;
    const x = valToPos(at, "x", true);
    const y = valToPos(value, "y", true);
    if (before === undefined) path.moveTo(x, y);
    else {
      path.lineTo(x, before);
      path.lineTo(x, y);
    }
    before = y;
  }
  if (before !== undefined) path.lineTo(bbox.left + bbox.width, before);
  const area = new Path2D(path);
  area.lineTo(bbox.left + bbox.width, bbox.top + bbox.height);
  area.lineTo(valToPos(data[0][from] ?? 0, "x", true), bbox.top + bbox.height);
  return { stroke: path, fill: area };
};

function both({ min, max }: { min: number; max: number }): [number, number] {
  return [min, max];
}

function told({ series, value, time }: Props, data: uPlotType.AlignedData, index: number): string {
  const at = data[0][index];
  if (at === undefined) return " ";
  const values = series.flatMap(({ name }, n) => {
    const found = data[n + 1]?.[index];
    return typeof found === "number" ? [`${name} ${value(found)}`] : [];
  });
  return `${time(at)}: ${values.join(", ")}`;
}

/** A canvas does not know what `light-dark()` means; the browser works it out on an element. */
function resolved(element: HTMLElement, value: string): string {
  const before = element.style.color;
  element.style.color = value;
  const found = getComputedStyle(element).color;
  element.style.color = before;
  return found;
}
