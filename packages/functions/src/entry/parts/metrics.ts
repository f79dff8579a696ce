import { CloudWatchMetrics } from "@gonogo/adapters/cloudwatch/metrics";
import { guardedFetch, resolveName } from "@gonogo/adapters/http/guarded-fetch";
import { HttpMetricReader } from "@gonogo/adapters/http/metric";
import { SentrySessionsReader } from "@gonogo/adapters/sentry/sessions";
import { MetricsBySource, type Readers } from "../../metrics-by-source.ts";
import { defineLazily, type Process } from "../runtime.ts";
import { readSecret } from "../secrets.ts";

/** Each source is made when it is first read, so that one that is set up wrong does not stop the others. */
export function metrics(process: Process): MetricsBySource {
  const cloudwatch = new CloudWatchMetrics(process.aws);
  const now = () => process.base.clock.now();
  const readers: Readers = { cloudwatch, "cloudwatch-alarm": cloudwatch };
  defineLazily(
    readers,
    "http",
    () => new HttpMetricReader({ fetch: guardedFetch(), resolve: resolveName, now }),
  );
  defineLazily(readers, "sentry", () => sentry(process, now));
  return new MetricsBySource(readers);
}

function sentry(
  { environment }: Process,
  now: Process["base"]["clock"]["now"],
): SentrySessionsReader | undefined {
  const secret = readSecret("GONOGO_SENTRY", environment);
  if (secret === undefined) return undefined;
  return new SentrySessionsReader({ fetch, now, ...secret });
}
