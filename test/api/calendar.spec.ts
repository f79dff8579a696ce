import { OutsideError } from "@gonogo/adapters/http/call";
import { readICalendar } from "@gonogo/adapters/icalendar/index";
import { minutes } from "@gonogo/core/kit/duration";
import { type Instant, plus } from "@gonogo/core/kit/instant";
import type { Batch } from "@gonogo/core/release/ports";
import { sweep } from "@gonogo/functions/events/sweep";
import { executeForDeployment } from "@gonogo/functions/execute-deployment";
import type { CalendarFeeds } from "@gonogo/functions/runtime";
import { afterEach, describe, expect, it } from "vitest";
import { smallPlan } from "../support/small-plan.ts";
import { untilWatching, type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const MANAGER = "release-manager";
const REASON = "an incident next door";
let api: VirtualApi;
let keys = 0;

afterEach(() => api.simulation.stop());

async function open(): Promise<void> {
  api = await virtualApi();
}

const send = (method: string, path: string, body: unknown, as = MANAGER, key = `k${keys++}`) =>
  api.ask(method, path, { as, key, body });
const get = (path: string) => api.ask("GET", path, { as: MANAGER });
const rules = (text: string) => send("PUT", "/v1/calendar/rules", { text, reason: REASON });
const release = async () => (await get("/v1/releases/REL-SMALL")).json;
const MONTHLY = `
calendar: 1
zone: Europe/Berlin
notice: { before: 7 days, channel: "Status page" }
freezes:
  - { name: Christmas, dates: 12-24..12-26 }
windows:
  - { name: Monthly maintenance, every: first Tuesday, from: "02:00", to: "04:00", zone: UTC }
`;

describe("the deployment's calendar", () => {
  it("is kept with its rules, shown between two moments, and written for calendar programs", async () => {
    await open();
    expect((await rules(MONTHLY)).json).toMatchObject({ seq: 1, version: 1 });
    const shown = await get("/v1/calendar?from=2026-12-01&to=2026-12-31");
    expect(shown.json.entries).toMatchObject([
      { kind: "window", from: "2026-12-01T02:00:00.000Z", to: "2026-12-01T04:00:00.000Z" },
      { kind: "freeze", name: "Christmas", from: "2026-12-23T23:00:00.000Z", to: "2026-12-26T23:00:00.000Z" },
    ]);
    const text = await get("/v1/calendar.ics?from=2026-12-01&to=2026-12-31");
    expect(text.headers.get("content-type")).toContain("text/calendar");
    const read = readICalendar(text.text, {
      name: "back",
      kind: "freeze",
      scope: {},
      zone: "UTC",
      from: "2026-01-01T00:00:00.000Z" as Instant,
      to: "2027-01-01T00:00:00.000Z" as Instant,
    });
    expect(read.ok && read.spans.map(({ name }) => name)).toEqual([
      "Maintenance: Monthly maintenance",
      "Freeze: Christmas",
    ]);
    const yaml = (await get("/v1/calendar/rules")).text;
    expect((await rules(yaml)).json).toMatchObject({ version: 1 });
    expect((await get("/v1/deployment/verification")).json).toMatchObject({ ok: true });
    expect((await get("/v1/deployment/records")).json.items).toHaveLength(1);
  });

  it("tells when rules would fall before they are set, or what is wrong with them", async () => {
    await open();
    const tried = await send("POST", "/v1/calendar/rules/preview", { text: MONTHLY });
    expect(tried.json).toMatchObject({ ok: true, problems: [] });
    const next = tried.json.next as { name: string; spans: { from: string }[] }[];
    expect(next.map(({ name, spans }) => [name, spans.length])).toEqual([
      ["Christmas", 1],
      ["Monthly maintenance", 5],
    ]);
    expect(next[1]?.spans[0]?.from).toMatch(/T02:00:00/);
    const text = MONTHLY.replace("first Tuesday", "now and then");
    const wrongly = await send("POST", "/v1/calendar/rules/preview", { text });
    expect(wrongly.json).toMatchObject({ ok: false, next: [] });
    expect(wrongly.json.problems).toMatchObject([{ pointer: "/windows/0/every", severity: "error" }]);
    expect((await get("/v1/calendar")).json).toMatchObject({ version: 0 });
  });

  const wrong: [string, string, unknown, number, string][] = [
    [
      "PUT",
      "rules",
      { text: "calendar: 1\nfreezes: [{ name: A, every: sometimes }]", reason: "x" },
      422,
      "plan.invalid",
    ],
    ["PUT", "rules", { text: MONTHLY }, 422, "request.invalid"],
    ["POST", "freezes", { name: "F", reason: "x" }, 422, "calendar.no-end"],
    ["POST", "freezes", { name: "F", to: "2020-01-01", reason: "x" }, 422, "calendar.past"],
    ["POST", "freezes", { name: "F", for: "91 days", reason: "x" }, 422, "calendar.too-long"],
    ["POST", "holidays", { name: "F", for: "1 d", reason: "x" }, 422, "request.invalid"],
    ["DELETE", "freezes/freeze-9", { reason: "x" }, 404, "calendar.unknown-span"],
    ["DELETE", "imports/nothing", { reason: "x" }, 404, "calendar.unknown-import"],
    ["PUT", "imports/fair", { kind: "freeze", text: "hello", reason: "x" }, 422, "calendar.not-read"],
    ["PUT", "imports/fair", { kind: "freeze", reason: "x" }, 422, "request.invalid"],
    [
      "PUT",
      "imports/fair",
      { kind: "freeze", url: "https://169.254.169.254/a.ics", reason: "x" },
      422,
      "calendar.feed-not-allowed",
    ],
  ];
  it("says what is wrong with a request, and changes nothing by it", async () => {
    await open();
    for (const [method, path, body, status, code] of wrong) {
      const answer = await send(method, `/v1/calendar/${path}`, body);
      expect([path, answer.status, answer.json.code]).toEqual([path, status, code]);
    }
    expect((await get("/v1/calendar")).json).toMatchObject({ version: 0, entries: [] });
    expect((await get("/v1/calendar?from=2026-01-02&to=2026-01-01")).status).toBe(422);
  });

  it("takes a freeze from anyone with a role, and the rest from those who keep it", async () => {
    await open();
    const freeze = { name: "Incident", for: "2 h", reason: REASON };
    expect((await send("POST", "/v1/calendar/freezes", freeze, "qa")).status).toBe(200);
    const lifted = await send("DELETE", "/v1/calendar/freezes/freeze-1", { reason: REASON }, "qa");
    expect([lifted.status, lifted.json.code]).toEqual([403, "calendar.not-your-role"]);
    expect((await send("POST", "/v1/calendar/windows", freeze, "qa")).status).toBe(403);
    expect((await api.ask("DELETE", "/v1/calendar/freezes/freeze-1")).status).toBe(401);
    const { items } = (await get("/v1/deployment/records")).json as { items: { event: { type: string } }[] };
    expect(items.map(({ event }) => event.type)).toEqual([
      "CalendarSpanDeclared",
      "CommandRefused",
      "CommandRefused",
    ]);
  });

  it("says which windows were declared with too little notice, and announces each once", async () => {
    await open();
    const from = plus(api.now(), minutes(60 * 24 * 3));
    const window = { name: "Patches", from, for: "2 h", reason: "a patch that cannot wait" };
    expect((await send("POST", "/v1/calendar/windows", window)).json).toMatchObject({ shortNotice: true });
    const { control } = api.simulation;
    for (let time = 0; time < 2; time++) await control.during(() => sweep(control.runtime));
    await control.clock.advance(60_000);
    const { notices, entries } = (await get("/v1/calendar")).json;
    expect(notices).toMatchObject([{ status: "sent", window: { name: "Patches" }, channel: "default" }]);
    expect(entries).toMatchObject([{ shortNotice: true, reason: "a patch that cannot wait" }]);
  });
});

describe("a release and the calendar", () => {
  it("is told at its submission what it will have to wait for, and refused what it cannot wait for", async () => {
    await open();
    const start = "2026-05-06T10:00:00Z";
    const text = smallPlan({ id: "REL-NEXT", start });
    const day = (from: string, to: string) =>
      rules(`
calendar: 1
freezes: [{ name: Fair, dates: 2026-05-06..2026-05-07, from: "${from}", to: "${to}" }]`);
    await day("10:01", "10:02");
    const checked = await send("POST", "/v1/plans/check", { text });
    const codes = (checked.json.problems as { code: string }[]).map(({ code }) => code);
    expect([checked.json.ok, codes]).toEqual([true, expect.arrayContaining(["plan.waits-for-calendar"])]);
    const preview = await send("POST", "/v1/plans/preview", { text });
    const held = (preview.json.rows as { heldBy?: string }[]).filter(({ heldBy }) => heldBy !== undefined);
    expect(held.length).toBeGreaterThan(0);
    await day("00:00", "24:00");
    const refused = await send("POST", "/v1/releases", { text }, "pipeline");
    expect([refused.status, refused.json.code]).toEqual([422, "plan.invalid"]);
    expect(refused.json.problems).toContainEqual(expect.objectContaining({ code: "plan.start-frozen" }));
  });

  it("waits over a freeze that is declared live, and goes on when it is over", async () => {
    await open();
    await untilWatching(api);
    const before = api.now();
    const declared = await send("POST", "/v1/calendar/freezes", {
      name: "Payment incident",
      for: "3 h",
      incident: "INC-7",
      environments: ["production"],
      reason: REASON,
    });
    expect(declared.json).toMatchObject({ id: "freeze-1", told: ["REL-SMALL"] });
    const thaw = plus(before, minutes(180));
    expect(await release()).toMatchObject({
      freezes: [{ name: "Payment incident", active: true, incident: "INC-7", to: thaw }],
      waitsFor: expect.arrayContaining([expect.objectContaining({ by: thaw })]),
    });
    await api.simulation.runToEnd();
    const { state } = await api.simulation.load();
    expect(state.status).toBe("completed");
    const records = await api.simulation.records();
    const shifted = records.filter(({ event }) => event.type === "ShiftIntended").map(({ at }) => at);
    expect(shifted.filter((at) => at > before && at < thaw)).toEqual([]);
    expect(shifted.some((at) => at === thaw)).toBe(true);
    expect(records.map(({ event }) => event.type)).toContain("FreezeDeclared");
    // The window that was open went on: its phase passed in the midst of the freeze.
    const passed = records.find(({ event }) => event.type === "PhasePassed");
    expect(passed !== undefined && passed.at < thaw).toBe(true);
  });

  it("goes on at once where the freeze is lifted, and is rolled back in one all the same", async () => {
    for (const isRed of [false, true]) {
      await open();
      await untilWatching(api);
      await send("POST", "/v1/calendar/freezes", { name: "Incident", for: "5 h", reason: REASON });
      const declaredAt = api.now();
      await api.simulation.runTo(plus(declaredAt, minutes(60)));
      if (isRed) await api.simulation.setAlarm("Orders5xx", "ALARM");
      else await send("DELETE", "/v1/calendar/freezes/freeze-1", { reason: "over" });
      await api.simulation.runTo(plus(declaredAt, minutes(70)));
      const { state } = await api.simulation.load();
      if (isRed) expect(state.status).toBe("rolled-back");
      else expect(state.steps["phase-2"]?.shiftedAt).toBe(plus(declaredAt, minutes(60)));
      if (!isRed) api.simulation.stop();
    }
  });

  it("shifts nothing where a freeze is declared between its look and its write", async () => {
    await open();
    await untilWatching(api);
    const { control } = api.simulation;
    const { store } = control.runtime;
    const append = store.append.bind(store);
    let isDeclared = false;
    // What the shift has read of the calendar is old by the time that it writes.
    Object.assign(store, {
      append: async (batch: Batch) => {
        const isSecond = batch.records.some(
          ({ event }) => event.type === "ShiftIntended" && event.step === "phase-2",
        );
        if (isSecond && !isDeclared) {
          isDeclared = true;
          await executeForDeployment(control.runtime, {
            id: "race",
            actor: { kind: "person", id: "psn_1", roles: ["Release Manager"] },
            reason: REASON,
            body: { type: "DeclareSpan", kind: "freeze", name: "Race", for: minutes(120) },
          });
        }
        return await append(batch);
      },
    });
    await api.simulation.runToEnd();
    const records = await api.simulation.records();
    const declared = records.find(({ event }) => event.type === "FreezeDeclared");
    const second = records.find(({ event }) => event.type === "ShiftIntended" && event.step === "phase-2");
    expect(isDeclared).toBe(true);
    expect(declared?.event).toMatchObject({ name: "Race" });
    expect(
      declared !== undefined && second !== undefined && second.at >= plus(declared.at, minutes(120)),
    ).toBe(true);
  });
});

describe("a feed", () => {
  const ADDRESS = "https://calendar.example.com/private-hunter2/basic.ics";
  const calendar = (day: string) =>
    [
      "BEGIN:VCALENDAR",
      "VERSION:2.0",
      "BEGIN:VEVENT",
      "UID:1",
      "SUMMARY:Black Friday",
      `DTSTART;VALUE=DATE:${day}`,
      "END:VEVENT",
      "END:VCALENDAR",
    ].join("\r\n");

  it("is fetched by the sweep; one that is away keeps what it said, and says so", async () => {
    await open();
    const { control } = api.simulation;
    let text: string | undefined = calendar("20261127");
    const feeds: CalendarFeeds = {
      whyNot: () => undefined,
      fetch: async () => {
        if (text === undefined) throw new OutsideError("calendar at x: answered 503", { retryable: true });
        return text;
      },
    };
    Object.assign(control.runtime, { feeds });
    const import_ = { kind: "freeze", url: ADDRESS, reason: "the trade's own calendar" };
    expect((await send("PUT", "/v1/calendar/imports/black-friday", import_)).status).toBe(200);
    const days = async () => {
      const { entries } = (await get("/v1/calendar?from=2026-11-01&to=2026-12-31")).json;
      return (entries as { from: string }[]).map(({ from }) => from.slice(0, 10));
    };
    const anHour = async () => await control.clock.advance(3_600_000);
    expect(await days()).toEqual(["2026-11-27"]);
    text = calendar("20261128");
    await anHour();
    expect(await days()).toEqual(["2026-11-28"]);
    text = undefined;
    await anHour();
    expect(await days()).toEqual(["2026-11-28"]);
    const { imports } = (await get("/v1/calendar")).json;
    expect(imports).toMatchObject([
      { host: "calendar.example.com", stale: { why: expect.stringContaining("503") } },
    ]);
    text = calendar("20261128");
    await anHour();
    await anHour();
    const after = (await get("/v1/calendar")).json.imports as { stale?: object }[];
    expect(after[0]?.stale).toBeUndefined();
    const log = await get("/v1/deployment/records");
    expect((log.json.items as { event: { type: string } }[]).map(({ event }) => event.type)).toEqual([
      "CalendarImported",
      "CalendarImported",
      "CalendarFeedFailed",
      "CalendarImported",
    ]);
    expect(log.text + (await get("/v1/calendar")).text).not.toContain("hunter2");
  });
});
