import type { Random } from "../kernel/random.ts";
import { COMPARISONS, type MetricDefinition, type Source, TREATMENTS } from "./alarm-model.ts";
import {
  type Input,
  objects,
  optionalCount,
  optionalFlag,
  optionalNumber,
  optionalOneOf,
  optionalText,
  refuseOthers,
  text,
  texts,
} from "./checks.ts";
import { invalidCombination, invalidValue, missing, validation } from "./errors.ts";
import { optionalUnit, parseMetric } from "./metric.ts";
import { commonPeriod, parseQueries } from "./queries.ts";
import { checkPeriod, parseStatistic } from "./statistic.ts";

/** The short periods that an alarm may have. */
const SHORT = [10, 20, 30] as const;
const DAY = 86_400;
const SINGLE = "MetricName Namespace Statistic ExtendedStatistic Dimensions Period Unit";
const SERVED =
  `AlarmName AlarmDescription ActionsEnabled OKActions AlarmActions InsufficientDataActions ${SINGLE} ` +
  "EvaluationPeriods DatapointsToAlarm Threshold ComparisonOperator TreatMissingData Metrics Tags";

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
export function parseMetricAlarm(input: Input, random: Random): MetricDefinition {
  refuseOthers("PutMetricAlarm", input, SERVED);
  refuseActions(input);
  const comparison = optionalOneOf(
    input,
    "ComparisonOperator",
    Object.keys(COMPARISONS) as (keyof typeof COMPARISONS)[],
  );
  if (comparison === undefined) throw missing("ComparisonOperator");
  const evaluationPeriods = optionalCount(input, "EvaluationPeriods");
  if (evaluationPeriods === undefined) throw missing("EvaluationPeriods");
  const threshold = optionalNumber(input, "Threshold");
  if (threshold === undefined) throw missing("Threshold");
  const datapointsToAlarm = optionalCount(input, "DatapointsToAlarm");
  if ((datapointsToAlarm ?? 1) > evaluationPeriods) {
    throw validation("DatapointsToAlarm must not be more than EvaluationPeriods");
  }
  const treatment = optionalOneOf(input, "TreatMissingData", TREATMENTS);
  const source = parseSource(input, random);
  checkRange(source.period, evaluationPeriods);
  return {
    kind: "metric",
    ...parseCommon(input),
    source,
    evaluationPeriods,
    ...(datapointsToAlarm === undefined ? {} : { datapointsToAlarm }),
    threshold,
    comparison,
    ...(treatment === undefined ? {} : { treatment }),
  };
}

/** What both kinds of alarm have. */
export function parseCommon(input: Input): { description?: string; actionsEnabled: boolean } {
  const description = optionalText(input, "AlarmDescription", 1024);
  return {
    ...(description === undefined ? {} : { description }),
    actionsEnabled: optionalFlag(input, "ActionsEnabled") ?? true,
  };
}

/** State changes go to the default bus; to name an action and not run it would be to pretend. */
export function refuseActions(input: Input): void {
  for (const member of ["AlarmActions", "OKActions", "InsufficientDataActions"]) {
    if (texts(input, member).length === 0) continue;
    throw invalidValue(
      `${member}: the embedded engine runs no alarm actions. Leave the list empty and put a rule for ` +
        "'CloudWatch Alarm State Change' on the default event bus.",
    );
  }
}

function parseSource(input: Input, random: Random): Source {
  if (objects(input, "Metrics").length === 0) return parseSingle(input, random);
  const both = SINGLE.split(" ").find((member) => input[member] !== undefined);
  if (both !== undefined) throw invalidCombination(`Metrics and ${both} must not be given together.`);
  const queries = parseQueries(input, "Metrics", SHORT);
  const returned = queries.filter((query) => query.returned);
  if (returned.length !== 1) {
    throw validation(
      `Exactly one element of Metrics must return data; ${returned.length} do (ReturnData is true unless told)`,
    );
  }
  const period = commonPeriod(queries);
  if (period === undefined) throw validation("All Metrics of an alarm must have one and the same Period");
  return { kind: "math", queries, period };
}

function parseSingle(input: Input, random: Random): Source {
  const plain = optionalText(input, "Statistic");
  const extended = optionalText(input, "ExtendedStatistic");
  const statistic = plain ?? extended;
  if (statistic === undefined) throw missing("Statistic or ExtendedStatistic");
  if (plain !== undefined && extended !== undefined) {
    throw invalidCombination("Statistic and ExtendedStatistic must not be given together.");
  }
  const isPercentile = parseStatistic(statistic, "Statistic").kind === "percentile";
  if (isPercentile !== (extended !== undefined)) {
    throw invalidValue("A percentile is given as ExtendedStatistic, every other statistic as Statistic.");
  }
  const period = optionalNumber(input, "Period");
  if (period === undefined) throw missing("Period");
  const unit = optionalUnit(input);
  text(input, "MetricName", 255);
  return {
    kind: "metric",
    // CloudWatch names the only metric of such an alarm itself, anew with each change.
    id: random.uuid(),
    metric: parseMetric(input),
    period: checkPeriod(period, SHORT),
    statistic,
    extended: isPercentile,
    ...(unit === undefined ? {} : { unit }),
  };
}

function checkRange(period: number, evaluationPeriods: number): void {
  const most = period >= 3600 ? 7 * DAY : DAY;
  if (period * evaluationPeriods <= most) return;
  throw validation(
    `Metrics cannot be checked across more than ${most === DAY ? "a day" : "a week"} ` +
      `(EvaluationPeriods * Period must be <= ${most})`,
  );
}
