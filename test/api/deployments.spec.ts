import type { DeploymentEntry } from "@gonogo/client/contract";
import type { Instant } from "@gonogo/core/kit/instant";
import { beforeAll, describe, expect, it } from "vitest";
import { type VirtualApi, virtualApi } from "../support/virtual-api.ts";

let api: VirtualApi;
const get = async (query = "") => {
  const { status, json, text, headers } = await api.ask("GET", `/v1/deployments${query}`, { as: "qa" });
  return { status, items: (json.items ?? []) as DeploymentEntry[], json, text, headers };
};

beforeAll(async () => {
  api = await virtualApi();
});

describe("the log of deployments", () => {
  it("is empty until something starts, and has each release that did, as it stands", async () => {
    expect((await get()).items).toEqual([]);
    await api.simulation.runUntil(
      ({ state }) => state.steps["phase-1"]?.status === "watching",
      "2026-05-05T11:00:00.000Z" as Instant,
    );
    expect((await get()).items).toMatchObject([
      {
        release: "REL-SMALL",
        outcome: "rolling-out",
        components: [{ id: "orders-api", version: "42", shares: [10, 100], strategy: "phased" }],
      },
    ]);
    await api.simulation.setAlarm("Orders5xx", "ALARM");
    await api.simulation.runToEnd();
    const { items, json } = await get();
    expect(items).toMatchObject([
      { release: "REL-SMALL", outcome: "rolled-back", rollback: { left: [], took: expect.any(String) } },
    ]);
    expect(Object.keys(json.names as object).length).toBeGreaterThan(0);
  });

  it("is searched by environment, component and time", async () => {
    const started = (await get()).items[0]?.startedAt ?? "";
    const soon = new Date(Date.parse(started) + 1).toISOString();
    for (const [query, found] of [
      ["environment=Production", 1],
      ["environment=Staging", 0],
      ["component=orders-api", 1],
      ["component=web", 0],
      [`from=${started}`, 1],
      [`from=${soon}`, 0],
      [`to=${started}`, 0],
      [`to=${soon}`, 1],
      [`environment=Production&from=${started}&to=${soon}&component=orders-api`, 1],
    ] as const) {
      expect([query, (await get(`?${query}`)).items.length]).toEqual([query, found]);
    }
    for (const wrong of ["from=yesterday", "limit=1000", "after=x", "as=xml"]) {
      expect([wrong, (await get(`?${wrong}`)).status]).toEqual([wrong, 422]);
    }
  });

  it("comes as a table, and as lines of JSON", async () => {
    const csv = await get("?as=csv");
    expect(csv.headers.get("content-type")).toMatch(/^text\/csv/);
    const [head, row, ...rest] = csv.text.trimEnd().split("\r\n");
    expect(rest).toEqual([]);
    expect(head).toMatch(/^release,/);
    expect(row).toMatch(/^REL-SMALL,Production,rolled-back,/);
    const lines = await get("?as=jsonl");
    expect(lines.headers.get("content-type")).toMatch(/ndjson/);
    expect(JSON.parse(lines.text)).toEqual((await get()).items[0]);
  });

  it("is read page by page, each entry once, the newest first", async () => {
    const { control } = api.simulation;
    const [entry] = (await get()).items;
    const loaded = await api.simulation.load();
    if (entry === undefined) throw new Error("no entry");
    for (const n of [1, 2, 3, 4]) {
      const release = `REL-OLD-${n}`;
      const startedAt = `2026-01-0${n}T00:00:00.000Z` as Instant;
      const environment = n % 2 === 0 ? "Staging" : "Production";
      const deployed = { ...entry, release, startedAt, environment };
      await control.during(() =>
        control.runtime.store.append({
          release,
          before: 0,
          records: [],
          state: { ...loaded.state, id: release },
          claims: { acquire: [], release: [], bind: [], unbind: [], deployed },
        }),
      );
    }
    for (const [query, expected] of [
      ["", ["REL-SMALL", "REL-OLD-4", "REL-OLD-3", "REL-OLD-2", "REL-OLD-1"]],
      ["&environment=Staging", ["REL-OLD-4", "REL-OLD-2"]],
      ["&from=2026-01-02&to=2026-01-04", ["REL-OLD-3", "REL-OLD-2"]],
    ] as const) {
      const found: string[] = [];
      let after = "";
      for (let page = 0; page < 6; page++) {
        const { items, json } = await get(`?limit=2${query}${after}`);
        found.push(...items.map(({ release }) => release));
        if (json.next === undefined) break;
        after = `&after=${encodeURIComponent(String(json.next))}`;
      }
      expect(found).toEqual(expected);
    }
  });
});
