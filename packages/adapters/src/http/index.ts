export { guardedFetch, resolveName } from "./guarded-fetch.ts";
export { type HttpMetricConfig, HttpMetricReader } from "./metric.ts";
export { type ProbeConfig, type ProbeRequest, type ProbeResult, probe } from "./probe.ts";
