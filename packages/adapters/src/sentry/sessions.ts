import { earliest, parseInstant } from "@gonogo/core/kit/instant";
import type { Reading } from "@gonogo/core/metric/judge";
import type { MetricReader, Point, ReadingRequest } from "@gonogo/core/metric/port";
import { unitOf } from "@gonogo/core/metric/relative";
import { z } from "zod";
import { call, digText, type Outside, OutsideError } from "../http/call.ts";

export interface SentryConfig extends Outside {
  readonly organization: string;
  /** With the scope `org:read`. */
  readonly token: string;
  /** `https://us.sentry.io`, `https://de.sentry.io`, or one's own. */
  readonly baseUrl?: string;
  /** How Sentry names a version, so that only the new one is counted: `com.example.app@{version}`. */
  readonly release?: string;
  readonly environment?: string;
}

const numbers = z.record(z.string(), z.number().nullable());
const Sessions = z.looseObject({
  start: z.string(),
  end: z.string(),
  intervals: z.array(z.string()).default([]),
  groups: z.array(
    z.looseObject({
      totals: numbers.default({}),
      series: z.record(z.string(), z.array(z.number().nullable())).default({}),
    }),
  ),
});
type Asked =
  | { readonly ok: true; readonly answer: z.infer<typeof Sessions> }
  | { readonly ok: false; readonly note: string };

/**
 * Crash-free rates by Sentry's sessions API, in percent, with how many sessions or users they stand on. What
 * cannot be read is a reading without a value, which holds. The API rounds its time to whole hours; the
 * reading says which time it speaks of.
 * https://docs.sentry.io/api/releases/retrieve-release-health-session-statistics
 */
export class SentrySessionsReader implements MetricReader {
  readonly #config: SentryConfig;

  constructor(config: SentryConfig) {
    this.#config = config;
  }

  async read(request: ReadingRequest): Promise<Reading> {
    const { metric, from, to } = request;
    const bare = { metric: metric.id, unit: unitOf(metric), from, to };
    const asked = await this.#ask(request);
    if (!asked.ok) return { ...bare, note: asked.note };
    const { answer } = asked;
    const { field, count } = fieldsOf(request);
    const [group] = answer.groups;
    const value = group?.totals[field];
    const told = {
      from: parseInstant(answer.start) ?? from,
      to: earliest(parseInstant(answer.end) ?? to, to),
    };
    if (value === undefined || value === null)
      return { ...bare, ...told, note: "Sentry has seen no sessions" };
    const counted = group?.totals[count];
    const scaled = scale(field, value);
    return {
      metric: metric.id,
      ...told,
      ...scaled,
      ...(typeof counted === "number" ? { count: counted } : {}),
      ...(this.#version(request) === undefined ? { note: "of all versions together" } : {}),
    };
  }

  async course(request: ReadingRequest, points: number): Promise<readonly Point[]> {
    const asked = await this.#ask(request);
    if (!asked.ok) return [];
    const { answer } = asked;
    const { field } = fieldsOf(request);
    const series = answer.groups[0]?.series[field] ?? [];
    const all = answer.intervals.flatMap((text, index): Point[] => {
      const at = parseInstant(text);
      const value = series[index];
      return at === undefined || typeof value !== "number" ? [] : [{ at, value: scale(field, value).value }];
    });
    return all.slice(-points);
  }

  async #ask(request: ReadingRequest): Promise<Asked> {
    const { source } = request.metric;
    if (source.kind !== "sentry") return { ok: false, note: `${source.kind} is not read from Sentry` };
    const { organization, token, baseUrl = "https://sentry.io", environment } = this.#config;
    const { field, count } = fieldsOf(request);
    const query = new URLSearchParams([
      ["field", field],
      ["field", count],
      ["start", request.from],
      ["end", request.to],
      ["interval", "1h"],
      source.project === undefined
        ? ["project", "-1"]
        : [/^\d+$/.test(source.project) ? "project" : "projectSlug", source.project],
    ]);
    if (environment !== undefined) query.set("environment", environment);
    const version = this.#version(request);
    if (version !== undefined) query.set("query", `release:"${version.replace(/["\\]/g, "\\$&")}"`);
    try {
      const answer = await call(this.#config, {
        what: "Sentry, read sessions",
        url: `${baseUrl.replace(/\/$/, "")}/api/0/organizations/${encodeURIComponent(organization)}/sessions/?${query}`,
        headers: { authorization: `Bearer ${token}` },
      });
      if (answer.status !== 200) {
        const why = digText(answer.json, "detail")?.slice(0, 300);
        return { ok: false, note: `Sentry answered ${answer.status}${why === undefined ? "" : `: ${why}`}` };
      }
      const read = Sessions.safeParse(answer.json);
      return read.success
        ? { ok: true, answer: read.data }
        : { ok: false, note: "Sentry's answer is not as documented" };
    } catch (error) {
      if (error instanceof OutsideError) return { ok: false, note: error.message };
      throw error;
    }
  }

  #version({ component }: ReadingRequest): string | undefined {
    const { release } = this.#config;
    return component === undefined ? undefined : release?.replaceAll("{version}", component.next);
  }
}

/** The field that was asked for, and the one that says on how much it stands. */
function fieldsOf({ metric }: ReadingRequest): { field: string; count: string } {
  const field = metric.source.kind === "sentry" ? metric.source.field : "";
  return { field, count: field.endsWith("(user)") ? "count_unique(user)" : "sum(session)" };
}

/** Rates are fractions there and percentages here. */
function scale(field: string, value: number): { value: number; unit: string } {
  if (!/^crash(_free)?_rate\(/.test(field)) return { value, unit: "" };
  return { value: Number((value * 100).toFixed(6)), unit: "%" };
}
