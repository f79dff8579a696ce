import type { Instant } from "@gonogo/core/kit/instant";
import type { ReadingRequest } from "@gonogo/core/metric/port";
import { Metric } from "@gonogo/core/metric/schema";
import { samplePlan } from "@gonogo/core/testing/plans";
import { describe, expect, it } from "vitest";
import { HttpMetricReader } from "./metric.ts";

const now = "2026-03-01T12:00:00.000Z" as Instant;

function asking(source: object = {}): ReadingRequest {
  const metric = Metric.parse({
    id: "latency",
    name: "p99",
    threshold: "< 300 ms",
    owner: "Ops",
    source: {
      kind: "http",
      url: "https://metrics.example.org/p99?key=5ecret",
      path: "/data/0/p99",
      ...source,
    },
  });
  return { plan: samplePlan(), metric, from: now, to: now };
}

function reader(answer: () => Response | Promise<Response>, addresses = ["93.184.216.34"]) {
  return new HttpMetricReader({
    fetch: async () => await answer(),
    resolve: async () => addresses,
    now: () => now,
  });
}

const body = { data: [{ p99: 212.5, requests: 4000, label: "12" }] };

describe("a number in a JSON answer", () => {
  it("is read by its pointer, in the threshold's unit, with its count", async () => {
    const json = reader(() => Response.json(body));
    const reading = { metric: "latency", unit: "ms", from: now, to: now, value: 212.5 };
    expect(await json.read(asking())).toEqual(reading);
    expect(await json.read(asking({ countPath: "/data/0/requests" }))).toEqual({ ...reading, count: 4000 });
  });

  it.each([
    ["there is no number", () => Response.json({ data: [] }), {}, /no number at \/data\/0\/p99/],
    ["it is text", () => Response.json(body), { path: "/data/0/label" }, /no number/],
    ["it is not JSON", () => new Response("<html>"), {}, /did not answer JSON/],
    ["it is not there", () => new Response("", { status: 404 }), {}, /answered 404/],
    ["it is down", () => new Response("", { status: 502 }), {}, /answered 502/],
    ["it cannot be reached", () => Promise.reject(new TypeError("fetch failed")), {}, /cannot be reached/],
    ["it is too long", () => new Response("1".repeat(1_100_000)), {}, /larger than/],
    [
      "it leads inside",
      () => Response.json(body),
      { url: "http://169.254.169.254/x" },
      /not a public address/,
    ],
  ])("has no value when %s, and says why without the query", async (_what, answer, source, note) => {
    const reading = await reader(answer).read(asking(source));
    expect(reading.value).toBeUndefined();
    expect(reading.note).toMatch(note);
    expect(reading.note).not.toContain("5ecret");
  });

  it("is not asked for at a name that leads inside", async () => {
    let asked = 0;
    const inside = reader(() => {
      asked += 1;
      return Response.json(body);
    }, ["10.0.0.7"]);
    expect((await inside.read(asking())).note).toMatch(/10\.0\.0\.7/);
    expect(asked).toBe(0);
  });
});
