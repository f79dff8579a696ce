import type { Plugin } from "vite";

/**
 * What uPlot is built with for everybody and the page does not draw: calendars' axes, bars, splines, its own
 * helpers for callers. Its own build has switches for these; what it publishes has them all on.
 */
const UPLOT_WITHOUT: readonly (readonly [RegExp, string])[] = [
  [/uPlot\.assign = assign;[\s\S]*(?=export \{ uPlot as default \})/, ""],
  [/const \[ timeIncrsMs, .*\n.*genTimeStuffs\(1e-3\);/, "const timeIncrsMs = [], timeIncrsS = [];"],
  [
    /const _timeAxisSplits = .*\n.*const _timeAxisVals .*\n.*const _timeSeriesVal .*/,
    "const _timeAxisSplits = noop, _timeAxisVals = noop, _timeSeriesVal = noop;",
  ],
  [/timeSeriesVal\(_tzDate, timeSeriesStamp\(sv, _fmtDate\)\)/, "noop"],
  [/timeAxisVals\(_tzDate, timeAxisStamps\(av, _fmtDate\)\)/, "noop"],
  [/timeAxisVal\(_tzDate, av\)/, "noop"],
  [/const _fmtDate = .*/, ""],
  [/const showLegend = legend\.show;/, "const showLegend = false;"],
  [/const mode = self\.mode;/, "const mode = 1;"],
  [/const cursorFocus = .*/, "const cursorFocus = false;"],
  [/const cursorOnePt = .*/, "const cursorOnePt = false;"],
  [/if \(select\.show && dragging\)/, "if (false)"],
  ...[
    // Scales that are not linear.
    ...[
      "rangeLog",
      "rangeAsinh",
      "logAxisSplits",
      "asinhAxisSplits",
      "log10AxisValsFilt",
      "log2AxisValsFilt",
    ],
    ...["snapLogY", "snapAsinhY"],
    // A legend, bands between lines, lines that come and go, zooming by dragging: the page has none of them.
    ...["initLegendRow", "setLegendValues", "syncLegend", "clipBandLine"],
    ...["addSeries", "delSeries", "addBand", "delBand", "setBand"],
    ...["mouseDown", "mouseUp", "dblClick", "setLegend"],
    // Points on lines.
    "points",
  ].map(emptied),
];

/** A function of a name is there, and does nothing. */
function emptied(name: string): readonly [RegExp, string] {
  return [new RegExp(`^(\\t*)function ${name}\\([^]*?\\n\\1\\}`, "m"), `$1function ${name}() {}`];
}

export function leanCharts(): Plugin {
  return {
    name: "lean-charts",
    apply: "build",
    transform(code, id) {
      if (!id.endsWith("/uPlot.esm.js")) return null;
      return UPLOT_WITHOUT.reduce((text, [what, instead]) => {
        if (!what.test(text)) throw new Error(`this uPlot has no ${what}: see what its build is like now`);
        return text.replace(what, instead);
      }, code);
    },
  };
}

/** Chunks have no styles of their own and import what is there already: nothing is to be fetched ahead of them. */
export function plainImports(): Plugin {
  return {
    name: "plain-imports",
    apply: "build",
    enforce: "pre",
    load: (id) =>
      id === "\0vite/preload-helper.js" ? "export const __vitePreload = (load) => load();" : null,
  };
}
