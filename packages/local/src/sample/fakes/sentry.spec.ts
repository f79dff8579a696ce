import { readSentry } from "@gonogo/adapters/sentry/index";
import { SentrySessionsReader } from "@gonogo/adapters/sentry/sessions";
import type { Instant } from "@gonogo/core/kit/instant";
import { judgeReading } from "@gonogo/core/metric/judge";
import type { ReadingRequest } from "@gonogo/core/metric/port";
import { Metric } from "@gonogo/core/metric/schema";
import type { ComponentState } from "@gonogo/core/release/state";
import { samplePlan } from "@gonogo/core/testing/plans";
import { describe, expect, it } from "vitest";
import { fetchOf } from "./answers.ts";
import { type FakeSentryState, fakeSentry, sentryAlert } from "./sentry.ts";

const now = "2026-03-01T12:30:00.000Z" as Instant;
const from = "2026-03-01T11:15:00.000Z" as Instant;
const plan = samplePlan();

function world(change: { token?: string } = {}) {
  const session = (at: string, release: string, total: number, crashed: number) => ({
    at: at as Instant,
    project: "ios",
    release: `com.example.app@${release}`,
    total,
    crashed,
    users: total / 2,
  });
  const state: FakeSentryState = {
    organization: "acme",
    token: "sntryu_secret",
    clientSecret: "client-secret",
    sessions: [
      session("2026-03-01T11:05:00.000Z", "2.3.0", 9000, 0),
      session("2026-03-01T11:20:00.000Z", "2.4.0", 600, 6),
      session("2026-03-01T12:10:00.000Z", "2.4.0", 400, 2),
      session("2026-03-01T09:00:00.000Z", "2.4.0", 100, 100),
    ],
  };
  const reader = new SentrySessionsReader({
    fetch: fetchOf({ "sentry.io": fakeSentry(state) }),
    now: () => now,
    organization: "acme",
    token: change.token ?? state.token,
    release: "com.example.app@{version}",
  });
  return { state, reader };
}

function asking(source: object = {}, component = true): ReadingRequest {
  const metric = Metric.parse({
    id: "crash-free",
    name: "Crash-free sessions",
    threshold: ">= 99 %",
    owner: "Mobile Lead",
    source: { kind: "sentry", project: "ios", ...source },
  });
  const state = { previous: "2.3.0", next: "2.4.0" } as ComponentState;
  return { plan, metric, from, to: now, ...(component ? { component: state } : {}) };
}

describe("a crash-free rate from Sentry", () => {
  it("is of the new version, in percent, with what it stands on and the hours it speaks of", async () => {
    expect(await world().reader.read(asking())).toEqual({
      metric: "crash-free",
      value: 99.2,
      unit: "%",
      count: 1000,
      from: "2026-03-01T11:00:00.000Z",
      to: now,
    });
  });

  it("passes or holds by core's own rules", async () => {
    const { reader, state } = world();
    const request = asking();
    expect(judgeReading(request.metric, await reader.read(request), now)).toMatchObject({ verdict: "pass" });
    state.sessions[1] = {
      ...state.sessions[1],
      total: 20,
      crashed: 0,
    } as FakeSentryState["sessions"][number];
    state.sessions[2] = {
      ...state.sessions[2],
      total: 20,
      crashed: 0,
    } as FakeSentryState["sessions"][number];
    expect(judgeReading(request.metric, await reader.read(request), now)).toMatchObject({ verdict: "hold" });
  });

  it("counts users where it is of users", async () => {
    const reading = await world().reader.read(asking({ field: "crash_free_rate(user)" }));
    expect(reading).toMatchObject({ value: 99.2, count: 500 });
  });

  it("says so when it is of all versions together", async () => {
    const reading = await world().reader.read(asking({}, false));
    expect(reading).toMatchObject({ value: 99.92, count: 10_000, note: "of all versions together" });
  });

  it("has a course, hour by hour, as long as it is wanted", async () => {
    const { reader } = world();
    const both = [
      { at: "2026-03-01T11:00:00.000Z", value: 99 },
      { at: "2026-03-01T12:00:00.000Z", value: 99.5 },
    ];
    expect(await reader.course(asking(), 10)).toEqual(both);
    expect(await reader.course(asking(), 1)).toEqual(both.slice(1));
  });

  it.each([
    ["nothing was seen", {}, { project: "android" }, /no sessions/],
    ["the token is wrong", { token: "stolen" }, {}, /answered 401: Invalid token/],
    ["the field is unknown", {}, { field: "happiness(user)" }, /answered 400: Invalid field/],
  ])("has no value when %s, and says why", async (_what, change, source, note) => {
    const reading = await world(change).reader.read(asking(source));
    expect(reading.value).toBeUndefined();
    expect(reading).toMatchObject({ metric: "crash-free", unit: "%", note: expect.stringMatching(note) });
    expect(JSON.stringify(reading)).not.toMatch(/sntryu|stolen/);
  });

  it("has no value when Sentry cannot be reached", async () => {
    const reader = new SentrySessionsReader({
      fetch: fetchOf({}),
      now: () => now,
      organization: "acme",
      token: "t",
    });
    expect(await reader.read(asking())).toMatchObject({ note: expect.stringMatching(/cannot be reached/) });
    expect(await reader.course(asking(), 5)).toEqual([]);
  });
});

describe("an alert that the fake sends", () => {
  it.each([
    ["critical", "alarm"],
    ["warning", "unknown"],
    ["resolved", "ok"],
  ] as const)("%s is read as %s by the adapter", async (action, state) => {
    const alert = { rule: "Crash-free sessions", action, since: from, says: "98% sessions crash free rate" };
    const request = sentryAlert(world().state, "https://gonogo.example.org/signals/sentry", alert, now);
    const body = new Uint8Array(await request.arrayBuffer());
    const at = action === "resolved" ? now : from;
    expect(readSentry(request.headers, body, ["client-secret"], now)).toMatchObject({
      ok: true,
      signals: [{ source: "sentry", name: "Crash-free sessions", state, at }],
    });
    expect(readSentry(request.headers, body, ["another"], now)).toMatchObject({ status: 401 });
  });
});
