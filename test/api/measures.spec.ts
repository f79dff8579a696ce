import type { Instant } from "@gonogo/core/kit/instant";
import { beforeAll, describe, expect, it } from "vitest";
import { type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const RANGE = "from=2026-05-01T00:00:00Z&to=2026-06-01T00:00:00Z";
let api: VirtualApi;

const measures = async (query: string, as = "qa") => await api.ask("GET", `/v1/measures?${query}`, { as });

beforeAll(async () => {
  api = await virtualApi();
});

describe("the measures, from what is kept of each release at its end", () => {
  it("are of nothing before a release is over", async () => {
    expect((await measures(RANGE)).json).toMatchObject({ whole: { deployments: 0 } });
    const { text, headers } = await api.ask("GET", "/metrics", { as: "qa" });
    expect(headers.get("content-type")).toBe("application/openmetrics-text; version=1.0.0; charset=utf-8");
    expect(text).toBe("# EOF\n");
  });

  it("count it once it is rolled out, by component and environment, and read no log for it", async () => {
    await api.simulation.runToEnd();
    await api.simulation.runTo("2026-05-05T11:00:00.000Z" as Instant);
    const { json } = await measures(`${RANGE}&by=day`);
    expect(json).toMatchObject({
      whole: {
        deployments: 1,
        failures: 0,
        changeFailureRatio: 0,
        duration: { count: 1, withinTargetRatio: 1 },
        gateWait: { QA: { count: 1 }, "Release Manager": { count: 1 } },
      },
    });
    const days = json.periods as { from: string; deployments: number }[];
    expect(days).toHaveLength(31);
    expect(days.filter(({ deployments }) => deployments === 1).map(({ from }) => from)).toEqual([
      "2026-05-05T00:00:00.000Z",
    ]);
    const count = async (query: string) =>
      ((await measures(`${RANGE}&${query}`)).json.whole as { deployments: number }).deployments;
    expect(await count("component=orders-api&environment=Production")).toBe(1);
    expect(await count("component=web")).toBe(0);
    expect(await count("environment=Staging")).toBe(0);
  });

  it("end before the moment that was asked for, and begin at it", async () => {
    const { json } = await measures(RANGE);
    const at = (json.periods as { from: string; deployments: number }[]).find(
      ({ deployments }) => deployments === 1,
    )?.from;
    expect(at).toBe("2026-05-04T00:00:00.000Z");
    const before = await measures("from=2026-05-01T00:00:00Z&to=2026-05-05T00:00:00Z");
    expect(before.json.whole).toMatchObject({ deployments: 0 });
  });

  it("are CSV and OpenMetrics as well", async () => {
    const csv = await measures(`${RANGE}&by=month&format=csv`);
    expect(csv.headers.get("content-type")).toMatch(/^text\/csv/);
    expect(csv.text.split("\r\n")[1]).toMatch(/^2026-05-01T00:00:00.000Z,2026-06-01T00:00:00.000Z,1,/);
    const { text } = await api.ask("GET", "/metrics", { as: "qa" });
    expect(text).toContain('gonogo_deployments{component="orders-api",environment="Production"} 1\n');
    expect(text.endsWith("# EOF\n")).toBe(true);
  });

  it("are for those who say who they are, and for a stretch of time", async () => {
    expect((await api.ask("GET", "/v1/measures")).status).toBe(401);
    expect((await api.ask("GET", "/metrics")).status).toBe(401);
    const reversed = await measures("from=2026-06-01T00:00:00Z&to=2026-05-01T00:00:00Z");
    expect([reversed.status, reversed.json.code]).toEqual([422, "measures.range"]);
    const long = await measures("from=1990-01-01T00:00:00Z&to=2026-05-01T00:00:00Z&by=day");
    expect([long.status, long.json.code]).toEqual([422, "measures.range"]);
    expect((await measures("from=soon")).status).toBe(422);
  });
});
