import {
  type Input,
  objects,
  optionalFlag,
  optionalNumber,
  optionalText,
  refuseOthers,
  structure,
  text,
} from "./checks.ts";
import { invalidCombination, invalidValue, missing, validation } from "./errors.ts";
import { type Expression, idsIn, parseMath } from "./math.ts";
import { asSeries, evaluate, type MathValue, type TimeSeries } from "./math-value.ts";
import { type Metric, optionalUnit, parseMetric } from "./metric.ts";
import { checkPeriod, parseStatistic, statisticOf } from "./statistic.ts";
import type { MetricStore } from "./store.ts";

/** One of the MetricDataQueries of GetMetricData, or of the Metrics of an alarm. */
export type Query = MetricQuery | ExpressionQuery;

interface QueryBase {
  readonly id: string;
  readonly label?: string;
  readonly returned: boolean;
}

export interface MetricQuery extends QueryBase {
  readonly kind: "metric";
  readonly metric: Metric;
  /** Seconds. */
  readonly period: number;
  readonly statistic: string;
  readonly unit?: string;
}

export interface ExpressionQuery extends QueryBase {
  readonly kind: "expression";
  readonly expression: string;
  readonly period?: number;
}

/** Milliseconds; `to` is not within it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export function parseQueries(input: Input, member: string, shortPeriods: readonly number[]): Query[] {
  const queries = objects(input, member).map((each) => parseQuery(each, member, shortPeriods));
  if (queries.length === 0) throw missing(member);
  const ids = queries.map(({ id }) => id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) throw validation(`The id '${twice}' is used twice in ${member}`);
  for (const query of queries) {
    if (query.kind === "metric") continue;
    const unknown = idsIn(parseMath(query.expression)).find((id) => !ids.includes(id));
    if (unknown === undefined) continue;
    throw validation(
      `Error in expression '${query.id}': no query has the id '${unknown}' (there are ${ids.join(", ")})`,
    );
  }
  checkOrder(queries);
  return queries;
}

function parseQuery(input: Input, member: string, shortPeriods: readonly number[]): Query {
  refuseOthers(member, input, "Id MetricStat Expression Label ReturnData Period");
  const id = text(input, "Id", 255);
  if (!/^[a-z][a-zA-Z0-9_]*$/.test(id)) {
    throw validation(`The id '${id}' is invalid: it begins with a small letter, then letters, digits and _`);
  }
  const label = optionalText(input, "Label");
  const base = {
    id,
    returned: optionalFlag(input, "ReturnData") ?? true,
    ...(label === undefined ? {} : { label }),
  };
  const stat = structure(input, "MetricStat");
  const expression = optionalText(input, "Expression", 2048);
  const period = optionalNumber(input, "Period");
  if ((stat === undefined) === (expression === undefined)) {
    throw invalidCombination(`The query '${id}' must have either MetricStat or Expression.`);
  }
  if (expression !== undefined) {
    parseMath(expression);
    if (period !== undefined) checkPeriod(period, shortPeriods);
    return { ...base, kind: "expression", expression, ...(period === undefined ? {} : { period }) };
  }
  if (stat === undefined) throw missing("MetricStat");
  return { ...base, ...parseMetricStat(stat, shortPeriods) };
}

function parseMetricStat(stat: Input, shortPeriods: readonly number[]) {
  refuseOthers("MetricStat", stat, "Metric Period Stat Unit");
  const metric = structure(stat, "Metric");
  if (metric === undefined) throw missing("MetricStat.Metric");
  refuseOthers("Metric", metric, "Namespace MetricName Dimensions");
  const period = optionalNumber(stat, "Period");
  if (period === undefined) throw missing("MetricStat.Period");
  const statistic = text(stat, "Stat");
  parseStatistic(statistic);
  const unit = optionalUnit(stat);
  return {
    kind: "metric" as const,
    metric: parseMetric(metric),
    period: checkPeriod(period, shortPeriods),
    statistic,
    ...(unit === undefined ? {} : { unit }),
  };
}

/** Refuses expressions that wait for each other. */
function checkOrder(queries: readonly Query[]): void {
  const done = new Set<string>();
  const open = new Set<string>();
  const visit = (id: string): void => {
    if (done.has(id)) return;
    if (open.has(id)) throw validation(`Error in expression '${id}': it is made of itself`);
    open.add(id);
    const query = queries.find((each) => each.id === id);
    if (query?.kind === "expression") idsIn(parseMath(query.expression)).forEach(visit);
    done.add(id);
  };
  for (const { id } of queries) visit(id);
}

/** The one period of all metrics in the queries; undefined where there are none, or several. */
export function commonPeriod(queries: readonly Query[]): number | undefined {
  const periods = new Set(queries.flatMap((query) => query.period ?? []));
  const [only] = periods;
  return periods.size === 1 ? only : undefined;
}

/** The beginnings of the periods in a span, from its own beginning. */
export function beginnings(span: Span, periodSeconds: number): number[] {
  const step = periodSeconds * 1000;
  const count = Math.max(0, Math.ceil((span.to - span.from) / step));
  return Array.from({ length: count }, (_, index) => span.from + index * step);
}

/** The value of each period of a metric; those without a value are left out. */
export function readSeries(
  store: MetricStore,
  query: Omit<MetricQuery, keyof QueryBase>,
  span: Span,
): TimeSeries {
  const statistic = parseStatistic(query.statistic);
  const points = beginnings(span, query.period).flatMap((at) => {
    const aggregate = store.read(query.metric, query.unit, at, at + query.period * 1000);
    const value = statisticOf(aggregate, statistic);
    return value === undefined ? [] : [[at, value] as const];
  });
  return new Map(points);
}

/** Works out queries over a span that begins where their periods do. */
export class QueryRun {
  #store: MetricStore;
  #queries: readonly Query[];
  #span: Span;
  #known = new Map<string, TimeSeries>();
  #parsed = new Map<string, Expression>();

  constructor(store: MetricStore, queries: readonly Query[], span: Span) {
    this.#store = store;
    this.#queries = queries;
    this.#span = span;
  }

  series(id: string): TimeSeries {
    const query = this.#queries.find((each) => each.id === id);
    if (query === undefined) throw validation(`no query has the id '${id}'`);
    if (query.kind === "metric") return this.#metric(query);
    return asSeries(this.#value(query), this.#times());
  }

  #value(query: ExpressionQuery): MathValue {
    const parsed = this.#parsed.get(query.id) ?? parseMath(query.expression);
    this.#parsed.set(query.id, parsed);
    return evaluate(parsed, {
      get: (id) => {
        const found = this.#queries.find((each) => each.id === id);
        if (found === undefined) throw validation(`no query has the id '${id}'`);
        return found.kind === "metric" ? this.#metric(found) : this.#value(found);
      },
      metrics: () => this.#queries.flatMap((each) => (each.kind === "metric" ? [this.#metric(each)] : [])),
      times: this.#times(),
    });
  }

  #metric(query: MetricQuery): TimeSeries {
    const known = this.#known.get(query.id);
    if (known !== undefined) return known;
    const series = readSeries(this.#store, query, this.#span);
    this.#known.set(query.id, series);
    return series;
  }

  #times(): number[] {
    const period = commonPeriod(this.#queries);
    if (period === undefined) {
      throw invalidValue("Expressions need metrics of one and the same Period in the embedded engine.");
    }
    return beginnings(this.#span, period);
  }
}
